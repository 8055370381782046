import {Command} from '@oclif/core/command'
import {CLIError} from '@oclif/core/errors'
import * as Flags from '@oclif/core/flags'
import type {Input, ParserOutput} from '@oclif/core/interfaces'
import type {RevisionView} from '../engine/views.ts'
import type {RunEvent} from '../api/events.ts'
import {json} from '../render/safe/json.ts'
import {joined, text, verbatim} from '../render/safe/text.ts'
import type {Format, SafeText} from '../render/safe/text.ts'
import {trustingCode} from '../engine/trusted-code.ts'
import type {Check} from '../api/checks/check-options.ts'
import {completeHints} from './checks/complete-hints.ts'
import {asStarted} from './invocation.ts'
import {failureOf} from './failure.ts'
import {formatDetails, formatTitle} from './format-revision.ts'
import {Interruption} from './interruption.ts'
import type {InterruptionTexts} from './interruption.ts'
import {printFailure} from './output.ts'
import {selecting, selectionOf, withSelection} from './repeat-flags.ts'
import type {SelectionFlags} from './repeat-flags.ts'
import {print, printNote, reserveStdout} from './stdout.ts'
import {painter} from './style.ts'
import type {Paint} from './style.ts'
import {endProcess, refuseCaught, watchProcess} from './watch-process.ts'

/** The flags that every command has, as they were given. */
interface GlobalFlags {
  readonly config?: string | undefined
  readonly name?: string | undefined
  readonly x?: readonly (readonly [key: string, value: string])[] | undefined
  readonly quiet: boolean
}

/** The options that every use case takes. */
export interface CommonOptions {
  readonly config: string | undefined
  readonly environment: string | undefined
  readonly x: Readonly<Record<string, string>>
}

type Values = Record<string, unknown>

const group = 'GLOBAL'

