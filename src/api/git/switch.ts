import {MigError} from '../../errors.ts'
import {appliedSetOf, withDatabases, withLockedDatabases} from '../../engine/databases.ts'
import type {WriteOptions} from '../../engine/databases.ts'
import {openScripts} from '../../engine/project.ts'
import type {StepView} from '../../engine/results.ts'
import {contextOf} from '../../engine/run-context.ts'
import {checkOut, checkoutCommand} from '../../engine/switch/check-out.ts'
import {destinationOf} from '../../engine/switch/destination.ts'
import type {Destination} from '../../engine/switch/destination.ts'
import {goDown, headsAfter, planSwitch, viewsOf} from '../../engine/switch/plan.ts'
import type {SwitchPlan} from '../../engine/switch/plan.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {shellWord} from '../../util/shell-word.ts'
import {upgrade} from '../runs/migrate.ts'

export interface SwitchOptions extends WriteOptions {
  /** Branch, tag or commit to switch to, as `git switch` takes it; default: the current checkout. */
  readonly ref?: string | undefined
  /** Whether to return the plan without changing anything. */
  readonly dryRun?: boolean | undefined
  /** Whether to run current downgrades whose text differs from the applied one. */
  readonly trust?: boolean | undefined
}

/** A revision whose file is not committed, and therefore stays. */
interface UncommittedRevision {
  readonly revision: RevisionId
  readonly message: string
  readonly file: string
  /** Whether it is applied, and stays so. */
  readonly isApplied: boolean
}

export interface SwitchResult {
  /** Steps reverted with the code that was applied, then steps applied. */
  readonly steps: readonly StepView[]
  /** Git command run in between; null if nothing is checked out. */
  readonly checkout: string | null
  readonly uncommitted: readonly UncommittedRevision[]
  /** Heads of the database afterwards. */
  readonly heads: readonly RevisionId[]
}

/**
 * Switches the database and the checkout together: reverts revisions that the destination lacks, checks it out, and
 * applies its revisions. Everything is planned before anything is run, and git is asked whether it would refuse.
 * Rerunning an interrupted switch resumes it.
 *
 * @throws MigError SWITCH_REFUSED, UNKNOWN_REF, GIT_FAILED, and as `upgrade` and `downgrade`
 */
export async function switchTo(options: SwitchOptions): Promise<SwitchResult> {
  const {dryRun = false, trust = false, signal} = options
  const project = await openScripts(options)
  const context = contextOf(project, options)
  const destination = await destinationOf(project, options.ref)
  const {checkout} = destination
  const planned = await (dryRun ? withDatabases : withLockedDatabases)(context, async (databases) => {
    const plans: SwitchPlan[] = []
    for (const database of databases) plans.push(await planSwitch(context, database, destination, trust))
    const views: StepView[] = []
    for (const plan of plans) views.push(...(await viewsOf(context, plan, destination, dryRun)))
    if (!dryRun)
      await noting(options, before(destination, plans), async () => {
        for (const plan of plans) await goDown(context, plan)
      })
    return {
      steps: views,
      checkout: checkout === undefined ? null : checkoutCommand(checkout),
      uncommitted: uncommittedOf(destination, plans),
      heads: plans[0] === undefined ? [] : headsAfter(plans[0]),
    }
  })
  if (dryRun) return planned
  if (checkout !== undefined)
    await noting(options, before(destination, []), async () => {
      const {InterruptedError} = await import('../../runner/run-errors.ts')
      if (signal?.aborted) throw new InterruptedError('nothing was checked out.', undefined)
      await checkOut(checkout, context.onEvent)
    })
  // The files are now those of the destination, possibly including the configuration.
  const done = await noting(options, after(destination), async () => upgrade({...options, target: 'heads'}))
  return {...planned, heads: done.heads}
}

/** Emits notes about the state of checkout and database if a part fails. */
async function noting<T>(
  {onEvent}: SwitchOptions,
  notes: (error: unknown) => readonly string[],
  go: () => Promise<T>,
): Promise<T> {
  try {
    return await go()
  } catch (error) {
    for (const text of notes(error)) onEvent?.({kind: 'note', text})
    throw error
  }
}

/** Returns what to do after a failure before the checkout. */
function before({checkout}: Destination, plans: readonly SwitchPlan[]): (error: unknown) => readonly string[] {
  const again = checkout === undefined ? 'mig switch' : `mig switch ${shellWord(checkout.name)}`
  const back = checkout === undefined ? '' : ', or `mig upgrade heads` to return to this checkout'
  return (error) => {
    const failed = error instanceof MigError ? Object(error.data).revision : undefined
    const isApplied = plans.some(({sources}) =>
      sources.some(({revision, origin}) => revision.id === failed && origin === 'applied'),
    )
    return [
      `The checkout is unchanged, and the database is where the run stopped; run \`${again}\` to resume${back}.`,
      ...(isApplied
        ? [
            `${failed} is reverted with the text that was applied, read from git: if its downgrade is wrong, commit a corrected one and run \`${again} --trust\`.`,
          ]
        : []),
    ]
  }
}

/** Returns what to do after a failure behind the checkout. */
function after({checkout}: Destination): () => readonly string[] {
  const place = checkout === undefined ? 'The checkout is unchanged' : `The checkout is at ${checkout.name}`
  return () => [`${place}, and the database is where the run stopped; run \`mig switch\` to resume.`]
}

function uncommittedOf(
  {graph, uncommitted}: Destination,
  plans: readonly SwitchPlan[],
): readonly UncommittedRevision[] {
  return uncommitted.map((revision) => {
    const {message, file} = graph.get(revision)
    return {revision, message, file, isApplied: plans.some(({database}) => appliedSetOf(database).has(revision))}
  })
}
