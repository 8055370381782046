import type {StatusResult} from '../src/api/status.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import {unknownFlag, unknownOption} from '../src/cli/unknown-flag.ts'

export default class Status extends BaseCommand {
  static override summary = 'Show the state of git, the files and the database, and the next step'
  static override description = 'Without a database or git, shows the rest. Changes nothing.'
  static override examples = ['mig status', 'mig status --json']

  static override flags = unknownFlag

  override async run(): Promise<StatusResult> {
    const {flags} = await this.parse(Status)
    const {status} = await import('../src/api/status.ts')
    const {formatStatus} = await import('../src/cli/format-status.ts')
    const result = await status({
      ...this.common(flags),
      ...unknownOption(flags),
      onEvent: this.noteEvents(flags),
    })
    this.printLines(formatStatus(result, this.paint))
    return result
  }
}
