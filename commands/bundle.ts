import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {text} from '../src/render/safe/text.ts'

export default class Bundle extends BaseCommand {
  static override summary = 'Write the history as one module that an application runs without its files'
  static override description = `The module contains the text and the code of every revision, and the settings that a run depends on:
\`import bundle from './history.mjs'; await upgrade({bundle, orm})\`. Code is bundled with the project's esbuild; packages
remain imports. With --check, the exit status is 1 if the file is out of date.`
  static override examples = ['mig bundle --out history.mjs', 'mig bundle --out history.mjs --check']
  static override flags = {
    out: Flags.string({summary: 'File to write: .mjs, .js, .mts or .ts', helpValue: 'FILE', required: true}),
    check: Flags.boolean({summary: 'Write nothing; fail if the file is missing or out of date'}),
  }

  override async run(): Promise<CommandResults['bundle']> {
    const {flags} = await this.parse(Bundle)
    const {bundle} = await import('../src/api/files/bundle.ts')
    const result = await bundle({...this.common(flags), out: flags.out, check: flags.check})
    if (result.state === 'out of date') {
      process.exitCode = 1
      this.note(text`\`mig bundle --out ${result.file}\` writes it.`, flags)
    }
    this.print(result.state === 'written' ? text`wrote ${result.file}` : text`${result.file} is ${result.state}`)
    return result
  }
}
