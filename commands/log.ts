import * as Args from '@oclif/core/args'
import {atFlag} from '../src/cli/at-flag.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {text} from '../src/render/safe/text.ts'

export default class Log extends BaseCommand {
  static override summary = 'List the revisions that change a table, newest first'
  static override description = `Follows renames of the table. \`mig history\` lists all revisions. Reads the files and needs no database; code that does more than call operations is run without one.`
  static override examples = ['mig log users', 'mig log app.users --at v2.3.0']
  static override args = {
    table: Args.string({ignoreStdin: true, description: 'Table or view', required: true}),
  }

  static override flags = {at: atFlag}

  override async run(): Promise<CommandResults['log']> {
    const {args, flags} = await this.parse(Log)
    const {tableLog} = await import('../src/api/files/blame.ts')
    const result = await tableLog({...this.common(flags), at: flags.at, table: args.table})
    const {formatTableLog} = await import('../src/cli/format-blame.ts')
    this.printLines(formatTableLog(result, this.paint))
    if (result.gitUnavailable !== null) this.note(text`Authors are not known: ${result.gitUnavailable}.`, flags)
    return result
  }
}
