import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {atFlag} from '../src/cli/at-flag.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {formatDifferences} from '../src/cli/format-difference.ts'
import {linesOf, text} from '../src/render/safe/text.ts'

export default class Show extends BaseCommand {
  static override summary = 'Show the revisions a target refers to, with their details'
  static override examples = [
    'mig show head',
    'mig show ae10',
    'mig show current',
    'mig show head --effects',
    'mig show ae10 --diff',
  ]
  static override args = {
    target: Args.string({
      ignoreStdin: true,
      description: 'Revision, head, heads, branch label or current',
      required: true,
    }),
  }

  static override flags = {
    at: atFlag,
    diff: Flags.boolean({summary: 'Print how the file differs from what was applied'}),
    effects: Flags.boolean({summary: 'Print what the upgrade reads and writes; runs its code without a database'}),
  }

  override async run(): Promise<CommandResults['show']> {
    const {args, flags} = await this.parse(Show)
    const {show} = await import('../src/api/files/listings.ts')
    const result = await show({
      ...this.common(flags),
      at: flags.at,
      target: args.target,
      effects: flags.effects,
      diff: flags.diff,
      elsewhere: true,
      onEvent: this.noteEvents(flags),
    })
    this.printList(result.revisions, true)
    for (const {differences = []} of result.revisions) this.printLines(formatDifferences(differences, this.paint))
    for (const {source} of result.revisions)
      if (source !== undefined) this.printLines([text``, ...linesOf(source.trimEnd())])
    if (result.revisions.length === 0) this.note(text`${args.target} has no revision.`, flags)
    return result
  }
}
