import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import type {CheckResult} from '../src/api/checks/check.ts'
import {BaseCommand} from '../src/cli/base-command.ts'

export default class Check extends BaseCommand {
  static override summary = 'Check the revisions, also as they would be after a merge'
  static override description = `Without names, all checks run. \`heads\`: not more heads than the policy allows; with --onto, after a merge that
is done in memory, from the files of git alone. \`files\`: every file can be read, and together they are a graph.
\`models\`: the entities of MikroORM describe what the revisions make, in the database or, with --scratch, in one made
for it.
Exit status: 0 when all is well, 1 when something was found or could not be evaluated, 2 for wrong usage.`
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> models --scratch',
    '<%= config.bin %> <%= command.id %> heads --onto origin/main',
    '<%= config.bin %> <%= command.id %> heads --onto origin/main --format github',
    "<%= config.bin %> <%= command.id %> heads --onto origin/main --refs 'refs/pull/*/head'",
  ]
  static override strict = false
  static override args = {names: Args.string({description: 'files, heads, models'})}
  static override flags = {
    onto: Flags.string({summary: 'The branch that would be merged into', helpValue: 'REF'}),
    'head-ref': Flags.string({
      summary: 'What would be merged; HEAD when left out',
      helpValue: 'REF',
      dependsOn: ['onto'],
    }),
    refs: Flags.string({
      summary: 'Check all refs that fit, each by itself: * is anything but a slash',
      helpValue: 'GLOB',
      dependsOn: ['onto'],
      exclusive: ['head-ref'],
    }),
    scratch: Flags.boolean({summary: 'Replay the history on a database made for it, to compare with entities'}),
    format: Flags.option({
      summary: 'How findings are printed',
      options: ['text', 'github', 'sarif', 'markdown'] as const,
      default: 'text' as const,
    })(),
  }

  override async run(): Promise<CheckResult> {
    const {argv, flags} = await this.parse(Check)
    const {check} = await import('../src/api/checks/check.ts')
    const {printChecks} = await import('../src/cli/checks/print.ts')
    const {onto, refs, format} = flags
    const result = await check({
      ...this.common(flags),
      ...{names: argv.map(String), onto, refs, headRef: flags['head-ref'], scratch: flags.scratch},
      onEvent: this.noteEvents(flags),
    })
    this.printLines(printChecks(result.checks, format, this.paint, new Date()))
    if (result.checks.some(({ok}) => !ok)) process.exitCode = 1
    return result
  }
}
