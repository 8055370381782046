import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {text} from '../src/render/safe/text.ts'

export default class Templates extends BaseCommand {
  static override summary = 'List the templates for `mig init`'
  static override examples = ['mig templates']

  override async run(): Promise<CommandResults['templates']> {
    await this.parse(Templates)
    const {templates} = await import('../src/api/files/templates.ts')
    const result = templates()
    this.printLines(
      result.templates.map(({name, description}) => text`${this.paint('id', name.padEnd(16))}${description}`),
    )
    return result
  }
}
