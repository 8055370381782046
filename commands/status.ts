import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {tenantFlags, tenantOptions} from '../src/cli/tenant-flags.ts'
import {unknownFlag, unknownOption} from '../src/cli/unknown-flag.ts'

export default class Status extends BaseCommand {
  static override summary = 'Show the state of git, the files and the database, and the next step'
  static override description = 'Without a database or git, shows the rest. Changes nothing.'
  static override examples = ['mig status', 'mig status --json']

  static override flags = {...tenantFlags, ...unknownFlag}

  override async run(): Promise<CommandResults['status']> {
    const {flags} = await this.parse(Status)
    const {status} = await import('../src/api/status.ts')
    const {formatStatus} = await import('../src/cli/format-status.ts')
    const found = await status({
      ...this.common(flags),
      ...tenantOptions(flags),
      ...unknownOption(flags),
      onEvent: this.noteEvents(flags),
    })
    const result = {...found, next: found.next && this.selecting(found.next)}
    this.printLines(formatStatus(result, this.paint))
    return result
  }
}
