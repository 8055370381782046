import {CLIError} from '@oclif/core/errors'
import * as Flags from '@oclif/core/flags'
import {dialectNames} from '../dialects/dialect.ts'
import type {WriteOptions} from '../engine/databases.ts'
import type {RunEvent} from '../api/events.ts'
import type {ScriptOptions} from '../engine/script-options.ts'
import {countTenants} from '../engine/tenants/tenant-errors.ts'
import type {LossOptions} from '../engine/losses.ts'
import type {MigrateOptions} from '../engine/migrate.ts'
import type {MigrateResult, StepView} from '../engine/results.ts'
import {formatDuration, parseDuration} from '../util/duration.ts'
import {hidePasswords} from '../util/secrets.ts'
import {dedent, listOf, plural} from '../util/text.ts'
import {linesOf, text, verbatim} from '../render/safe/text.ts'
import type {Format, SafeText} from '../render/safe/text.ts'
import {acceptLossOption, lossLines} from './accept-loss.ts'
import {BaseCommand} from './base-command.ts'
import type {CommonOptions} from './base-command.ts'
import {doneWords, lineOf} from './event-line.ts'
import type {RunResult} from './json-output.ts'
import {printJsonLine} from './output.ts'
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

const interruptionTexts = {
  first: 'Interrupting the running statement.',
  second:
    'Ended at once; the server may still finish what was sent. Run `mig current` a little later to see what is applied.',
}

/** Base of commands that change a database: progress, interruption, final message. */
export abstract class RunCommand extends BaseCommand {
  static override baseFlags = {
    ...BaseCommand.baseFlags,
    'lock-timeout': Flags.string({
      summary: 'How long to wait for another run, e.g. 30s or 5min',
      helpValue: 'DURATION',
      helpGroup: 'RUN',
      parse: async (duration) => {
        if (parseDuration(duration) !== undefined) return duration
        throw new CLIError(`--lock-timeout takes a duration such as 30s or 5min, but received ${duration}`)
      },
    }),
    tag: Flags.string({summary: 'Name of the run, recorded in the log', helpValue: 'NAME', helpGroup: 'RUN'}),
    'json-lines': Flags.boolean({
      summary: 'Print each event as a line of JSON, ending with the result or the error',
      exclusive: ['json'],
      helpGroup: 'RUN',
    }),
    'create-database': Flags.boolean({summary: 'Create the database if it does not exist', helpGroup: 'RUN'}),
    ...tenantFlags,
    timestamps: Flags.boolean({summary: 'Prefix progress lines with the time', helpGroup: 'RUN'}),
  }

  readonly #start = performance.now()
  /** When the lock was taken and the revisions were loaded. */
  #runStart = this.#start
  #progress: LiveProgress | undefined

