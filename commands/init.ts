import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {nextAfterInit} from '../src/cli/format-init.ts'
import {text} from '../src/render/safe/text.ts'

export default class Init extends BaseCommand {
  static override summary = 'Create a configuration and a script directory'
  static override description =
    'Uses the MikroORM configuration of the project if there is one. Never overwrites a file.'
  static override examples = ['mig init', 'mig init db/migrations --template sql']
  static override args = {
    directory: Args.string({
      ignoreStdin: true,
      description: 'Script directory; default: migrations, or another if that is in use',
    }),
  }
  static override flags = {
    template: Flags.string({
      char: 't',
      summary: 'Template for revisions; `mig templates` lists them',
      default: 'generic',
    }),
    'update-imports': Flags.boolean({
      summary: "Write 'migdag' for 'mig' in the imports of an existing project",
      exclusive: ['template'],
    }),
  }

  override async run(): Promise<CommandResults['init']> {
    const {args, flags} = await this.parse(Init)
    if (flags['update-imports']) {
      const {updateImports} = await import('../src/api/init/update-imports.ts')
      const changed = await updateImports(this.common(flags))
      this.printLines(changed.map((file) => text`changed ${file}`))
      if (changed.length === 0) this.note(text`No file imports 'mig'.`, flags)
      return {changed}
    }
    const {init} = await import('../src/api/init/init.ts')
    const result = await init({directory: args.directory, template: flags.template})
    const {created, changesGitignore} = result
    this.printLines(
      created.map((file) =>
        file === '.gitignore' && changesGitignore ? text`added .mig/ to ${file}` : text`wrote ${file}`,
      ),
    )
    this.note(nextAfterInit(result, process.env), flags)
    return {created}
  }
}
