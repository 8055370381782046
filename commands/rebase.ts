import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {acceptLossFlag, acceptLossOption} from '../src/cli/accept-loss.ts'
import {formatRebase} from '../src/cli/format-rebase.ts'
import {planFlags, RunCommand} from '../src/cli/run-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'

export default class Rebase extends RunCommand {
  static override summary = 'Move revisions that others do not have yet after those that they have'
  static override description = `Changes the parents in revision files, and nothing else in them: after a pull, instead of a merge point, for a history in one line. Without REVISION, moves what the upstream branch does not have after its head. Revisions that are on the upstream branch never move.
The database needs nothing: what is applied stays applied, and \`mig upgrade\` applies what now comes before it. With --replay, the revisions that move are reverted before, and applied again in their new place.
What moves is tried out on temporary databases before and after what it comes after, which runs the code of the revisions; --no-prove skips that.`
  static override examples = [
    'mig rebase',
    'mig rebase --dry-run',
    'mig rebase 3f2a --onto billing@head',
    'mig rebase --replay',
  ]
  static override strict = false
  static override args = {
    revisions: Args.string({
      ignoreStdin: true,
      description: 'Revisions or labels, which move with what descends from them',
    }),
  }
  static override flags = {
    onto: Flags.string({
      summary: 'Revision to come after (default: the head of the upstream branch)',
      helpValue: 'TARGET',
    }),
    replay: Flags.boolean({summary: 'Revert what moves, and apply it again in its new place'}),
    prove: Flags.boolean({
      summary: 'Try it out on temporary databases first (default)',
      allowNo: true,
      default: true,
    }),
    'dry-run': planFlags['dry-run'],
    ...acceptLossFlag,
  }

  override async run(): Promise<CommandResults['rebase']> {
    const {argv, flags} = await this.parse(Rebase)
    const {rebase} = await import('../src/api/files/rebase.ts')
    const {onto, replay, prove} = flags
    const result = await rebase({
      ...(await this.runOptions(flags)),
      ...{targets: argv.map(String), onto, replay, prove, dryRun: flags['dry-run']},
      acceptLoss: acceptLossOption(flags, !this.jsonEnabled() && !this.hasJsonLines(), this.paint),
    })
    const {printed, notes} = formatRebase(result, flags['dry-run'], this.paint)
    this.printLines(printed)
    for (const note of notes) this.note(note, flags)
    return result
  }
}
