import * as Flags from '@oclif/core/flags'
import type {WriteOptions} from '../api/databases.ts'
import type {RunEvent} from '../api/events.ts'
import type {ScriptOptions} from '../api/runs/script-options.ts'
import {countTenants} from '../api/runs/tenant-errors.ts'
import type {MigrateOptions} from '../api/runs/migrate.ts'
import type {MigrateResult, StepView} from '../api/runs/results.ts'
import {formatDuration} from '../util/duration.ts'
import {hidePasswords, hidePasswordsIn} from '../util/secrets.ts'
import {dedent, listOf, plural} from '../util/text.ts'
import {BaseCommand} from './base-command.ts'
import type {CommonOptions} from './base-command.ts'
import {doneWords, lineOf} from './event-line.ts'
import type {LiveProgress} from './progress.ts'
import {hasUnicode} from './style.ts'
import {tenantFlags, tenantOptions} from './tenant-flags.ts'

type RunFlags = Parameters<BaseCommand['common']>[0] &
  Parameters<typeof tenantOptions>[0] & {
    readonly 'lock-timeout'?: string | undefined
    readonly 'json-lines': boolean
    readonly timestamps: boolean
    readonly 'create-database': boolean
    readonly tag?: string | undefined
  }

type ScriptFlags = Pick<ScriptOptions, 'dialect' | 'database'>
type MigrateFlags = RunFlags & {readonly 'dry-run': boolean}

const exitStatus = {SIGINT: 130, SIGTERM: 143} as const

/** What the commands share that change a database: progress, interruption, the sentence at the end. */
export abstract class RunCommand extends BaseCommand {
  static override baseFlags = {
    ...BaseCommand.baseFlags,
    'lock-timeout': Flags.string({
      summary: 'How long to wait for another run, as in 30s or 5min',
      helpValue: 'DURATION',
      helpGroup: 'RUN',
    }),
    tag: Flags.string({summary: 'A name for the run, which the log keeps', helpValue: 'NAME', helpGroup: 'RUN'}),
    'json-lines': Flags.boolean({
      summary: 'Print every event as a line of JSON, and the result as the last one',
      exclusive: ['json'],
      helpGroup: 'RUN',
    }),
    'create-database': Flags.boolean({summary: 'Make a database that does not exist', helpGroup: 'RUN'}),
    ...tenantFlags,
    timestamps: Flags.boolean({summary: 'Print the time in front of every line of progress', helpGroup: 'RUN'}),
  }

  readonly #start = performance.now()
  #progress: LiveProgress | undefined
  #signal: keyof typeof exitStatus | undefined

  /** Returns the options that every run takes. */
  protected async runOptions(flags: RunFlags): Promise<CommonOptions & WriteOptions> {
    const isSilent = flags.quiet || this.jsonEnabled() || flags['json-lines']
    if (process.stderr.isTTY && !isSilent && !flags.timestamps) {
      const {LiveProgress: Live} = await import('./progress.ts')
      this.#progress = new Live(process.stderr, this.paintNote, hasUnicode(process.env, process.platform))
    }
    return {
      ...this.common(flags),
      ...tenantOptions(flags),
      lockTimeout: flags['lock-timeout'],
      tag: flags.tag,
      createDatabase: flags['create-database'],
      onEvent: (event) => this.#hear(event, flags),
      signal: this.#interruption(),
    }
  }

  /** Returns the options of a run that can be only planned. */
  protected async migrateOptions(flags: MigrateFlags): Promise<CommonOptions & MigrateOptions> {
    return {...(await this.runOptions(flags)), dryRun: flags['dry-run']}
  }

  /** Returns the options of a script. */
  protected scriptOptions(flags: RunFlags & ScriptFlags): CommonOptions & ScriptOptions {
    return {...this.common(flags), tag: flags.tag, dialect: flags.dialect, database: flags.database}
  }

  /** Prints a script. */
  protected printScript<Result extends {readonly sql: string}>(result: Result): Result {
    if (!this.jsonEnabled()) process.stdout.write(result.sql)
    return result
  }

