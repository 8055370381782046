import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {BaseCommand} from '../src/cli/base-command.ts'
import {formatSquash} from '../src/cli/format-squash.ts'
import {temporaryTexts} from '../src/cli/interruption.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {revisionFlags, revisionOptions} from '../src/cli/revision-flags.ts'

const {splice: _, 'depends-on': __, ...own} = revisionFlags

export default class Squash extends BaseCommand {
  static override summary = 'Replace a range of revisions by one'
  static override description = `Writes one revision that makes what the revisions of RANGE make together, and names them in \`replaces\`. It is written only if both give the same schema and the same rows on temporary databases, and its downgrade leads back. Databases that have the revisions count the squash as applied; see docs/squash.md.
A range is FROM:TO, both ends included; \`base:heads\` is everything. Runs the code of the revisions; the databases of the project are neither read nor changed.`
  static override examples = [
    'mig squash base:heads -m "schema of 2026"',
    'mig squash ae10:27c6 -m "the billing tables"',
  ]
  static override args = {
    range: Args.string({ignoreStdin: true, description: 'revisions to replace: FROM:TO', required: true}),
  }
  static override flags = {
    ...own,
    sql: Flags.boolean({summary: 'Write a SQL file'}),
    prune: Flags.boolean({summary: 'Delete the files of the replaced revisions'}),
    force: Flags.boolean({summary: 'Delete them although databases with some of them need them', dependsOn: ['prune']}),
  }

  override async run(): Promise<CommandResults['squash']> {
    const {args, flags} = await this.parse(Squash)
    const {squash} = await import('../src/api/files/squash.ts')
    const {prune, force} = flags
    const result = await squash({
      ...this.common(flags),
      ...revisionOptions(flags),
      ...{range: args.range, isSql: flags.sql, prune, force},
      onEvent: this.noteEvents(flags),
      signal: this.interruptible(temporaryTexts, (line) => this.note(line, flags)),
    })
    this.printWritten(result.revision)
    for (const line of formatSquash(result)) this.note(line, flags)
    return result
  }
}
