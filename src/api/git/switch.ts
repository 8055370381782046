import {MigError} from '../../errors.ts'
import {CheckoutFailedError} from '../../git/errors.ts'
import {withDatabases, withLockedDatabases} from '../../engine/databases.ts'
import type {WriteOptions} from '../../engine/databases.ts'
import {openScripts} from '../../engine/project.ts'
import type {StepView} from '../../engine/results.ts'
import {contextOf} from '../../engine/run-context.ts'
import {checkOut, checkoutCommand} from '../../engine/switch/check-out.ts'
import {destinationOf} from '../../engine/switch/destination.ts'
import type {Destination} from '../../engine/switch/destination.ts'
import {goDown, headsAfter, planBroughtBack, planSwitch, viewsOf} from '../../engine/switch/plan.ts'
import type {SwitchPlan} from '../../engine/switch/plan.ts'
import {planSnapshots} from '../../engine/switch/snapshots.ts'
import type {SnapshotPlan} from '../../engine/switch/snapshots.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {refuseOtherDatabases, refuseOtherDestination} from '../../engine/switch/same-databases.ts'
import {shellWord} from '../../util/shell.ts'
import {listOf} from '../../util/text.ts'
import {upgrade} from '../runs/migrate.ts'

export interface SwitchOptions extends WriteOptions {
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
  const {dryRun = false, trust = false, signal} = options
  const project = await openScripts(options)
  const context = contextOf(project, options)
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
      await noting(options, before(destination, plans, snapshots), async () => {
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
    await noting(options, before(destination, [], snapshots), async () => {
      const {InterruptedError} = await import('../../runner/run-errors.ts')
      if (signal?.aborted) throw new InterruptedError('nothing was checked out.', undefined)
      await checkOut(checkout, context.onEvent)
    })
  await noting(options, amid(destination), async () => {
    for (const {store, keptFor, broughtBack} of snapshots)
      if (broughtBack !== undefined) await store.exchange(keptFor, broughtBack.snapshot.place)
  })
  // The files are now those of the destination, possibly including the configuration.
  const done = await noting(options, after(destination), async () => {
    if (checkout !== undefined) await refuseOtherDatabases(context, options)
    return upgrade({...options, target: 'heads'})
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
function before(
  {checkout}: Destination,
  plans: readonly SwitchPlan[],
  snapshots: readonly SnapshotPlan[],
): (error: unknown) => readonly string[] {
  const flag = snapshots.length > 0 ? ' --snapshot' : ''
  const again = checkout === undefined ? 'mig switch' : `mig switch ${shellWord(checkout.name)}${flag}`
  const kept = snapshots.find(({isKept}) => isKept)?.keptFor
  const back = checkout === undefined ? '' : ', or `mig upgrade heads` to return to this checkout'
  return (error) => {
    const {revision: failed} = error instanceof MigError ? Object(error.data) : {}
    const isApplied = plans.some(({sources}) =>
      sources.some(({revision, origin}) => revision.id === failed && origin === 'applied'),
    )
    const {place = 'The checkout is unchanged', commands = []} = error instanceof CheckoutFailedError ? error : {}
    const run = [...commands, again].map((command) => `\`${command}\``)
    const how =
      commands.length > 0 ? `after fixing the cause, run ${listOf(run)}` : `${repairing(error)}run ${listOf(run)}`
    return [
      `${place}, and the database is where the run stopped; ${how} to resume${commands.length > 0 ? '' : back}.`,
      ...(kept === undefined
        ? []
        : [
            `The snapshot of ${kept} is the database as it was; \`mig switch ${shellWord(kept)} --snapshot\` brings it back.`,
          ]),
      ...(isApplied
        ? [
            `${failed} is reverted with the text that was applied, read from git: if its downgrade is wrong, commit a corrected one and run \`${again} --trust\`.`,
          ]
        : []),
    ]
  }
}

/** Returns what to do after a failure between the checkout and the exchange of a snapshot. */
function amid({checkout, places}: Destination): () => readonly string[] {
  if (checkout === undefined || places === undefined) return () => []
  const back = `git switch ${places.isBranch ? '' : '--detach '}${shellWord(places.left)}`
  return () => [
    `The checkout is at ${checkout.name}, and the database is still that of ${places.left}: run \`${back}\` and \`mig switch ${shellWord(checkout.name)} --snapshot\`, or \`mig switch\` to revert and apply revisions.`,
  ]
}

/** Returns what to do after a failure behind the checkout. */
function after({checkout}: Destination): (error: unknown) => readonly string[] {
  const place = checkout === undefined ? 'The checkout is unchanged' : `The checkout is at ${checkout.name}`
  return (error) => [
    `${place}, and the database is where the run stopped; ${repairing(error)}run \`mig switch\` to resume.`,
  ]
}

/** A partially applied revision is resolved before anything else runs. */
function repairing(error: unknown): string {
  return error instanceof MigError && Object(error.data).partial === true ? 'after `mig repair`, ' : ''
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
