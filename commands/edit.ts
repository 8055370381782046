import * as Args from '@oclif/core/args'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {text} from '../src/render/safe/text.ts'

export default class Edit extends BaseCommand {
  static override summary = 'Open revision files in an editor'
  static override description = 'Uses $VISUAL or $EDITOR.'
  static override examples = ['mig edit head', 'mig edit ae10']
  static override args = {
    target: Args.string({
      ignoreStdin: true,
      description: 'Revision, head, heads, branch label or current',
      required: true,
    }),
  }

  override async run(): Promise<CommandResults['edit']> {
    const {args, flags} = await this.parse(Edit)
    const {show} = await import('../src/api/files/listings.ts')
    const {openEditor} = await import('../src/cli/editor.ts')
    const result = await show({...this.common(flags), target: args.target, onEvent: this.noteEvents(flags)})
    const files = result.revisions.flatMap((view) => view.file ?? [])
    if (files.length > 0) await openEditor(files, process.env)
    else this.note(text`${args.target} has no file.`, flags)
    return result
  }
}
