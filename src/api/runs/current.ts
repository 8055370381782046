import {currentRevisions} from '../../graph/applied.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import {appliedSetOf, withDatabases} from '../../engine/databases.ts'
import type {DatabaseOptions, OpenDatabase} from '../../engine/databases.ts'
import {editedOf} from '../../engine/edited.ts'
import type {EditedRevision} from '../../engine/edited.ts'
import {openScripts} from '../../engine/project.ts'
import type {ScriptProject} from '../../engine/project.ts'
import {contextOf} from '../../engine/run-context.ts'
import type {RunContext} from '../../engine/run-context.ts'
import {forEachTenant} from '../../engine/tenants/tenants.ts'
import {viewOutsideGraph, viewsOf} from '../../engine/views.ts'
import type {RevisionView} from '../../engine/views.ts'
import {whereaboutsOf} from '../../engine/locate-revision.ts'

/** A revision that a database stands on. */
export interface CurrentView extends RevisionView {
  /** Set when no file has the revision. */
  readonly isUnknown?: true
  /** Where git has it, when no file does: "it is on origin/feature-x (4f2a9c1, Ana, 2 days ago)". */
  readonly whereabouts?: string
  /** The name of the database, where the configuration has several. */
  readonly database?: string
  /** The name of the tenant, where there are any. */
  readonly tenant?: string
}

export interface CurrentResult {
  /** The applied revisions that no applied one comes after. */
  readonly current: readonly CurrentView[]
  /** Whether everything that the files have is applied, and nothing else. */
  readonly upToDate: boolean
  /** What is not applied yet, in the order in which it would be. */
  readonly pending: readonly RevisionId[]
  /** Revisions of which some statements were run and others were not: `mig repair` shows them. */
  readonly partiallyApplied: readonly RevisionId[]
  /** The databases that were asked, without passwords. */
  readonly databases: readonly string[]
  /** Applied revisions whose files were edited since, when that was asked for. */
  readonly edited?: readonly EditedRevision[]
  /** How far each tenant is, where there are any. */
  readonly tenants?: readonly TenantState[]
}

export interface CurrentOptions extends DatabaseOptions {
  /** Whether the files are compared with what was applied. */
  readonly verbose?: boolean | undefined
}

/** How far a tenant is. */
export interface TenantState {
  readonly tenant: string
  readonly upToDate: boolean
  /** How many revisions are not applied yet. */
  readonly pending: number
}

/** Returns what a database stands on. */
export async function current(options: CurrentOptions): Promise<CurrentResult> {
  const project = await openScripts(options)
  const {results, tenants} = await forEachTenant(contextOf(project, options), options, async (context) =>
    currentOfAll(context, options.verbose ?? false),
  )
  const pending = new Set(results.flatMap((result) => result.pending))
  return {
    current: results.flatMap((result) => result.current),
    upToDate: results.every((result) => result.upToDate),
    pending: project.scripts.graph.topological.filter((id) => pending.has(id)),
    partiallyApplied: [...new Set(results.flatMap((result) => result.partiallyApplied))],
    databases: results.flatMap((result) => result.databases),
    ...(options.verbose && {edited: results.flatMap(({edited = []}) => edited)}),
    ...(tenants && {
      tenants: results.map(({upToDate, pending: open}, i) => ({
        tenant: tenants[i]?.tenant ?? '',
        upToDate,
        pending: open.length,
      })),
    }),
  }
}

async function currentOfAll(context: RunContext<ScriptProject>, verbose: boolean): Promise<CurrentResult> {
  const {project} = context
  const {graph} = project.scripts
  return withDatabases(context, async (databases) => {
    const applied = databases.map(appliedSetOf)
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
        !applied.some((set) => [...set].some(isUnknown)) &&
        databases.every(({state}) => state.partiallyApplied === undefined),
      pending,
      partiallyApplied: databases.flatMap(({state}) => state.partiallyApplied?.revision ?? []),
      databases: databases.map(({session}) => session.name),
      ...(verbose && {edited: await editedOf(project, databases)}),
    }
  })
}

/** Returns the revisions that a database stands on. */
export function currentOf(graph: RevisionGraph<ScriptRevision>, database: OpenDatabase): CurrentView[] {
  const state = database.state.applied
  const known = new Set(state.filter(({revision}) => graph.has(revision)).map(({revision}) => revision))
  const unknown = state.filter(({revision}) => !graph.has(revision))
  // The table knows what an unknown revision stands on: what it covers is not what the database stands on.
  const covered = new Set(unknown.flatMap(({downRevisions}) => downRevisions))
  const views = viewsOf(graph, true)
  const named = {
    ...(database.name !== undefined && {database: database.name}),
    ...(database.tenant !== undefined && {tenant: database.tenant}),
  }
  return [
    ...graph
      .sorted(currentRevisions(graph, known))
      .filter((id) => !covered.has(id))
      .map((id) => ({...views(id), ...named})),
    ...unknown
      .filter(({revision}) => !covered.has(revision))
      .map((row) => ({...viewOutsideGraph({...row, id: row.revision}), isUnknown: true as const, ...named})),
  ]
}