  /** Prints what a run came to. */
  protected report(result: MigrateResult, flags: MigrateFlags): MigrateResult {
    this.#endProgress()
    if (flags['json-lines']) {
      this.#printEvent({kind: 'result', ...result})
      return result
    }
    const {steps, heads, tenants} = result
    if (tenants !== undefined && !flags['dry-run']) {
      const time = formatDuration(performance.now() - this.#start)
      const counts = tenants.length === 0 ? 'there is nothing to do' : countTenants(tenants)
      this.log(`${plural(tenants.length, 'tenant')}: ${counts}, in ${time}.`)
      return result
    }
    const stands = `The database stands on ${heads.length === 0 ? 'the base' : listOf(heads, 10)}`
    if (steps.length === 0) this.log(`${stands}: there is nothing to do.`)
    else if (flags['dry-run']) this.printLines(['The plan, of which nothing was done:', ...this.formatPlan(steps)])
    else {
      const time = formatDuration(performance.now() - this.#start)
      const done = doneWords[steps[0]?.direction ?? 'upgrade']
      this.log(`${stands}: ${plural(steps.length, 'revision')} ${done} in ${time}.`)
    }
    return result
  }

  override log(message?: string): void {
    this.#endProgress()
    super.log(message)
  }

  protected override fail(error: unknown): void {
    this.#endProgress()
    super.fail(error)
    if (this.#signal !== undefined && process.exitCode === exitStatus.SIGINT)
      process.exitCode = exitStatus[this.#signal]
  }

  /** Takes the live lines away, for whatever is printed now. */
  #endProgress(): void {
    this.#progress?.end()
    this.#progress = undefined
  }

  /** Returns the steps of a plan, with the statements that are known of them. */
  protected formatPlan(steps: readonly StepView[]): string[] {
    return steps.flatMap(({direction, revision, message, heads, database, tenant, outOfOrder, statements = []}) => {
      const where = listOf([database ?? [], tenant ?? []].flat().map((name) => ` on ${name}`))
      const late = outOfOrder ? ', out of order' : ''
      const title = `${this.paint('id', revision)}${message === '' ? '' : `, ${message}`}`
      const stands = this.paint('dim', `-> ${heads.join(', ') || '<base>'}`)
      const indented = statements.map((sql) => `${hidePasswords(dedent(sql)).replaceAll(/^/gm, '      ')};`)
      return [`  ${direction}${where} ${title}${late} ${stands}`, ...indented]
    })
  }

  #hear(event: RunEvent, flags: RunFlags): void {
    if (flags['json-lines']) return this.#printEvent(event)
    const text = lineOf(event, this.paintNote)
    const line = text && hidePasswords(text)
    if (this.#progress === undefined) {
      const time = flags.timestamps ? `${new Date().toISOString()} ` : ''
      if (line !== undefined) this.note(`${time}${line}`, flags)
      return
    }
    this.#progress.hear(event)
    const isLive = event.kind === 'blocked' || event.kind === 'retry'
    if (line !== undefined && !isLive) this.#progress.print(line)
  }

  #printEvent(event: object): void {
    process.stdout.write(`${JSON.stringify(hidePasswordsIn({time: new Date().toISOString(), ...event}))}\n`)
  }

  /** The first Ctrl-C stops the run cleanly, the second one at once. */
  #interruption(): AbortSignal {
    const controller = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        this.#signal ??= signal
        process.once(signal, () => process.exit(exitStatus[signal]))
        controller.abort()
      })
    return controller.signal
  }
}

/** The flags of the commands that can only plan, or write a script. */
export const planFlags = {
  'dry-run': Flags.boolean({summary: 'Print the plan and its statements, and change nothing', exclusive: ['sql']}),
  sql: Flags.boolean({summary: 'Print a script instead, without any connection to the database'}),
  dialect: Flags.option({
    summary: 'The database that the script is for, when the configuration does not say',
    options: ['postgresql', 'sqlite', 'mariadb', 'mysql'] as const,
    dependsOn: ['sql'],
  })(),
  database: Flags.string({
    summary: 'The database that the script is for, where there are several',
    helpValue: 'NAME',
    dependsOn: ['sql'],
  }),
}
