import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import {checkFormats} from '../src/cli/checks/formats.ts'
import {unevaluatedCheck} from '../src/cli/checks/unevaluated.ts'
import {temporaryTexts} from '../src/cli/interruption.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {text} from '../src/render/safe/text.ts'
import {plural} from '../src/util/text.ts'

export default class Rehearse extends BaseCommand {
  static override summary = 'Run revisions up, down, and up again on a temporary database'
  static override description = `Replays the history below the revisions, then runs each one up, down, and up again, and compares the catalogues. A second pass has generated rows in the tables that a revision touches.
Without RANGE, rehearses the revisions that the upstream branch does not have; without git or an upstream branch, the whole history. A range is FROM:TO; either end may be omitted, and \`git:REF\` means the revisions of that commit.
The databases of the project are neither read nor changed. Runs the code of the revisions.
Exit status: 0 without errors, 1 if a step fails, differs or is not undone, 2 for wrong usage.`
  static override examples = [
    'mig rehearse',
    'mig rehearse --all',
    'mig rehearse git:origin/main:heads',
    'mig rehearse --format github',
    'mig rehearse --clean',
  ]
  static override args = {range: Args.string({ignoreStdin: true, description: 'revisions to rehearse: FROM:TO'})}
  static override flags = {
    all: Flags.boolean({summary: 'Rehearse the whole history'}),
    clean: Flags.boolean({
      summary: 'Remove the databases that rehearsals keep to be faster, and rehearse nothing',
      exclusive: ['all', 'format'],
    }),
    format: Flags.option({summary: 'Output format of the findings', options: checkFormats, default: 'text' as const})(),
  }

  override async run(): Promise<CommandResults['rehearse']> {
    const {args, flags} = await this.parse(Rehearse)
    const [{rehearse}, {checkOf}, {printChecks}] = await Promise.all([
      import('../src/api/runs/rehearse.ts'),
      import('../src/api/checks/check-rehearsal.ts'),
      import('../src/cli/checks/print.ts'),
    ])
    const {all, clean, format} = flags
    const result = await rehearse({
      ...this.common(flags),
      ...{range: args.range, all, clean},
      onEvent: this.noteEvents(flags),
      signal: this.interruptible(temporaryTexts, (line) => this.note(line, flags)),
    }).catch((error: unknown) => {
      // An empty report would look like one without findings.
      this.printLines(printChecks([unevaluatedCheck(['rehearsal'], error, format)], format, this.paint, new Date()))
      throw error
    })
    if (result.removed !== undefined) {
      this.printLines([text`${plural(result.removed, 'kept database')} removed`])
      return result
    }
    if (result.databases.length === 0)
      this.note(
        text`Nothing to rehearse: the upstream branch has all revisions. \`mig rehearse --all\` rehearses them.`,
        flags,
      )
    if (format === 'text') {
      const {formatRehearsal} = await import('../src/cli/format-rehearsal.ts')
      this.printLines(formatRehearsal(result, this.paint))
    }
    this.printLines(printChecks([checkOf(result)], format, this.paint, new Date()))
    if (!result.ok) process.exitCode = 1
    return result
  }
}
