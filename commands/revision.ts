import * as Flags from '@oclif/core/flags'
import type {AutogenerateOptions, AutogenerateResult} from '../src/api/models.ts'
import {askAboutRenames} from '../src/cli/ask-about-renames.ts'
import {autogenerateFlags, autogenerateOptions} from '../src/cli/autogenerate-flags.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {temporaryTexts} from '../src/cli/interruption.ts'
import {text} from '../src/render/safe/text.ts'
import {revisionFlags, revisionOptions} from '../src/cli/revision-flags.ts'

export default class Revision extends BaseCommand {
  static override summary = 'Create a revision file'
  static override description = `With --autogenerate, generates the operations that bring the database in line with the MikroORM entities. The new revision is tried out first: upgrade, downgrade, and upgrade again, without a trace. Exit status in that case: 0, also if there is no difference and no file is written; 3 if a file was written that needs a review, because the database refused part of it, something else breaks, a difference remains, or it is unclear whether something was renamed or replaced.`
  static override examples = [
    'mig revision -m "add email to users"',
    'mig revision --autogenerate -m "add students"',
    'mig revision -m "add invoices" --branch billing',
    'mig revision -m "hotfix" --head ae10 --splice',
    'mig revision -m "start billing" --head base --branch-label billing',
  ]
  static override flags = {
    ...revisionFlags,
    head: Flags.string({summary: 'Parent revision; base for none', helpValue: 'TARGET', exclusive: ['branch']}),
    branch: Flags.string({summary: 'Branch to extend; short for --head BRANCH@head', helpValue: 'BRANCH'}),
    ...autogenerateFlags,
  }

  override async run(): Promise<CommandResults['revision']> {
    const {flags} = await this.parse(Revision)
    const head = flags.branch === undefined ? flags.head : `${flags.branch}@head`
    const options = {...this.common(flags), ...revisionOptions(flags), head, isSql: flags.sql}
    if (flags.autogenerate) return this.#autogenerate({...options, ...autogenerateOptions(flags)}, flags)
    const {createRevision} = await import('../src/api/files/create-revision.ts')
    const result = await createRevision(options)
    this.printWritten(result.revision)
    if (result.revision.message === '') this.note(text`The revision has no message; \`-m "..."\` sets it.`, flags)
    return result
  }

  async #autogenerate(options: AutogenerateOptions, flags: {readonly quiet: boolean}): Promise<AutogenerateResult> {
    const {autogenerate} = await import('../src/api/models.ts')
    const {linesOfResult, needsReview, notesOfResult} = await import('../src/cli/format-autogenerate.ts')
    const ask = process.stdin.isTTY && !this.jsonEnabled() ? askAboutRenames : undefined
    const signal = this.interruptible(temporaryTexts, (line) => this.note(line, flags))
    const result = await autogenerate({...options, ask, onEvent: this.noteEvents(flags), signal})
    this.printLines(linesOfResult(result))
    for (const line of notesOfResult(result, options)) this.note(line, flags)
    if (result.revision !== null && needsReview(result)) process.exitCode = 3
    return result
  }
}
