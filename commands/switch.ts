import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import type {SwitchResult} from '../src/api/git/switch.ts'
import {planFlags, RunCommand} from '../src/cli/run-command.ts'

export default class Switch extends RunCommand {
  static override summary = 'Switch the database and the checkout together'
  static override description = `Reverts revisions that the destination lacks, with the code that was applied, runs \`git switch\`, and applies the destination's revisions. Without REF, uses the current checkout. No other command touches the work tree.`
  static override examples = ['mig switch', 'mig switch main --dry-run', 'mig switch feature/x --yes']
  static override args = {ref: Args.string({description: 'Branch, tag or commit (default: the current checkout)'})}
  static override flags = {
    'dry-run': planFlags['dry-run'],
    yes: Flags.boolean({char: 'y', summary: 'Skip the confirmation prompt'}),
    trust: Flags.boolean({summary: 'Run downgrades whose text differs from what was applied'}),
  }

  override async run(): Promise<SwitchResult> {
    const {args, flags} = await this.parse(Switch)
    const {switchTo} = await import('../src/api/git/switch.ts')
    const {confirm} = await import('../src/cli/confirm.ts')
    const options = {...(await this.runOptions(flags)), ref: args.ref, trust: flags.trust}
    const plan = await switchTo({...options, dryRun: true})
    const {steps, checkout} = plan
    const isNothing = steps.length === 0 && checkout === null
    if (flags['dry-run'] || isNothing) {
      if (isNothing) this.log('The database matches the checkout; nothing to do.')
      else this.printLines(['Dry run; nothing was executed:', ...this.planned(plan)])
      return plan
    }
    if (!flags.yes) await confirm(['This would be done:', ...this.planned(plan)], 'mig switch')
    const done = await switchTo(options)
    this.log(`The database is at ${done.heads.join(', ') || 'base'}.`)
    return done
  }

  /** Data loss first, then all steps in order, with git between down and up. */
  private planned({steps, checkout, uncommitted}: SwitchResult): string[] {
    const down = steps.filter(({direction}) => direction === 'downgrade')
    const up = steps.filter(({direction}) => direction !== 'downgrade')
    return [
      ...this.formatLosses(steps),
      ...this.formatPlan(down),
      ...(checkout === null ? [] : [`  ${checkout}`]),
      ...uncommitted.map(
        ({revision, file, isApplied}) =>
          `  keep ${this.paint('id', revision)}, ${isApplied ? 'applied' : 'not applied'} and not committed: ${file}`,
      ),
      ...this.formatPlan(up),
    ]
  }

  private formatLosses(steps: SwitchResult['steps']): string[] {
    return steps.flatMap(({direction, revision, database, losesData = []}) =>
      losesData.map((what) => {
        const where = database === undefined ? '' : ` on ${database}`
        return `  ${this.paint('bad', 'loses')} ${what} (${direction} ${this.paint('id', revision)}${where})`
      }),
    )
  }
}
