import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {currentOf} from './runs/current.ts'
import type {CurrentView} from './runs/current.ts'
import {appliedSetOf} from '../engine/database-state.ts'
import {withDatabases} from '../engine/databases.ts'
import type {DatabaseOptions, OpenDatabase} from '../engine/databases.ts'
import {contextOf} from '../engine/run-context.ts'
import type {RunContext} from '../engine/run-context.ts'
import {unlessMissing} from '../engine/tenants/missing-tenant.ts'
import type {TenantState} from '../engine/tenants/tenant-state.ts'
import {forEachTenant} from '../engine/tenants/tenants.ts'
import type {LockHolder} from './events.ts'
import {recordedStates} from '../engine/recorded-states.ts'
import type {RecordedState} from '../engine/recorded-states.ts'
import {changedFiles, changedFilesOf} from '../engine/edited.ts'
import type {ChangedFiles, EditedRevision} from '../engine/edited.ts'
import {outOfOrder} from '../engine/out-of-order.ts'
import type {OutOfOrder} from '../engine/out-of-order.ts'
import type {ScriptProject} from '../engine/project.ts'
import {whereaboutsOf} from '../engine/locate-revision.ts'
import type {Whereabouts} from '../engine/locate-revision.ts'
import {importedFrom} from '../script/imported.ts'
import type {Origin} from '../script/imported.ts'
import {allowsUnknown, unknownOf} from '../engine/unknown-revisions.ts'
import type {UnknownOptions} from '../engine/unknown-revisions.ts'

/** State of the databases. */
export interface DatabaseStatus {
  /** URLs of the databases, without passwords. */
  readonly names: readonly string[]
  readonly current: readonly CurrentView[]
  /** Unapplied revisions, in upgrade order. */
  readonly pending: readonly RevisionId[]
  /** Applied revisions missing from the files, with their location in git. */
  readonly unknown: readonly Omit<Whereabouts, 'found'>[]
  /** Set if the database has tables although nothing is applied, and there is no revision or the first one was imported. */
  readonly hasTables?: true
  /** Set if unknown revisions are allowed. */
  readonly allowsUnknown?: true
  readonly edited: readonly EditedRevision[]
  /** Applied revisions whose files have another text, but do the same. */
  readonly reformatted: readonly EditedRevision[]
  /** Partially applied revisions. */
  readonly partiallyApplied: readonly RevisionId[]
  /** Applied revisions that now come after one that is not applied, and how to revert them; only those that are not published. */
  readonly outOfOrder?: OutOfOrder
  /** Revisions that a run in progress has begun, outside of a transaction. */
  readonly inProgress: readonly RevisionId[]
  /** Runs in progress. */
  readonly runs: readonly LockHolder[]
  /** State of each tenant, if there are tenants. */
  readonly tenants?: readonly TenantState[]
}

type StatusOfOne = DatabaseStatus & {readonly isMissing?: true}

/** Reads the state of the databases and compares it with the files. */
export async function databaseStatus(
  project: ScriptProject,
  options: DatabaseOptions & UnknownOptions,
): Promise<DatabaseStatus> {
  const {graph} = project.scripts
  const read = async (context: RunContext<ScriptProject>): Promise<StatusOfOne> =>
    unlessMissing<StatusOfOne>({}, statusOfOne(context, options), {
      ...nothing,
      pending: graph.topological,
      isMissing: true,
    })
  const {results, tenants} = await forEachTenant(contextOf(project, options), options, read, {isRead: true})
  const [only = nothing] = results
  return tenants === undefined ? only : statusOfTenants(graph, results, tenants)
}

const nothing: DatabaseStatus = {
  names: [],
  current: [],
  pending: [],
  unknown: [],
  edited: [],
  reformatted: [],
  partiallyApplied: [],
  inProgress: [],
  runs: [],
}

/** Reads the state of the databases, or of those of one tenant. */
async function statusOfOne(context: RunContext<ScriptProject>, options: UnknownOptions): Promise<DatabaseStatus> {
  const {project} = context
  const {graph} = project.scripts
  const isEmpty = graph.topological.length === 0
  const idle = isEmpty ? undefined : await recordedStates(context, {isIdle: true})
  const isImported = firstOrigin(graph) !== undefined && idle?.some(({state}) => state.applied.length > 0) !== true
  if ((isEmpty || isImported) && project.tenant === undefined)
    return withDatabases(context, async (databases) => statusWithTables(project, options, databases))
  if (idle !== undefined) return statusOf(project, options, idle, await changedFiles(context, idle), new Map())
  return withDatabases(context, async (databases) => statusOfOpen(project, options, databases))
}

