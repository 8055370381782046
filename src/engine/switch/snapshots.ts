import {SwitchRefusedError} from '../../git/errors.ts'
import {formerNames} from '../../git/former-names.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {OptionsSource} from '../../runner/connection/orm-options.ts'
import type {Snapshot, SnapshotStore} from '../../runner/snapshots/snapshot.ts'
import type {DatabaseState} from '../../runner/state/store.ts'
import {shellWord} from '../../util/shell.ts'
import {listOf} from '../../util/text.ts'
import type {ConfiguredDatabase} from '../../config/database.ts'
import {appliedSetOf} from '../database-state.ts'
import {withDatabases} from '../databases.ts'
import type {OpenDatabase} from '../databases.ts'
import type {ScriptProject} from '../project.ts'
import type {RunContext} from '../run-context.ts'
import {unknownOf} from '../unknown-revisions.ts'
import type {Destination} from './destination.ts'
import {rewrittenAt} from './replaced.ts'
import {ownerOf} from './snapshot-owner.ts'
import type {Owner} from './snapshot-owner.ts'

/** The snapshots of one database of a project. */
export interface DatabaseSnapshots {
  /** The name of the database, if the configuration has several. */
  readonly name: string | undefined
  readonly store: SnapshotStore
}

/** The snapshots of one database that a switch keeps and brings back. */
export interface SnapshotPlan extends DatabaseSnapshots {
  /** The place that the database is kept for: the branch or commit that it belongs to now. */
  readonly keptFor: string
  /** Whether a copy is kept before anything is reverted; a database that is exchanged needs none. */
  readonly isKept: boolean
  /** The space that the database takes on the disk. */
  readonly bytes: number
  /** The snapshot that becomes the database, and what it has applied. */
  readonly broughtBack: {readonly snapshot: Snapshot; readonly applied: ReadonlySet<RevisionId>} | undefined
  /** Why no snapshot is kept, or none is brought back although there is one. */
  readonly notes: readonly string[]
}

/**
 * Runs work while no other process switches with the snapshots of these databases.
 *
 * @throws MigError SWITCH_REFUSED, SNAPSHOT_NOT_SUPPORTED, SNAPSHOT_FAILED
 */
export async function withSnapshotsLocked<Result>(context: RunContext, work: () => Promise<Result>): Promise<Result> {
  const releases: (() => Promise<void>)[] = []
  try {
    for (const {store} of await openDatabaseSnapshots(context)) releases.push(await store.lock())
    return await work()
  } finally {
    for (const release of releases) await release()
  }
}

/**
 * Plans the snapshots of a switch.
 *
 * @throws MigError SWITCH_REFUSED, SNAPSHOT_NOT_SUPPORTED, SNAPSHOT_FAILED
 */
export async function planSnapshots(
  context: RunContext<ScriptProject>,
  destination: Destination,
): Promise<readonly SnapshotPlan[]> {
  const {places} = destination
  if (places === undefined)
    throw new SwitchRefusedError(
      'snapshots belong to branches, and none is named',
      'Name the branch, or run `mig switch` without `--snapshot`.',
    )
  const plans = await withDatabases(context, async (databases) => {
    const planned: SnapshotPlan[] = []
    for (const database of databases) planned.push(await planSnapshot(context, database, destination, places))
    return planned
  })
  for (const {name, store, isKept, broughtBack} of plans) {
    const users = isKept || broughtBack !== undefined ? await store.users() : []
    if (users.length > 0)
      throw new SwitchRefusedError(
        `the database${name === undefined ? '' : ` ${name}`} cannot be copied while it is used by ${listOf(users, 5)}`,
        'End those sessions, or run `mig switch` without `--snapshot`: it reverts and applies revisions.',
      )
  }
  return plans
}

