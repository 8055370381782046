import * as Args from '@oclif/core/args'
import {atFlag} from '../src/cli/at-flag.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {text} from '../src/render/safe/text.ts'

export default class Blame extends BaseCommand {
  static override summary = 'Show the revision that gave each part of a table its current form'
  static override description = `Lists columns, constraints, indexes, triggers and policies, with author and date from git. Reads the files and needs no database; code that does more than call operations is run without one.`
  static override examples = ['mig blame users', 'mig blame users.email', 'mig blame app.users --at v2.3.0']
  static override args = {
    table: Args.string({
      ignoreStdin: true,
      description: 'Table or view, or a part of one: TABLE.COLUMN',
      required: true,
    }),
  }

  static override flags = {at: atFlag}

  override async run(): Promise<CommandResults['blame']> {
    const {args, flags} = await this.parse(Blame)
    const {blame} = await import('../src/api/files/blame.ts')
    const result = await blame({...this.common(flags), at: flags.at, table: args.table})
    const {formatBlame} = await import('../src/cli/format-blame.ts')
    this.printLines(formatBlame(result, this.paint))
    if (result.gitUnavailable !== null) this.note(text`Authors are not known: ${result.gitUnavailable}.`, flags)
    return result
  }
}
