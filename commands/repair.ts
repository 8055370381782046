import * as Flags from '@oclif/core/flags'
import type {PartiallyAppliedView} from '../src/api/runs/repair.ts'
import {describePartial} from '../src/cli/describe-partial.ts'
import {RunCommand} from '../src/cli/run-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {listOf} from '../src/util/text.ts'
import {text} from '../src/render/safe/text.ts'

const actions = ['resume', 'mark-applied', 'mark-not-applied'] as const

export default class Repair extends RunCommand {
  static override summary = 'Show or repair a partially applied revision'
  static override description =
    'A revision that cannot run in one transaction can stop partway. Without flags, shows which statements ran, which did not, and the options.'
  static override examples = [
    'mig repair',
    'mig repair --resume --reason "the disk was full"',
    'mig repair --resume --in-doubt not-executed --reason "the table has no new rows"',
    'mig repair --mark-not-applied --reason "undone by hand"',
  ]
  static override flags = {
    resume: Flags.boolean({summary: 'Resume after the last executed statement', exclusive: actions.slice(1)}),
    'mark-applied': Flags.boolean({
      summary: 'Record the revision as applied, whatever was executed',
      exclusive: ['resume', 'mark-not-applied'],
    }),
    'mark-not-applied': Flags.boolean({
      summary: 'Record the revision as not applied, whatever was executed',
      exclusive: ['resume', 'mark-applied'],
    }),
    'in-doubt': Flags.option({
      summary: 'Whether a statement that may have been executed was executed',
      options: ['executed', 'not-executed'] as const,
      dependsOn: ['resume'],
    })(),
    reason: Flags.string({summary: 'Reason, recorded in the log'}),
  }

  override async run(): Promise<CommandResults['repair']> {
    const {flags} = await this.parse(Repair)
    const {partiallyApplied, repair} = await import('../src/api/runs/repair.ts')
    const action = actions.find((name) => flags[name])
    if (action === undefined) return this.#show(await partiallyApplied(await this.runOptions(flags)), flags.quiet)
    if (flags.reason === undefined || flags.reason.trim() === '')
      this.error(`--${action} requires --reason "…", which is recorded in the log.`, {exit: 2})
    const {reason, 'in-doubt': inDoubt} = flags
    const result = await repair({...(await this.runOptions(flags)), action, reason, inDoubt})
    const stands = result.heads.length === 0 ? 'base' : listOf(result.heads, 10)
    this.print(text`Repaired ${listOf(result.repaired)}. The database is at ${stands}.`)
    return result
  }

  #show(partials: readonly PartiallyAppliedView[], isQuiet: boolean): CommandResults['repair'] {
    if (partials.length === 0 && !isQuiet) this.print(text`Nothing is partially applied.`)
    this.printLines(partials.flatMap((partial) => describePartial(partial, this.paint)))
    return {partiallyApplied: partials}
  }
}
