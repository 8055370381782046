import * as Flags from '@oclif/core/flags'
import {atFlag} from '../src/cli/at-flag.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {formatStep} from '../src/cli/format-revision.ts'
import {tenantFlags, tenantOptions} from '../src/cli/tenant-flags.ts'
import {listOf} from '../src/util/text.ts'
import {text} from '../src/render/safe/text.ts'

export default class History extends BaseCommand {
  static override summary = 'List revisions, newest first'
  static override description = `A range is FROM:TO; either end may be omitted. \`current\` and -i connect to the database; \`git:REF\` means the revisions of that commit.`
  static override examples = [
    'mig history --graph',
    'mig history -r current:heads',
    'mig history -r -3:',
    'mig history --touches users.email',
    'mig history -r git:v2.3.0:heads',
    'mig history -r feature_x@base:feature_x@head -v',
  ]
  static override flags = {
    'rev-range': Flags.string({char: 'r', summary: 'Revisions to list', helpValue: 'FROM:TO'}),
    at: atFlag,
    verbose: Flags.boolean({char: 'v', summary: 'Print the details of each revision'}),
    'indicate-current': Flags.boolean({char: 'i', summary: 'Mark the current revisions of the database'}),
    all: Flags.boolean({summary: 'List the revisions that squashes replace, too'}),
    touches: Flags.string({
      summary: 'Only revisions that touch a table, column or other object; runs their code without a database',
      helpValue: 'NAME',
    }),
    graph: Flags.boolean({char: 'g', summary: 'Draw the graph'}),
    ...tenantFlags,
  }

  override async run(): Promise<CommandResults['history']> {
    const {flags} = await this.parse(History)
    const {history} = await import('../src/api/files/listings.ts')
    const {verbose} = flags
    const result = await history({
      ...this.common(flags),
      ...tenantOptions(flags),
      at: flags.at,
      range: flags['rev-range'],
      all: flags.all,
      indicateCurrent: flags['indicate-current'],
      touches: flags.touches,
      verbose,
      onEvent: this.noteEvents(flags),
    })
    if (flags.graph) {
      const {drawHistory} = await import('../src/cli/draw-history.ts')
      this.printLines(drawHistory(result.revisions, verbose, this.paint))
    } else this.printList(result.revisions, verbose, formatStep)
    const what = flags.touches === undefined ? 'in this range' : `known to touch ${flags.touches}`
    if (result.revisions.length === 0) this.note(text`No revisions ${what}.`, flags)
    const {unknown = []} = result
    if (unknown.length > 0)
      this.note(text`Could not determine what ${listOf(unknown)} ${unknown.length === 1 ? 'touches' : 'touch'}.`, flags)
    return result
  }
}
