import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import {text} from '../src/render/safe/text.ts'

export default class Init extends BaseCommand {
  static override summary = 'Create a configuration and a script directory'
  static override description =
    'Uses the MikroORM configuration of the project if there is one. Never overwrites a file.'
  static override examples = ['mig init', 'mig init db/migrations --template sql']
  static override args = {
    directory: Args.string({ignoreStdin: true, description: 'Script directory', default: 'migrations'}),
  }
  static override flags = {
    template: Flags.string({
      char: 't',
      summary: 'Template for revisions; `mig templates` lists them',
      default: 'generic',
    }),
  }

  override async run(): Promise<{readonly created: readonly string[]}> {
    const {args, flags} = await this.parse(Init)
    const {init} = await import('../src/api/files/init.ts')
    const {created, runner, orm} = await init({directory: args.directory, template: flags.template})
    this.printLines(created.map((file) => text`wrote ${file}`))
    const configured = orm === null ? 'the embedded PostgreSQL in .mig/pgdata' : `the database of ${orm}`
    const database = process.env['MIG_DATABASE_URL'] ? 'the database in MIG_DATABASE_URL' : configured
    this.note(text`Next, on ${database}:\n  ${runner} revision -m "create users"\n  ${runner} upgrade`, flags)
    return {created}
  }
}
