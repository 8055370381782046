import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {revisionFlags, revisionOptions} from '../src/cli/revision-flags.ts'
import Branches from './branches.ts'

export default class Branch extends BaseCommand {
  static override summary = 'Start a branch: write its first revision, with a label'
  static override description = 'Without a name, lists branch points like `mig branches`.'
  static override examples = [
    'mig branch feature_x',
    'mig branch hotfix --from ae10 -m "fix production"',
    'mig branch billing --from base',
  ]
  static override args = {
    name: Args.string({ignoreStdin: true, description: 'The label of the branch'}),
  }
  static override flags = {
    ...{message: revisionFlags.message, 'depends-on': revisionFlags['depends-on'], 'rev-id': revisionFlags['rev-id']},
    'version-path': revisionFlags['version-path'],
    from: Flags.string({
      summary: 'Parent of the first revision; base starts an independent branch',
      helpValue: 'TARGET',
    }),
    verbose: Flags.boolean({char: 'v', summary: 'Print the details of each branch point'}),
  }

  override async run(): Promise<CommandResults['branch']> {
    const {args, flags} = await this.parse(Branch)
    if (args.name === undefined) return new Branches(this.argv, this.config).run()
    const {branch} = await import('../src/api/files/create-revision.ts')
    const result = await branch({...this.common(flags), ...revisionOptions(flags), name: args.name, from: flags.from})
    this.printWritten(result.revision)
    return result
  }
}
