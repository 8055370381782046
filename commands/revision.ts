import * as Flags from '@oclif/core/flags'
import type {RevisionView} from '../src/api/views.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import {revisionFlags, revisionOptions} from '../src/cli/revision-flags.ts'

export default class Revision extends BaseCommand {
  static override summary = 'Write a new revision file'
  static override examples = [
    '<%= config.bin %> <%= command.id %> -m "add email to users"',
    '<%= config.bin %> <%= command.id %> -m "add invoices" --branch billing',
    '<%= config.bin %> <%= command.id %> -m "hotfix" --head ae10 --splice',
    '<%= config.bin %> <%= command.id %> -m "start billing" --head base --branch-label billing',
  ]
  static override flags = {
    ...revisionFlags,
    head: Flags.string({summary: 'What it comes after; base for nothing', helpValue: 'TARGET', exclusive: ['branch']}),
    branch: Flags.string({summary: 'The branch it goes on: short for --head BRANCH@head', helpValue: 'BRANCH'}),
  }

  override async run(): Promise<{readonly revision: RevisionView}> {
    const {flags} = await this.parse(Revision)
    const {createRevision} = await import('../src/api/create-revision.ts')
    const head = flags.branch === undefined ? flags.head : `${flags.branch}@head`
    const result = await createRevision({...this.common(flags), ...revisionOptions(flags), head})
    this.printWritten(result.revision)
    return result
  }
}
