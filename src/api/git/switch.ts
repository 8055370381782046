import {withDatabases, withLockedDatabases} from '../../engine/databases.ts'
import type {WriteOptions} from '../../engine/databases.ts'
import type {LossOptions} from '../../engine/losses.ts'
import {openScripts} from '../../engine/project.ts'
import type {ScriptProject} from '../../engine/project.ts'
import type {StepView} from '../../engine/results.ts'
import {contextOf} from '../../engine/run-context.ts'
import type {RunContext} from '../../engine/run-context.ts'
import {advising, afterCheckout, beforeCheckout, beforeExchange} from '../../engine/switch/advice.ts'
import {checkOut, checkoutCommand} from '../../engine/switch/check-out.ts'
import {destinationOf} from '../../engine/switch/destination.ts'
import type {Destination} from '../../engine/switch/destination.ts'
import {goDown, headsAfter, planBroughtBack, planSwitch, viewsOf} from '../../engine/switch/plan.ts'
import type {SwitchPlan} from '../../engine/switch/plan.ts'
import {planSnapshots, withSnapshotsLocked} from '../../engine/switch/snapshots.ts'
import type {SnapshotPlan} from '../../engine/switch/snapshots.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {refuseOtherDatabases, refuseOtherDestination} from '../../engine/switch/same-databases.ts'
import {upgradeCompared} from '../runs/migrate.ts'

export interface SwitchOptions extends WriteOptions, LossOptions {
  /** Branch, tag or commit to switch to, as `git switch` takes it; default: the current checkout. */
  readonly ref?: string | undefined
  /** Whether to return the plan without changing anything. */
  readonly dryRun?: boolean | undefined
  /** Whether to run current downgrades whose text differs from the applied one. */
  readonly trust?: boolean | undefined
  /** Whether to keep a snapshot of the database, and to bring back that of the destination instead of a replay. */
  readonly snapshot?: boolean | undefined
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
  /** With `snapshot`, the snapshots that are kept and brought back, by database. */
  readonly snapshots?: readonly SnapshotStep[]
  /** Heads of the database afterwards. */
  readonly heads: readonly RevisionId[]
}

/** A snapshot that a switch keeps or brings back. */
export interface SnapshotStep {
  readonly action: 'keep' | 'bring back'
  /** Branch or commit. */
  readonly place: string
  /** When it was kept, for one that is brought back. */
  readonly kept?: string
  readonly bytes: number
  /** The name of the database, if the configuration has several. */
  readonly database?: string
}

/**
 * Switches the database and the checkout together: reverts revisions that the destination lacks, checks it out, and
 * applies its revisions. Everything is planned before anything is run, and git is asked whether it would refuse.
 * Rerunning an interrupted switch resumes it.
 *
 * @throws MigError SWITCH_REFUSED, UNKNOWN_REF, GIT_FAILED, SNAPSHOT_NOT_SUPPORTED, SNAPSHOT_FAILED, and as `upgrade` and `downgrade`
 */
export async function switchTo(options: SwitchOptions): Promise<SwitchResult> {
  const project = await openScripts(options)
  const context = contextOf(project, options)
  const go = async (): Promise<SwitchResult> => switchWith(context, options)
  return options.snapshot ? withSnapshotsLocked(context, go) : go()
}

async function switchWith(context: RunContext<ScriptProject>, options: SwitchOptions): Promise<SwitchResult> {
  const {dryRun = false, trust = false, signal} = options
  const {project} = context
  const destination = await destinationOf(project, options.ref)
  const {checkout} = destination
  await refuseOtherDestination(context, options, destination)
  const snapshots = options.snapshot ? await planSnapshots(context, destination) : []
  for (const text of snapshots.flatMap(({notes}) => notes)) context.onEvent({kind: 'note', text})
  if (!dryRun) for (const {store, keptFor, isKept} of snapshots) if (isKept) await store.keep(keptFor)
  const planned = await (dryRun ? withDatabases : withLockedDatabases)(context, async (databases) => {
    const plans: SwitchPlan[] = []
    for (const [i, database] of databases.entries()) {
      const applied = snapshots[i]?.broughtBack?.applied
      if (applied === undefined) plans.push(await planSwitch(context, database, destination, trust))
      else plans.push(planBroughtBack(database, destination, applied))
    }
    const views: StepView[] = []
    for (const plan of plans) views.push(...(await viewsOf(context, plan, destination, dryRun)))
    if (!dryRun)
      await advising(options, beforeCheckout(destination, {plans, snapshots, trust}), async () => {
        for (const plan of plans) await goDown(context, plan)
      })
    return {
      steps: views,
      checkout: checkout === undefined ? null : checkoutCommand(checkout),
      uncommitted: uncommittedOf(destination, plans),
      ...(options.snapshot && {snapshots: snapshots.flatMap(stepsOf)}),
      heads: plans[0] === undefined ? [] : headsAfter(plans[0]),
    }
  })
  if (dryRun) return planned
  if (checkout !== undefined)
    await advising(options, beforeCheckout(destination, {plans: [], snapshots, trust}), async () => {
      const {InterruptedError} = await import('../../runner/run-errors.ts')
      if (signal?.aborted) throw new InterruptedError('nothing was checked out.', undefined)
      await checkOut(checkout, context.onEvent)
    })
  await advising(options, beforeExchange(destination), async () => {
    for (const {store, keptFor, broughtBack} of snapshots)
      if (broughtBack !== undefined) await store.exchange(keptFor, broughtBack.snapshot.place)
  })
  // The files are now those of the destination, possibly including the configuration.
  const done = await advising(options, afterCheckout(destination), async () => {
    if (checkout !== undefined) await refuseOtherDatabases(context, options)
    return upgradeCompared({...options, target: 'heads'}, true)
  })
  return {...planned, heads: done.heads}
}

function stepsOf({name, keptFor, isKept, bytes, broughtBack}: SnapshotPlan): readonly SnapshotStep[] {
  const database = name === undefined ? {} : {database: name}
  const kept = {action: 'keep', place: keptFor, bytes, ...database} as const
  if (broughtBack === undefined) return isKept ? [kept] : []
  const {snapshot} = broughtBack
  return [kept, {action: 'bring back', place: snapshot.place, kept: snapshot.kept, bytes: snapshot.bytes, ...database}]
}

function uncommittedOf(
  {graph, uncommitted}: Destination,
  plans: readonly SwitchPlan[],
): readonly UncommittedRevision[] {
  return uncommitted.map((revision) => {
    const {message, file} = graph.get(revision)
    return {revision, message, file, isApplied: plans.some(({applied}) => applied.has(revision))}
  })
}
