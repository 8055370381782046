import * as Flags from '@oclif/core/flags'
import type {AutogenerateOptions, AutogenerateResult} from '../src/api/autogenerate.ts'
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
    autogenerate: Flags.boolean({summary: 'Write what makes the database be as the entities say'}),
    'allow-empty': Flags.boolean({
      summary: 'Write a file even when there is no difference',
      dependsOn: ['autogenerate'],
    }),
  }

  override async run(): Promise<{readonly revision: RevisionView | null}> {
    const {flags} = await this.parse(Revision)
    const head = flags.branch === undefined ? flags.head : `${flags.branch}@head`
    const options = {...this.common(flags), ...revisionOptions(flags), head}
    if (flags.autogenerate) return this.#autogenerate({...options, allowEmpty: flags['allow-empty']}, flags)
    const {createRevision} = await import('../src/api/create-revision.ts')
    const result = await createRevision(options)
    this.printWritten(result.revision)
    return result
  }

  async #autogenerate(options: AutogenerateOptions, flags: {readonly quiet: boolean}): Promise<AutogenerateResult> {
    const {autogenerate} = await import('../src/api/autogenerate.ts')
    const result = await autogenerate({...options, onEvent: this.noteEvents(flags)})
    this.printLines(result.detected.map(({text}) => text))
    if (result.revision === null) this.log('There is no difference: nothing was written.')
    else this.printWritten(result.revision)
    return result
  }
}