/** As `statusOfOpen`, and whether a database without revisions has tables. */
async function statusWithTables(
  project: ScriptProject,
  options: UnknownOptions,
  databases: readonly OpenDatabase[],
): Promise<DatabaseStatus> {
  const {hasTables} = await import('../autogenerate/existing-database.ts')
  let isFull = false
  for (const {session, state} of databases) isFull ||= state.applied.length === 0 && (await hasTables(project, session))
  return {...(await statusOfOpen(project, options, databases)), ...(isFull && {hasTables: true})}
}

/** Returns where the first revision was imported from; undefined if it was not imported. */
export function firstOrigin(graph: ScriptProject['scripts']['graph']): Origin | undefined {
  const [first] = graph.topological
  return first === undefined ? undefined : importedFrom(graph.get(first))
}

async function statusOfOpen(
  project: ScriptProject,
  options: UnknownOptions,
  databases: readonly OpenDatabase[],
): Promise<DatabaseStatus> {
  return statusOf(
    project,
    options,
    databases.map(({name, tenant, session, state}) => ({name, tenant, address: session.name, state})),
    await changedFilesOf(project, databases),
    await runsOn(databases),
  )
}

/** Returns the common status of tenants. */
function statusOfTenants(
  graph: RevisionGraph,
  all: readonly StatusOfOne[],
  tenants: readonly Pick<TenantState, 'tenant'>[],
): DatabaseStatus {
  const pending = new Set(all.flatMap((status) => status.pending))
  return {
    names: [...new Set(all.flatMap(({names}) => names))],
    current: all.flatMap(({current}) => current),
    pending: graph.topological.filter((id) => pending.has(id)),
    unknown: firstOfEach(all.flatMap(({unknown}) => unknown)),
    ...(all.some(({allowsUnknown: allows}) => allows) && {allowsUnknown: true}),
    edited: firstOfEach(all.flatMap(({edited}) => edited)),
    reformatted: firstOfEach(all.flatMap(({reformatted}) => reformatted)),
    partiallyApplied: [...new Set(all.flatMap(({partiallyApplied}) => partiallyApplied))],
    inProgress: [...new Set(all.flatMap(({inProgress}) => inProgress))],
    runs: all.flatMap(({runs}) => runs),
    tenants: tenants.flatMap(({tenant}, i) => {
      const status = all[i]
      return status === undefined ? [] : [stateOfTenant(tenant, status)]
    }),
  }
}

function stateOfTenant(tenant: string, status: StatusOfOne): TenantState {
  const {pending, unknown, partiallyApplied, inProgress, isMissing} = status
  const strays = status.allowsUnknown ? 0 : unknown.length
  return {
    tenant,
    upToDate: !isMissing && pending.length + strays + partiallyApplied.length + inProgress.length === 0,
    pending: pending.length,
    partiallyApplied,
    ...(isMissing && {isMissing}),
  }
}

/** Returns the first item for each revision. */
function firstOfEach<Item extends {readonly revision: RevisionId}>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.toReversed().map((item) => [item.revision, item])).values()].toReversed()
}

async function statusOf(
  project: ScriptProject,
  options: UnknownOptions,
  databases: readonly RecordedState[],
  changed: ChangedFiles,
  runs: ReadonlyMap<RecordedState['state'], LockHolder>,
): Promise<DatabaseStatus> {
  const {graph} = project.scripts
  const applied = databases.map((database) => appliedSetOf(graph, database))
  const unknown = await whereaboutsOf(
    project,
    databases.flatMap((database) => unknownOf(graph, database)),
  )
  const [only, ...others] = applied
  const reverted =
    only === undefined || others.length > 0 || unknown.length > 0 ? undefined : await outOfOrder(project, only)
  const begun = databases.flatMap(({state}) => {
    const revision = state.partiallyApplied?.revision
    const run = runs.get(state)
    return revision === undefined ? [] : {revision, isRunning: run !== undefined && run.isGone !== true}
  })
  return {
    names: databases.map(({address}) => address),
    current: databases.flatMap((database) => currentOf(graph, database)),
    pending: graph.topological.filter((id) => applied.some((set) => !set.has(id))),
    unknown: unknown.map(({revision, text, command}) => ({revision, text, ...(command !== undefined && {command})})),
    ...(allowsUnknown(project, options) && {allowsUnknown: true}),
    ...changed,
    partiallyApplied: begun.filter(({isRunning}) => !isRunning).map(({revision}) => revision),
    ...(reverted !== undefined && {outOfOrder: reverted}),
    inProgress: begun.filter(({isRunning}) => isRunning).map(({revision}) => revision),
    runs: [...runs.values()],
  }
}

/** Returns the run in progress on each database, by the state of the database. */
async function runsOn(databases: readonly OpenDatabase[]): Promise<ReadonlyMap<OpenDatabase['state'], LockHolder>> {
  const holders = await Promise.all(databases.map(async ({state, lock}) => [state, await lock?.holder()] as const))
  return new Map(holders.flatMap(([state, holder]) => (holder === undefined ? [] : [[state, holder] as const])))
}
