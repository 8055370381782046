import {BaseCommand} from '../src/cli/base-command.ts'

export default class EnsureVersion extends BaseCommand {
  static override summary = 'Create the tables of mig, and nothing else'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  override async run(): Promise<{readonly created: readonly string[]}> {
    const {flags} = await this.parse(EnsureVersion)
    const {ensureVersion} = await import('../src/api/ensure-version.ts')
    const result = await ensureVersion({...this.common(flags), onEvent: this.noteEvents(flags)})
    this.printLines(result.created.map((table) => `created ${table}`))
    if (result.created.length === 0) this.note('The tables are there already.', flags)
    return result
  }
}
