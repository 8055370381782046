import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {planFlags, RunCommand} from '../src/cli/run-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {text} from '../src/render/safe/text.ts'

export default class Stamp extends RunCommand {
  static override summary = 'Set the recorded state without running revisions'
  static override examples = ['mig stamp head', 'mig stamp ae10 27c6', 'mig stamp --purge heads']
  static override strict = false
  static override args = {
    targets: Args.string({ignoreStdin: true, description: 'Revisions, heads, branch labels or base', required: true}),
  }
  static override flags = {
    ...planFlags,
    purge: Flags.boolean({summary: 'Empty the version table first'}),
  }

  override async run(): Promise<CommandResults['stamp']> {
    const {argv, flags} = await this.parse(Stamp)
    const {purge} = flags
    if (flags.sql) {
      const {stampSql} = await import('../src/api/runs/offline.ts')
      return this.printScript(await stampSql({...this.scriptOptions(flags), target: argv.map(String), purge}))
    }
    const {stamp} = await import('../src/api/runs/migrate.ts')
    const result = await stamp({...(await this.migrateOptions(flags)), target: argv.map(String), purge})
    if (purge) this.note(text`The version table ${flags['dry-run'] ? 'would be' : 'was'} emptied first.`, flags)
    return this.report(result, flags)
  }
}
