import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {acceptLossFlag} from '../src/cli/accept-loss.ts'
import {planFlags, RunCommand} from '../src/cli/run-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {unknownFlag, unknownOption} from '../src/cli/unknown-flag.ts'

export default class Downgrade extends RunCommand {
  static override summary = 'Revert revisions'
  static override description =
    'Reverts every revision above the target, newest first. Revisions that depend on a reverted one are reverted too.'
  static override examples = [
    'mig downgrade -1',
    'mig downgrade ae10',
    'mig downgrade feature_x@-1',
    'mig downgrade base --dry-run',
    'mig downgrade head:ae10 --sql > downgrade.sql',
  ]
  static override args = {
    target: Args.string({
      ignoreStdin: true,
      description: 'Revision, base, -1, branch@-1 or branch@base',
      required: true,
    }),
  }

  static override flags = {
    ...planFlags,
    ...unknownFlag,
    ...acceptLossFlag,
    baseline: Flags.boolean({summary: 'Allow a baseline to be reverted, which drops everything'}),
  }

  override async run(): Promise<CommandResults['downgrade']> {
    const {args, flags} = await this.parse(Downgrade)
    if (flags.sql) {
      const {downgradeSql} = await import('../src/api/runs/offline.ts')
      return this.printScript(
        await downgradeSql({...this.scriptOptions(flags), target: args.target, baseline: flags.baseline}),
      )
    }
    const {downgrade} = await import('../src/api/runs/migrate.ts')
    return this.report(
      await downgrade({
        ...(await this.migrateOptions(flags)),
        target: args.target,
        baseline: flags.baseline,
        ...unknownOption(flags),
        ...this.lossOption(flags),
      }),
      flags,
    )
  }
}
