import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import type {InitResult} from '../src/api/init/init.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {nextAfterInit} from '../src/cli/format-init.ts'
import {text} from '../src/render/safe/text.ts'

export default class Init extends BaseCommand {
  static override summary = 'Create a configuration and a script directory'
  static override description =
    'Uses the MikroORM configuration of the project if there is one. Never overwrites a file.'
  static override examples = ['mig init', 'mig init db/migrations --template sql', 'mig init --agents']
  static override args = {
    directory: Args.string({
      ignoreStdin: true,
      description: 'Script directory; default: migrations, or another if that is in use',
    }),
  }
  static override flags = {
    template: Flags.string({
      char: 't',
      summary: 'Template for revisions; `mig templates` lists them (default: generic)',
    }),
    agents: Flags.boolean({summary: 'Describe mig to coding agents in AGENTS.md, also in an existing project'}),
    'update-imports': Flags.boolean({
      summary: "Write 'migdag' for 'mig' in the imports of an existing project",
      exclusive: ['template', 'agents'],
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
    const options = {directory: args.directory, template: flags.template}
    if (flags.agents) {
      const {initAgents} = await import('../src/api/init/agents.ts')
      const {project, file, change} = await initAgents({...this.common(flags), ...options})
      if (project !== null) this.#report(project, flags)
      if (change === 'none') this.note(text`${file} is up to date.`, flags)
      else this.print(text`${change === 'created' ? 'wrote' : 'changed'} ${file}`)
      const files = {created: [] as string[], changed: [] as string[], none: [] as string[]}
      files[change].push(file)
      return {created: [...(project?.created ?? []), ...files.created], changed: files.changed}
    }
    const {init} = await import('../src/api/init/init.ts')
    const result = await init(options)
    this.#report(result, flags)
    return {created: result.created}
  }

  #report(result: InitResult, flags: {readonly quiet: boolean}): void {
    const {created, changesGitignore} = result
    this.printLines(
      created.map((file) =>
        file === '.gitignore' && changesGitignore ? text`added .mig/ to ${file}` : text`wrote ${file}`,
      ),
    )
    this.note(nextAfterInit(result, process.env), flags)
  }
}
