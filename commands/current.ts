import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {editTitle} from '../src/engine/edit-advice.ts'
import {unknownFlag, unknownOption} from '../src/cli/unknown-flag.ts'
import {tenantFlags, tenantOptions} from '../src/cli/tenant-flags.ts'
import {text} from '../src/render/safe/text.ts'
import {currentNotes, tenantsAtBase} from '../src/cli/format-current.ts'

export default class Current extends BaseCommand {
  static override summary = 'Show the current revisions of the database'
  static override examples = ['mig current', 'mig current -v', 'mig current --check-heads && echo up to date']
  static override flags = {
    verbose: Flags.boolean({char: 'v', summary: 'Print the details of each revision, and the database'}),
    ...tenantFlags,
    ...unknownFlag,
    'check-heads': Flags.boolean({summary: 'Exit with 1 unless every revision is applied'}),
  }

  override async run(): Promise<CommandResults['current']> {
    const {flags} = await this.parse(Current)
    const {current} = await import('../src/api/runs/current.ts')
    const {verbose} = flags
    const result = await current({
      ...this.common(flags),
      ...tenantOptions(flags),
      verbose,
      ...unknownOption(flags),
      onEvent: this.noteEvents(flags),
    })
    if (flags.verbose) this.note(this.paintNote('dim', [...new Set(result.databases)].join(', ')), flags)
    this.printList(result.current, flags.verbose)
    this.printLines(tenantsAtBase(result).map((tenant) => text`base (on ${tenant})`))
    for (const note of currentNotes(result)) this.note(text`${note}`, flags)
    for (const {revision, whereabouts} of flags.verbose ? [] : result.current)
      if (whereabouts !== undefined) this.note(text`${revision}: ${whereabouts}.`, flags)
    if (!result.upToDate && result.current.some(({isUnknown}) => isUnknown))
      this.note(text`\`mig status\` shows the next step.`, flags)
    // Tenants have the same files.
    const changes = [
      ...result.edited.map((one) => `${editTitle(one)}: ${one.file}.`),
      ...result.reformatted.map(
        ({revision, file}) =>
          `${revision} was reformatted after it was applied, and its operations are the same: ${file}.`,
      ),
    ]
    for (const change of new Set(changes)) this.note(text`${change}`, flags)
    if (flags['check-heads'] && !result.upToDate) process.exitCode = 1
    return result
  }
}
