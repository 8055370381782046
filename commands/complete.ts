import * as Args from '@oclif/core/args'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {Candidate} from '../src/cli/completion/candidates.ts'
import {text} from '../src/render/safe/text.ts'

export default class Complete extends BaseCommand {
  static override summary = 'Print completions for a command line; called by the scripts of `mig completion`'
  static override hidden = true
  static override strict = false
  static override args = {
    words: Args.string({ignoreStdin: true, description: 'Words typed after `mig`'}),
  }

  override async run(): Promise<{readonly candidates: readonly Candidate[]}> {
    const {argv} = await this.parse(Complete)
    const {candidatesFor} = await import('../src/cli/completion/candidates.ts')
    const {projectNames} = await import('../src/api/names.ts')
    const words = argv.map(String)
    await this.config.load()
    const candidates = await candidatesFor(words, this.config, projectNames({}))
    this.printLines(candidates.map(({value, description}) => text`${value}\t${description}`))
    return {candidates}
  }
}
