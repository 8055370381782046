import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import type {CheckResult} from '../src/api/checks/check.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {checkFormats} from '../src/cli/checks/formats.ts'
import {mergeFlags, mergeOptions} from '../src/cli/checks/merge-flags.ts'
import {namedChecks} from '../src/cli/checks/names.ts'
import {unevaluatedCheck} from '../src/cli/checks/unevaluated.ts'
import {unknownFlag, unknownOption} from '../src/cli/unknown-flag.ts'
import {temporaryTexts} from '../src/cli/interruption.ts'
import {keepYoungGenerationSmall, leaveWasmUnoptimized} from '../src/cli/v8-flags.ts'

export default class Check extends BaseCommand {
  static override summary = 'Check revisions, optionally as they would be after a merge'
  static override description = `Without names, runs all checks.
\`heads\`: no more heads than the policy allows; with --onto, after a merge evaluated in memory from git alone.
\`files\`: every file can be read, and together they form a valid graph.
\`models\`: the MikroORM entities match what the revisions create, in the database or, with --scratch, in a temporary one.
\`rehearsal\`, only by name: revisions that the upstream branch does not have run up, down, and up again; see \`mig rehearse\`.
\`commute\`, only by name: the heads, or the revisions after the name, give the same in every order, on temporary databases; \`heads --onto REF --prove\` does it for a merge. Both run the code of the revisions.
Exit status: 0 if every check passed, 1 if a check failed or could not run, 2 for wrong usage.`
  static override examples = [
    'mig check',
    'mig check models --scratch',
    'mig check heads --onto origin/main',
    'mig check heads --onto origin/main --format github',
    'mig check heads --onto origin/main --prove',
    'mig check commute ae10 27c6',
    "mig check heads --onto origin/main --refs 'refs/pull/*/head'",
  ]
  static override strict = false
  static override args = {
    names: Args.string({ignoreStdin: true, description: 'files, heads, models, rehearsal, commute'}),
  }
  static override flags = {
    ...mergeFlags,
    ...unknownFlag,
    scratch: Flags.boolean({summary: 'Compare entities with a temporary database on which the history is replayed'}),
    format: Flags.option({summary: 'Output format of the findings', options: checkFormats, default: 'text' as const})(),
  }

  override async run(): Promise<CommandResults['check']> {
    const {argv, flags} = await this.parse(Check)
    const {check} = await import('../src/api/checks/check.ts')
    const {printChecks} = await import('../src/cli/checks/print.ts')
    const {format} = flags
    const {names, targets, mayReplay} = namedChecks(argv.map(String), flags.prove)
    if (!mayReplay) leaveWasmUnoptimized()
    if (flags.refs !== undefined) keepYoungGenerationSmall()
    const print = (checks: CheckResult['checks']): void =>
      this.printLines(printChecks(this.selected(checks), format, this.paint, new Date()))
    const result = await check({
      ...this.common(flags),
      ...{...mergeOptions(flags), names, targets, scratch: flags.scratch},
      ...unknownOption(flags),
      onEvent: this.noteEvents(flags),
      signal: this.interruptible(temporaryTexts, (line) => this.note(line, flags)),
    }).catch((error: unknown) => {
      // An empty report would look like one without findings.
      print([unevaluatedCheck(names, error, format)])
      throw error
    })
    print(result.checks)
    if (result.checks.some(({ok}) => !ok)) process.exitCode = 1
    return result
  }
}
