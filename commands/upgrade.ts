import * as Args from '@oclif/core/args'
import {acceptLossFlag} from '../src/cli/accept-loss.ts'
import {planFlags, RunCommand} from '../src/cli/run-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {unknownFlag, unknownOption} from '../src/cli/unknown-flag.ts'

export default class Upgrade extends RunCommand {
  static override summary = 'Apply revisions'
  static override description =
    'Applies the target and every unapplied revision below it. Each revision runs in a transaction.'
  static override examples = [
    'mig upgrade',
    'mig upgrade heads',
    'mig upgrade feature_x@head',
    'mig upgrade +1 --dry-run',
    'mig upgrade ae10:head --sql > upgrade.sql',
  ]
  static override args = {
    target: Args.string({
      ignoreStdin: true,
      description: 'Revision, head, heads, branch label, branch@head or +1',
      default: 'head',
    }),
  }

  static override flags = {...planFlags, ...unknownFlag, ...acceptLossFlag}

  override async run(): Promise<CommandResults['upgrade']> {
    const {args, flags} = await this.parse(Upgrade)
    if (flags.sql) {
      const {upgradeSql} = await import('../src/api/runs/offline.ts')
      return this.printScript(await upgradeSql({...this.scriptOptions(flags), target: args.target}))
    }
    const {upgrade} = await import('../src/api/runs/migrate.ts')
    return this.report(
      await upgrade({
        ...(await this.migrateOptions(flags)),
        target: args.target,
        ...unknownOption(flags),
        ...this.lossOption(flags),
      }),
      flags,
    )
  }
}
