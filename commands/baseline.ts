import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {temporaryTexts} from '../src/cli/interruption.ts'
import {joined, text} from '../src/render/safe/text.ts'

export default class Baseline extends BaseCommand {
  static override summary = 'Create the first revision from an existing database'
  static override description =
    'Writes a revision that creates the schema of the database, proves on an empty database that it creates exactly that schema, and records it as applied. The rows stay as they are. `mig downgrade` never reverts it without `--baseline`. With --verify, records the existing baseline in another database, such as production, if that has exactly its schema. Exit status 1 if there is a difference; then nothing is written or recorded.'
  static override examples = [
    'mig baseline -m "the schema so far"',
    'mig baseline --verify',
    'mig baseline --from-sql schema.sql -m "the schema so far"',
  ]
  static override flags = {
    message: Flags.string({
      char: 'm',
      summary: 'Message of the revision',
      helpValue: 'TEXT',
      exclusive: ['verify'],
    }),
    verify: Flags.boolean({
      summary: 'Record the existing baseline if the database has exactly its schema',
      exclusive: ['from-sql', 'sql', 'rev-id', 'version-path', 'branch-label'],
    }),
    'from-sql': Flags.string({summary: 'Use a dump instead of the database', helpValue: 'FILE'}),
    sql: Flags.boolean({summary: 'Write a SQL file instead of TypeScript'}),
    'branch-label': Flags.string({
      summary: 'Label for the branch that starts here (can be repeated)',
      helpValue: 'LABEL',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'rev-id': Flags.string({summary: 'Revision id (default: random)', helpValue: 'ID'}),
    'version-path': Flags.string({summary: 'Folder for the file', helpValue: 'FOLDER'}),
  }

  override async run(): Promise<CommandResults['baseline']> {
    const {flags} = await this.parse(Baseline)
    const api = await import('../src/api/files/baseline.ts')
    const signal = this.interruptible(temporaryTexts, (line) => this.note(line, flags))
    const common = {...this.common(flags), onEvent: this.noteEvents(flags), signal}
    const result = flags.verify
      ? await api.verifyBaseline(common)
      : await api.baseline({
          ...common,
          message: flags.message,
          fromSql: flags['from-sql'],
          isSql: flags.sql,
          branchLabels: flags['branch-label'],
          revisionId: flags['rev-id'],
          versionPath: flags['version-path'],
        })
    if (result.revision !== null) this.printWritten(result.revision)
    if (result.stamped !== null) this.print(text`The database is at ${result.stamped}.`)
    const lines = [
      ...result.omitted.map((name) => text`Not in the baseline: ${name}; create it in the file by hand.`),
      text`next: ${result.next}`,
    ]
    this.note(joined(lines, '\n'), flags)
    return result
  }
}