async function planSnapshot(
  context: RunContext<ScriptProject>,
  database: OpenDatabase,
  destination: Destination,
  {left, isBranch, entered}: NonNullable<Destination['places']>,
): Promise<SnapshotPlan> {
  const {name, state} = database
  const current = context.project.scripts.graph
  const store = await openStore(context, database)
  const snapshots = await store.list()
  const find = async (place: string): Promise<Found | undefined> => {
    const snapshot = snapshots.find((each) => each.place === place)
    return snapshot && {snapshot, state: await readSnapshot(context, name, store.source(snapshot))}
  }
  const strays = unknownOf(current, database).map(({revision}) => revision)
  // git may have switched the branch without mig.
  const owner =
    strays.length === 0
      ? {place: left, isBranch, tree: context.project.tree, graph: current}
      : await ownerOf(context.project, state.applied)
  if (owner === undefined)
    throw new SwitchRefusedError(
      `the database has ${listOf(strays, 5)}, which ${left} does not have, so it is not a database of ${left}`,
      'Run `mig switch` to align it with this checkout first.',
    )
  const isLeft = owner.place !== entered
  // The database itself may be that of the destination already.
  const isOwn = !isLeft && owner.place !== left
  const findFormer = async (): Promise<Found | undefined> => {
    for (const former of await formerNames(context.project.root, entered)) {
      const found = await find(former)
      if (found !== undefined) return found
    }
    return undefined
  }
  const findOther = async (): Promise<Found | undefined> => {
    if (isLeft) return findFormer()
    return isOwn ? undefined : find(setAside(entered))
  }
  const there = (await find(entered)) ?? (await findOther())
  const misfitOf = async (found: Found, at: Pick<Destination, 'tree' | 'graph'>): Promise<string | undefined> =>
    unfitState(found, at.graph) ?? rewrittenIn(found, context.project, database, at)
  const misfit = there && (await misfitOf(there, destination))
  const broughtBack = there === undefined || misfit !== undefined || isOwn ? undefined : there
  const keptFor = isLeft ? owner.place : setAside(owner.place)
  const isReplacing = isLeft || (broughtBack !== undefined && broughtBack.snapshot.place !== keptFor)
  const here = isReplacing ? await find(keptFor) : undefined
  const lost = here === undefined ? [] : missingIn(here, database, current)
  const isReplaced = here !== undefined && lost.length === 0
  const isSame = here !== undefined && textsOf(here) === textsOf(database)
  if (here !== undefined && (broughtBack !== undefined || (isReplaced && !isSame)))
    throw new SwitchRefusedError(
      lost.length > 0
        ? `the snapshot of ${keptFor} has ${listOf(lost, 5)}, which the database lacks, and would be replaced`
        : `there is another snapshot of ${keptFor}, kept ${here.snapshot.kept}, which would be replaced`,
      [
        ...(isLeft && (await misfitOf(here, owner)) === undefined && (await find(setAside(keptFor))) === undefined
          ? [`${bringBack(owner, left)} brings it back`]
          : []),
        `\`mig switch --forget ${shellWord(keptFor)}\` deletes it.`,
      ].join('; '),
    )
  return {
    name,
    store,
    keptFor,
    isKept: broughtBack === undefined && isLeft && lost.length === 0,
    bytes: await store.size(),
    broughtBack: broughtBack && {snapshot: broughtBack.snapshot, applied: appliedSetOf(destination.graph, broughtBack)},
    notes: [
      ...(owner.place === left
        ? []
        : [`The database belongs to ${owner.place}, not to ${left}: it has ${listOf(strays, 5)}.`]),
      ...(misfit === undefined ? [] : [`The snapshot of ${entered} is not used: ${misfit}.`]),
      ...(isOwn && there !== undefined
        ? [`The snapshot of ${entered} stays as it is: the database is that of ${entered} already.`]
        : []),
      ...(isReplaced ? [`The snapshot of ${keptFor}, kept ${here.snapshot.kept}, is replaced.`] : []),
      ...(lost.length === 0
        ? []
        : [`The snapshot of ${keptFor} stays as it is: it has ${listOf(lost, 5)}, which the database lacks.`]),
    ],
  }
}

/**
 * Returns the place of a database that a snapshot of the same branch or commit has replaced. The snapshot of the branch itself
 * stays free for the database that is left next. No branch has such a name.
 */
function setAside(place: string): string {
  return `${place} (set aside)`
}

/** Returns the commands that bring back the snapshot of the branch that a database belongs to. */
function bringBack({place, isBranch}: Owner, left: string): string {
  const command = `\`mig switch ${shellWord(place)} --snapshot\``
  return place === left ? command : `\`git switch ${isBranch ? '' : '--detach '}${shellWord(place)}\`, then ${command}`
}

interface Found {
  readonly snapshot: Snapshot
  readonly state: DatabaseState
}

/** Returns why the destination cannot continue from a snapshot. */
function unfitState({state}: Found, graph: RevisionGraph): string | undefined {
  const {partiallyApplied} = state
  if (partiallyApplied !== undefined) return `${partiallyApplied.revision} is partially applied`
  const strays = unknownOf(graph, {state}).map(({revision}) => revision)
  return strays.length === 0 ? undefined : `it has ${listOf(strays, 5)}, missing from the files of the destination`
}

/** Returns what a database has applied, with the ids of the texts. */
function textsOf({state}: {readonly state: DatabaseState}): string {
  return state.applied
    .map(({revision, contentId}) => `${revision} ${contentId}`)
    .toSorted()
    .join('\n')
}

/** Returns why a snapshot is not what the destination would apply, although it has revisions with the same ids. */
async function rewrittenIn(
  {state}: Found,
  project: ScriptProject,
  database: OpenDatabase,
  at: Pick<Destination, 'tree' | 'graph'>,
): Promise<string | undefined> {
  const there = {...at, checkout: undefined}
  const rewritten = [...(await rewrittenAt(project, database, state.applied, there)).keys()]
  return rewritten.length === 0
    ? undefined
    : `the destination has ${listOf(rewritten, 5)} with another text than the one that was applied`
}

/** Returns the revisions that a snapshot has applied and the database has not. */
function missingIn(found: Found, database: OpenDatabase, graph: RevisionGraph): readonly RevisionId[] {
  return [...appliedSetOf(graph, found).difference(appliedSetOf(graph, database))]
}

async function readSnapshot(
  context: RunContext<ScriptProject>,
  name: string | undefined,
  source: OptionsSource,
): Promise<DatabaseState> {
  const configured = async (): Promise<readonly ConfiguredDatabase[]> => [{...source, url: undefined, name}]
  return withDatabases({...context, configured}, async ([database]) => {
    if (database === undefined) throw new RangeError('there is one database')
    return database.state
  })
}

async function openStore({project, em}: RunContext, {session}: OpenDatabase): Promise<SnapshotStore> {
  const [{openSnapshots}, {SnapshotNotSupportedError}] = await Promise.all([
    import('../../runner/snapshots/open.ts'),
    import('../../runner/snapshots/errors.ts'),
  ])
  if (em !== undefined)
    throw new SnapshotNotSupportedError(session.name, 'its connection belongs to the caller, and stays open')
  return openSnapshots(session, {root: project.root, timeout: project.settings.connectTimeout})
}

/** Opens the snapshots of every database of a project. */
export async function openDatabaseSnapshots(context: RunContext): Promise<readonly DatabaseSnapshots[]> {
  return withDatabases(context, async (databases) =>
    Promise.all(databases.map(async (database) => ({name: database.name, store: await openStore(context, database)}))),
  )
}
