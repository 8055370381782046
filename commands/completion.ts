import * as Args from '@oclif/core/args'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {completionScripts, shells} from '../src/cli/completion/scripts.ts'
import type {Shell} from '../src/cli/completion/scripts.ts'
import {verbatim} from '../src/render/safe/text.ts'

export default class Completion extends BaseCommand {
  static override summary = 'Print a shell completion script for commands, flags, revisions and labels'
  static override description = `For bash, add to ~/.bashrc:  eval "$(mig completion bash)"
For zsh, add to ~/.zshrc:  eval "$(mig completion zsh)"
For fish:  mig completion fish > ~/.config/fish/completions/mig.fish`
  static override examples = ['eval "$(mig completion bash)"']
  static override args = {
    shell: Args.custom<Shell>({options: [...shells]})({
      ignoreStdin: true,
      description: 'bash, zsh or fish',
      required: true,
    }),
  }

  override async run(): Promise<CommandResults['completion']> {
    const {args} = await this.parse(Completion)
    const script = completionScripts[args.shell]
    this.print(verbatim('document', script.trimEnd()))
    return {script}
  }
}