  /** Returns the options that every run takes. */
  protected async runOptions(flags: RunFlags): Promise<CommonOptions & WriteOptions> {
    const isSilent = flags.quiet || this.jsonEnabled() || flags['json-lines']
    if (process.stderr.isTTY && process.stderr.columns > 0 && !isSilent && !flags.timestamps) {
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
      signal: this.interruptible(interruptionTexts, (line) => this.#say(line, flags)),
    }
  }

  /** Returns the options of a run that can be only planned. */
  protected async migrateOptions(flags: MigrateFlags): Promise<CommonOptions & MigrateOptions> {
    return {...(await this.runOptions(flags)), dryRun: flags['dry-run']}
  }

  /** Returns the option of a run that may lose data. */
  protected lossOption(flags: RunFlags & {readonly yes: boolean}): Pick<LossOptions, 'acceptLoss'> {
    return {acceptLoss: acceptLossOption(flags, !this.jsonEnabled() && !flags['json-lines'], this.paintNote)}
  }

  /** Returns the options of a script. */
  protected scriptOptions(flags: RunFlags & ScriptFlags): CommonOptions & ScriptOptions {
    return {...this.common(flags), tag: flags.tag, dialect: flags.dialect, database: flags.database}
  }

  /** Prints a script. */
  protected printScript<Result extends {readonly sql: string}>(result: Result): Result {
    this.print(verbatim('document', result.sql.trimEnd()))
    return result
  }

  /** Prints the result of a run. */
  protected report(result: MigrateResult, flags: MigrateFlags): MigrateResult {
    const {steps, tenants} = result
    if (tenants !== undefined && !flags['dry-run']) {
      const time = formatDuration(performance.now() - this.#start)
      const counts = tenants.length === 0 ? 'nothing to do' : countTenants(tenants)
      this.print(text`${plural(tenants.length, 'tenant')}: ${counts}, in ${time}.`)
      return result
    }
    const stands = standing(result)
    if (steps.length === 0) this.print(text`${stands}; nothing to do.`)
    else if (flags['dry-run']) this.printLines([text`Dry run; nothing was executed:`, ...this.formatPlan(steps)])
    else {
      const time = formatDuration(performance.now() - this.#runStart)
      this.print(text`${stands}: ${doneBy(steps)} in ${time}.`)
    }
    return result
  }

  protected override print(printed: SafeText<Format>): void {
    this.#endProgress()
    if (!this.hasJsonLines()) super.print(printed)
  }

  protected override async _run<Result>(): Promise<Result> {
    const result = await super._run<Result>()
    // There is none after an error, which is the last line then.
    if (result !== undefined && this.hasJsonLines()) printJsonLine({kind: 'result', ...(result as RunResult)})
    return result
  }

  protected override fail(error: unknown): void {
    this.#endProgress()
    super.fail(error)
  }

  /** Clears the live lines before printing. */
  #endProgress(): void {
    this.#progress?.end()
    this.#progress = undefined
  }

  /** Returns the steps of a plan with their known statements. */
  protected formatPlan(steps: readonly StepView[]): SafeText[] {
    return steps.flatMap(
      ({direction, revision, message, heads, database, tenant, outOfOrder, removed, more, losses, statements = []}) => {
        const where = listOf([database ?? [], tenant ?? []].flat().map((name) => ` on ${name}`))
        const late = outOfOrder ? ', out of order' : ''
        const title = text`${this.paint('id', revision)}${message === '' ? '' : `, ${message}`}`
        const after = heads.join(', ') || 'base'
        const arrow = after === revision ? '' : this.paint('dim', ` -> ${after}`)
        const indented = statements.flatMap((sql) => linesOf(`${hidePasswords(dedent(sql))};`))
        const verb = removed === undefined ? direction : 'remove'
        return [
          text`  ${verb}${where} ${title}${late}${arrow}`,
          ...lossLines({losses: losses ?? []}, this.paint).map((line) => text`      ${line}`),
          ...indented.map((line) => text`      ${line}`),
          ...(more === undefined ? [] : [this.paint('dim', `      -- ${moreText(more)}`)]),
        ]
      },
    )
  }

  #hear(event: RunEvent, flags: RunFlags): void {
    if (event.kind === 'run-start') this.#runStart = performance.now()
    if (flags['json-lines']) return printJsonLine(event)
    this.#progress?.hear(event)
    const isLive = this.#progress !== undefined && (event.kind === 'blocked' || event.kind === 'retry')
    const line = lineOf(event, this.paintNote)
    if (line !== undefined && !isLive) this.#say(verbatim('terminal', hidePasswords(line.value)), flags)
  }

  /** Prints a line between the progress. */
  #say(line: SafeText, flags: RunFlags): void {
    if (flags['json-lines']) return
    if (this.#progress !== undefined) return this.#progress.print(line)
    const time = flags.timestamps ? `${new Date().toISOString()} ` : ''
    this.note(text`${time}${line}`, flags)
  }
}

/** Returns a sentence about statements that are not known before the run. */
function moreText({reason, place}: NonNullable<StepView['more']>): string {
  switch (reason) {
    case 'query':
      return `More statements may follow: ${place} waits for the database.`
    case 'rebuild':
      return `${place} may rebuild a table; its statements are known when it runs.`
  }
}

/** Returns where the databases are after a run, as the beginning of a sentence. */
function standing({heads, databases = []}: MigrateResult): string {
  const isSame = new Set(databases.map((one) => one.heads.toSorted().join(' '))).size < 2
  return isSame
    ? `The database is at ${headNames(heads)}`
    : listOf(databases.map((one) => `${one.database} is at ${headNames(one.heads)}`))
}

const headNames = (heads: readonly string[]): string => (heads.length === 0 ? 'base' : listOf(heads, 10))

/** Returns the summary of executed steps: "2 revisions applied". */
function doneBy(steps: readonly StepView[]): string {
  if (steps[0]?.direction !== 'stamp')
    return `${plural(steps.length, 'revision')} ${doneWords[steps[0]?.direction ?? 'upgrade']}`
  const changes = {
    'added to': steps.flatMap(({recorded}) => recorded?.added ?? []).length,
    'removed from': steps.flatMap(({recorded}) => recorded?.removed ?? []).length,
  }
  const done = Object.entries(changes).filter(([, count]) => count > 0)
  return `${listOf(done.map(([verb, count]) => `${plural(count, 'revision')} ${verb}`))} the version table`
}

/** The flags of the commands that can only plan, or write a script. */
export const planFlags = {
  'dry-run': Flags.boolean({summary: 'Print the plan and its statements without executing them', exclusive: ['sql']}),
  sql: Flags.boolean({summary: 'Print a SQL script instead of connecting to the database'}),
  dialect: Flags.option({
    summary: 'Dialect of the script, if the configuration does not determine it',
    options: dialectNames,
    dependsOn: ['sql'],
  })(),
  database: Flags.string({
    summary: 'Database the script is for, if there are several',
    helpValue: 'NAME',
    dependsOn: ['sql'],
  }),
}