/**
 * Base of all commands: global flags, data on stdout, notes on stderr, and the mapping of errors to messages and exit
 * codes.
 */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true
  static override baseFlags = {
    config: Flags.string({
      char: 'c',
      summary: 'Configuration file (default: the nearest one)',
      helpValue: 'FILE',
      helpGroup: group,
      env: 'MIG_CONFIG',
    }),
    name: Flags.string({
      char: 'n',
      summary: 'Environment of the configuration to use',
      helpValue: 'ENVIRONMENT',
      helpGroup: group,
      env: 'MIG_ENVIRONMENT',
    }),
    x: Flags.custom<readonly [key: string, value: string]>({
      char: 'x',
      summary: 'Argument passed to the configuration and to revisions (can be repeated)',
      helpValue: 'KEY=VALUE',
      helpGroup: group,
      multiple: true,
      multipleNonGreedy: true,
      parse: async (pair) => {
        const at = pair.indexOf('=')
        if (at < 1) throw new CLIError(`-x takes key=value, but received ${pair}`)
        return [pair.slice(0, at), pair.slice(at + 1)]
      },
    })(),
    quiet: Flags.boolean({char: 'q', summary: 'Suppress progress and notes', helpGroup: group}),
    'no-color': Flags.boolean({summary: 'Disable colors', helpGroup: group}),
    debug: Flags.boolean({summary: 'Print stack traces of errors', helpGroup: group}),
  }

  /** Styles text for stdout. */
  protected readonly paint: Paint = painter(process.stdout)
  /** Styles text for stderr. */
  protected readonly paintNote: Paint = painter(process.stderr)

  #interruption: Interruption | undefined
  #selection: SelectionFlags = {project: '', tenants: ''}

  /** Returns a signal that is aborted by Ctrl-C. */
  protected interruptible(texts: InterruptionTexts, say: (text: SafeText) => void): AbortSignal {
    this.#interruption ??= new Interruption(texts, say)
    return this.#interruption.signal
  }

  /** Runs the command; oclif's own `run` would load its configuration first. */
  async execute(): Promise<unknown> {
    try {
      return await trustingCode(async () => this._run())
    } finally {
      endProcess((error) => this.fail(error))
    }
  }

  // Not that of oclif, which warns about deprecated commands.
  override async init(): Promise<void> {
    // styleText asks the environment at every call.
    if (this.argv.includes('--no-color')) process.env['NO_COLOR'] = '1'
    reserveStdout()
    watchProcess((error) => this.fail(error))
  }

  override async finally(thrown: Error | undefined): Promise<void> {
    if (thrown === undefined) refuseCaught()
    await super.finally(thrown)
  }

  protected override async parse<F extends Values, B extends Values, A extends Values>(
    options?: Input<F, B, A>,
    argv?: string[],
  ): Promise<ParserOutput<F, B, A>> {
    const output = await super.parse(options, argv)
    this.#selection = selectionOf(output.raw)
    return output
  }

  /** Returns a command that selects the same databases as this one, and starts mig in the same way. */
  protected selecting(command: string): string {
    return asStarted(selecting(command, this.#selection))
  }

  /** Returns checks whose hints have such commands. */
  protected selected(checks: readonly Check[]): readonly Check[] {
    return completeHints(checks, (hint) => withSelection(hint, this.#selection))
  }

  /** Returns the global flags as the options of a use case. */
  protected common(flags: GlobalFlags): CommonOptions {
    return {config: flags.config, environment: flags.name, x: Object.fromEntries(flags.x ?? [])}
  }

  /** Prints a note to stderr, unless --quiet is given. */
  protected note(note: SafeText, flags: Pick<GlobalFlags, 'quiet'>): void {
    if (flags.quiet || this.jsonEnabled()) return
    printNote(verbatim('terminal', withSelection(note.value, this.#selection)))
  }

  /** Prints the notes among the events of a run. */
  protected noteEvents(flags: Pick<GlobalFlags, 'quiet'>): (event: RunEvent) => void {
    return (event) => {
      if (event.kind === 'note') this.note(this.paintNote('dim', event.text), flags)
    }
  }

  /** Prints revisions to stdout, one on a line or, when more is wanted, one in a paragraph. */
  protected printList(
    views: readonly RevisionView[],
    verbose: boolean,
    format: (view: RevisionView, paint: Paint) => SafeText = formatTitle,
  ): void {
    if (verbose)
      this.printLines(views.flatMap((view, i) => [...(i > 0 ? [text``] : []), ...formatDetails(view, this.paint)]))
    else this.printLines(views.map((view) => format(view, this.paint)))
  }

  /** Prints a revision that was written. */
  protected printWritten(view: RevisionView): void {
    this.print(text`wrote ${view.file ?? ''}`)
  }

  /** Prints lines to stdout, all at once. */
  protected printLines(lines: readonly SafeText<Format>[]): void {
    if (lines.length > 0) this.print(joined(lines, '\n'))
  }

  /** Prints a text to stdout, unless JSON was asked for. */
  protected print(printed: SafeText<Format>): void {
    if (!this.jsonEnabled()) print(printed)
  }

  /** Whether stdout is lines of JSON. */
  protected hasJsonLines(): boolean {
    return this.argv.includes('--json-lines')
  }

  override logJson(value: unknown): void {
    print(json(value, 2))
  }

  protected override async catch(error: unknown): Promise<void> {
    this.fail(error)
  }

  /** Reports an error, and sets the exit status. */
  protected fail(error: unknown): void {
    const failure = failureOf(error, this.id?.replaceAll(':', ' '))
    process.exitCode = this.#interruption?.statusOf(failure.exitCode) ?? failure.exitCode
    const hint = failure.hint && withSelection(failure.hint, this.#selection)
    printFailure(
      {...failure, hint},
      {
        isJson: this.jsonEnabled(),
        isJsonLines: this.hasJsonLines(),
        isDebug: this.argv.includes('--debug'),
      },
    )
  }
}
