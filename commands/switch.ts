import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import type {WriteOptions} from '../src/engine/databases.ts'
import type {SwitchResult} from '../src/api/git/switch.ts'
import {formatSnapshots} from '../src/cli/format-snapshots.ts'
import {formatLosses, formatSnapshotSteps, formatUncommitted, withoutLosses} from '../src/cli/format-switch.ts'
import {withoutRepeatedNotes} from '../src/cli/repeated-notes.ts'
import {planFlags, RunCommand} from '../src/cli/run-command.ts'
import type {CommandResults} from '../src/cli/json-output.ts'
import {text} from '../src/render/safe/text.ts'
import type {SafeText} from '../src/render/safe/text.ts'

export default class Switch extends RunCommand {
  static override summary = 'Switch the database and the checkout together'
  static override description = `Reverts revisions that the destination lacks, with the code that was applied, runs \`git switch\`, and applies the destination's revisions. Without REF, uses the current checkout. No other command touches the work tree.`
  static override examples = ['mig switch', 'mig switch main --dry-run', 'mig switch feature/x --snapshot --yes']
  static override args = {
    ref: Args.string({ignoreStdin: true, description: 'Branch, tag or commit (default: the current checkout)'}),
  }
  static override flags = {
    'dry-run': planFlags['dry-run'],
    yes: Flags.boolean({char: 'y', summary: 'Skip the confirmation prompt'}),
    trust: Flags.boolean({summary: 'Run current downgrades whose text differs from what was applied'}),
    snapshot: Flags.boolean({summary: 'Keep the database of the branch that is left, and bring back that of REF'}),
    snapshots: Flags.boolean({summary: 'List the kept databases', exclusive: ['snapshot', 'forget', 'dry-run']}),
    forget: Flags.string({summary: 'Delete a kept database', helpValue: 'REF', exclusive: ['snapshot', 'dry-run']}),
  }

  override async run(): Promise<CommandResults['switch']> {
    const {args, flags} = await this.parse(Switch)
    const {forget, snapshots, trust, snapshot} = flags
    if (snapshots || forget !== undefined) return this.manageSnapshots(await this.runOptions(flags), forget)
    const {switchTo} = await import('../src/api/git/switch.ts')
    const {acceptUnplanned, confirm} = await import('../src/cli/confirm.ts')
    const options = {...withoutRepeatedNotes(await this.runOptions(flags)), ref: args.ref, trust, snapshot}
    const plan = await switchTo({...options, dryRun: true})
    const isNothing = plan.checkout === null && plan.steps.length === 0 && !plan.snapshots?.length
    if (flags['dry-run'] || isNothing) {
      if (isNothing) this.print(text`The database matches the checkout; nothing to do.`)
      else this.printLines([text`Dry run; nothing was executed:`, ...this.planned(plan)])
      return plan
    }
    if (!flags.yes) await confirm([text`This would be done:`, ...this.planned(plan)], 'mig switch')
    const done = await switchTo({...options, acceptLoss: acceptUnplanned(plan.steps, flags, this.paint)})
    this.print(text`The database is at ${done.heads.join(', ') || 'base'}.`)
    return done
  }

  private async manageSnapshots(options: WriteOptions, place: string | undefined): Promise<CommandResults['switch']> {
    const {forgetSnapshots, listSnapshots} = await import('../src/api/git/snapshots.ts')
    const result = await (place === undefined ? listSnapshots(options) : forgetSnapshots({...options, place}))
    this.printLines(formatSnapshots(result.snapshots, place === undefined ? '' : 'deleted ', this.paint, new Date()))
    return result
  }

  /** Data loss first, then all steps in order, with git between down and up. */
  private planned({steps, checkout, uncommitted, snapshots = []}: SwitchResult): SafeText[] {
    const down = steps.filter(({direction}) => direction === 'downgrade')
    return [
      ...formatLosses(steps, this.paint),
      ...formatSnapshotSteps(snapshots, 'keep'),
      ...this.formatPlan(withoutLosses(down)),
      ...(checkout === null ? [] : [text`  ${checkout}`]),
      ...formatUncommitted(uncommitted, this.paint),
      ...formatSnapshotSteps(snapshots, 'bring back'),
      ...this.formatPlan(steps.filter(({direction}) => direction !== 'downgrade')),
    ]
  }
}
