import {currentRevisions, headsOf} from '../../graph/applied.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import type {BundleOptions} from '../../engine/bundle/bundle.ts'
import {appliedSetOf, stateOf} from '../../engine/database-state.ts'
import type {DatabaseOptions} from '../../engine/databases.ts'
import {changedFiles} from '../../engine/edited.ts'
import type {EditedRevision} from '../../engine/edited.ts'
import {openScripts} from '../../engine/project.ts'
import type {ScriptProject} from '../../engine/project.ts'
import {statesOf} from '../../engine/recorded-states.ts'
import type {RecordedState} from '../../engine/recorded-states.ts'
import {contextOf} from '../../engine/run-context.ts'
import type {RunContext} from '../../engine/run-context.ts'
import {unlessMissing} from '../../engine/tenants/missing-tenant.ts'
import type {TenantState} from '../../engine/tenants/tenant-state.ts'
import {forEachTenant} from '../../engine/tenants/tenants.ts'
import {viewOutsideGraph, viewsOf} from '../../engine/views.ts'
import type {RevisionView} from '../../engine/views.ts'
import {whereaboutsOf} from '../../engine/locate-revision.ts'
import {allowsUnknown} from '../../engine/unknown-revisions.ts'
import type {UnknownOptions} from '../../engine/unknown-revisions.ts'

/** A current revision of a database. */
export interface CurrentView extends RevisionView {
  /** Set if another applied revision depends on it, so that it is not a head of the database. */
  readonly isCovered?: true
  /** Set if the revision is missing from the files. */
  readonly isUnknown?: true
  /** Location in git of a missing revision: "it is on origin/feature-x (4f2a9c1, Ana, 2 days ago)". */
  readonly whereabouts?: string
  /** Name of the database, if there are several. */
  readonly database?: string
  /** Name of the tenant, if there are tenants. */
  readonly tenant?: string
}

export interface CurrentResult {
  /** Applied revisions without an applied child. */
  readonly current: readonly CurrentView[]
  /** Whether exactly the revisions of the files are applied; others may be, too, if unknown revisions are allowed. */
  readonly upToDate: boolean
  /** Unapplied revisions, in upgrade order. */
  readonly pending: readonly RevisionId[]
  /** Partially applied revisions; `mig repair` shows the details. */
  readonly partiallyApplied: readonly RevisionId[]
  /** URLs of the databases, without passwords. */
  readonly databases: readonly string[]
  /** Applied revisions whose files were edited since; empty unless `verbose` is set. */
  readonly edited: readonly EditedRevision[]
  /** Applied revisions whose files have another text, but do the same; empty unless `verbose` is set. */
  readonly reformatted: readonly EditedRevision[]
  /** State of each tenant; empty if there are no tenants. */
  readonly tenants: readonly TenantState[]
}

export interface CurrentOptions extends DatabaseOptions, UnknownOptions, BundleOptions {
  /** Whether to compare the files with the applied texts. */
  readonly verbose?: boolean | undefined
}

/** Returns the current revisions of the databases. */
export async function current(options: CurrentOptions): Promise<CurrentResult> {
  const project = await openScripts(options)
  const read = async (context: RunContext<ScriptProject>): Promise<CurrentOfAll> =>
    unlessMissing(
      options,
      currentOfAll(context, options.verbose ?? false, allowsUnknown(project, options)),
      currentOfMissing(project),
    )
  const {results, tenants} = await forEachTenant(contextOf(project, options), options, read, {isRead: true})
  const pending = new Set(results.flatMap((result) => result.pending))
  return {
    current: results.flatMap((result) => result.current),
    upToDate: results.every((result) => result.upToDate),
    pending: project.scripts.graph.topological.filter((id) => pending.has(id)),
    partiallyApplied: [...new Set(results.flatMap((result) => result.partiallyApplied))],
    databases: results.flatMap((result) => result.databases),
    edited: results.flatMap(({edited}) => edited),
    reformatted: results.flatMap(({reformatted}) => reformatted),
    tenants: (tenants ?? []).flatMap(({tenant}, i) => {
      const result = results[i]
      if (result === undefined) return []
      const {upToDate, pending: open, partiallyApplied, isMissing} = result
      return [{tenant, upToDate, pending: open.length, partiallyApplied, ...(isMissing && {isMissing})}]
    }),
  }
}

type CurrentOfAll = Omit<CurrentResult, 'tenants'> & {readonly isMissing?: true}

function currentOfMissing({scripts}: ScriptProject): CurrentOfAll {
  const nothing = {current: [], partiallyApplied: [], databases: [], edited: [], reformatted: []}
  return {...nothing, upToDate: false, pending: scripts.graph.topological, isMissing: true}
}

async function currentOfAll(
  context: RunContext<ScriptProject>,
  verbose: boolean,
  isTolerant: boolean,
): Promise<CurrentOfAll> {
  const {project} = context
  const {graph} = project.scripts
  const databases = await statesOf(context)
  const applied = databases.map((database) => appliedSetOf(graph, database))
  const isUnknown = (id: RevisionId): boolean => !graph.has(id)
  const pending = graph.topological.filter((id) => applied.some((set) => !set.has(id)))
  const views = databases.flatMap((database) => currentOf(graph, database))
  const rows = databases.flatMap(({state}) => state.applied)
  const places = await whereaboutsOf(
    project,
    rows.filter(({revision}) => views.some((view) => view.isUnknown && view.revision === revision)),
  )
  const whereabouts = new Map(places.map(({revision, text}) => [revision, text]))
  return {
    current: views.map((view) => {
      const text = view.isUnknown && whereabouts.get(view.revision)
      return text ? {...view, whereabouts: text} : view
    }),
    upToDate:
      pending.length === 0 &&
      (isTolerant || !applied.some((set) => [...set].some(isUnknown))) &&
      databases.every(({state}) => state.partiallyApplied === undefined),
    pending,
    partiallyApplied: databases.flatMap(({state}) => state.partiallyApplied?.revision ?? []),
    databases: databases.map(({address}) => address),
    ...(verbose ? await changedFiles(context, databases) : {edited: [], reformatted: []}),
  }
}

/** Returns the current revisions of a database. */
export function currentOf(
  files: RevisionGraph<ScriptRevision>,
  database: Pick<RecordedState, 'name' | 'tenant' | 'state'>,
): CurrentView[] {
  const {graph, applied: known, unknown: unknownIds} = stateOf(files, database)
  const unknown = database.state.applied.filter(({revision}) => unknownIds.has(revision))
  // The version table records the parents of unknown revisions; revisions below them are not current.
  const covered = new Set(unknown.flatMap(({downRevisions}) => downRevisions))
  const heads = new Set(headsOf(graph, known))
  const views = viewsOf(graph, true)
  const named = {
    ...(database.name !== undefined && {database: database.name}),
    ...(database.tenant !== undefined && {tenant: database.tenant}),
  }
  return [
    ...graph
      .sorted(currentRevisions(graph, known))
      .filter((id) => !covered.has(id))
      .map((id) => ({...views(id), ...(!heads.has(id) && {isCovered: true as const}), ...named})),
    ...unknown
      .filter(({revision}) => !covered.has(revision))
      .map((row) => ({...viewOutsideGraph({...row, id: row.revision}), isUnknown: true as const, ...named})),
  ]
}
