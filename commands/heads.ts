import * as Flags from '@oclif/core/flags'
import {atFlag} from '../src/cli/at-flag.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {text} from '../src/render/safe/text.ts'

export default class Heads extends BaseCommand {
  static override summary = 'List the heads of the script directory'
  static override description = 'A head is a revision without children. Does not connect to a database.'
  static override examples = ['mig heads', 'mig heads -v --resolve-dependencies', 'mig heads --at origin/main']
  static override flags = {
    at: atFlag,
    verbose: Flags.boolean({char: 'v', summary: 'Print the details of each revision'}),
    write: Flags.boolean({summary: 'Write the heads file named by the policy', exclusive: ['at']}),
    'resolve-dependencies': Flags.boolean({summary: 'Omit heads that another revision depends on'}),
  }

  override async run(): Promise<CommandResults['heads']> {
    const {flags} = await this.parse(Heads)
    const {heads} = await import('../src/api/files/listings.ts')
    const {verbose} = flags
    const result = await heads({
      ...this.common(flags),
      at: flags.at,
      verbose,
      write: flags.write,
      resolveDependencies: flags['resolve-dependencies'],
    })
    this.printList(result.heads, verbose)
    if (result.heads.length === 0)
      this.note(text`There are no revisions yet. \`mig revision -m "..."\` creates one.`, flags)
    return result
  }
}
