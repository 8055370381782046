import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {toolNames} from '../src/import/tools.ts'
import type {ImportedRevisions} from '../src/api/files/import-history.ts'
import {RunCommand} from '../src/cli/run-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {shellCommand} from '../src/util/shell.ts'
import {plural} from '../src/util/text.ts'
import {text} from '../src/render/safe/text.ts'

/** Returns what is to be done about open revisions. */
function adviceOnOpen({stamp}: {readonly stamp: boolean}): string {
  const advice = 'write what is missing, or import again when the tool can write it'
  return stamp ? `${advice}: what is recorded as applied does not run here, and other databases need it` : advice
}

export default class Import extends RunCommand {
  static override summary = "Import another tool's migrations as revisions"
  static override description =
    'Writes a revision for each migration, with its order, message and statements; migrations that were imported before are skipped. Migrations whose statements depend on the data of the database are written with a body that fails until you replace it. The files and tables of the other tool stay as they are.'
  static override examples = [
    'mig import mikro-orm src/migrations',
    'mig import prisma prisma/migrations --stamp',
    'mig import dbmate db/migrations --stamp --table public.schema_migrations',
  ]
  static override args = {
    tool: Args.string({
      ignoreStdin: true,
      description: 'Tool of the migrations',
      options: [...toolNames],
      required: true,
    }),
    folder: Args.string({ignoreStdin: true, description: 'Folder of the migrations', required: true}),
  }
  static override flags = {
    stamp: Flags.boolean({summary: 'Record as applied what the tool has applied'}),
    table: Flags.string({
      summary: "Table of the tool, if it is not the tool's default",
      helpValue: 'NAME',
      dependsOn: ['stamp'],
    }),
  }

  override async run(): Promise<CommandResults['import']> {
    const {args, flags} = await this.parse(Import)
    const {importHistory} = await import('../src/api/files/import-history.ts')
    const tool = toolNames.find((name) => name === args.tool)!
    const {stamp, table} = flags
    const {folder} = args
    const onWritten = ({revisions, open}: ImportedRevisions): void => {
      this.printLines(revisions.map(({file}) => text`wrote ${file ?? ''}`))
      if (revisions.length === 0) this.note(text`All migrations are imported already.`, flags)
      for (const {file, reason} of open) this.note(text`${file}: ${reason}`, flags)
      if (open.length > 0) this.note(text`${plural(open.length, 'revision')} left open; ${adviceOnOpen(flags)}.`, flags)
    }
    const result = await importHistory({...(await this.runOptions(flags)), tool, folder, stamp, table, onWritten})
    if (result.stamped !== null) this.report(result.stamped, {...flags, 'dry-run': false})
    else if (result.revisions.length > 0)
      this.note(
        text`If ${tool} has applied them to the database, record that: \`${shellCommand`mig import --stamp ${tool} ${folder}`}\`.`,
        flags,
      )
    return result
  }
}
