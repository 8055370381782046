import {planFlags, RunCommand} from '../src/cli/run-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {text} from '../src/render/safe/text.ts'

export default class EnsureVersion extends RunCommand {
  static override summary = "Create mig's own tables only"
  static override examples = ['mig ensure-version']

  static override flags = {sql: planFlags.sql, dialect: planFlags.dialect, database: planFlags.database}

  override async run(): Promise<CommandResults['ensure-version']> {
    const {flags} = await this.parse(EnsureVersion)
    if (flags.sql) {
      const {ensureVersionSql} = await import('../src/api/runs/offline.ts')
      return this.printScript(await ensureVersionSql(this.scriptOptions(flags)))
    }
    const {ensureVersion} = await import('../src/api/runs/ensure-version.ts')
    const result = await ensureVersion(await this.runOptions(flags))
    this.printLines(result.created.map((table) => text`created ${table}`))
    if (result.created.length === 0) this.note(text`The tables already exist.`, flags)
    return result
  }
}
