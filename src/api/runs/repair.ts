import {headsOf} from '../../graph/applied.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {PreparedStep} from '../../runner/prepare.ts'
import {NothingToRepairError} from '../../runner/run-errors.ts'
import type {Run} from '../../runner/runner.ts'
import type {HalfApplied} from '../../runner/state/version-store.ts'
import {knownState, runOf} from '../../engine/migrate.ts'
import {withDatabases, withLockedDatabases} from '../../engine/databases.ts'
import type {DatabaseOptions, OpenDatabase, WriteOptions} from '../../engine/databases.ts'
import {openScripts} from '../../engine/project.ts'
import type {ScriptProject} from '../../engine/project.ts'
import {forEachTenant} from '../../engine/tenants/tenants.ts'

export interface RepairOptions extends WriteOptions {
  /** What to do with a revision that is half applied. */
  readonly action: 'resume' | 'mark-applied' | 'mark-not-applied'
  /** Why, for the log. */
  readonly reason: string
}

/** A revision of which some statements were run, and others were not. */
export interface HalfAppliedView {
  readonly direction: 'upgrade' | 'downgrade'
  readonly revision: RevisionId
  /** Who began it, and when. */
  readonly by: string
  readonly at: string
  readonly done: number
  readonly total: number | null
  /** Why it ended; null when the process died. */
  readonly reason: string | null
  /** Its statements as they are in its file now; those that wait for a result are not among them. */
  readonly statements: readonly {readonly sql: string; readonly state: 'done' | 'in doubt' | 'not done'}[]
  /** Whether it can go on behind the last statement that was run. */
  readonly isResumable: boolean
  /** The name of the database, where the configuration has several. */
  readonly database?: string
  /** The name of the tenant, where there are any. */
  readonly tenant?: string
}

/** Returns what is half applied. */
export async function halfApplied(options: DatabaseOptions): Promise<readonly HalfAppliedView[]> {
  return (await forEachTenant(await openScripts(options), options, halfAppliedOf)).results.flat()
}

async function halfAppliedOf(project: ScriptProject, options: DatabaseOptions): Promise<readonly HalfAppliedView[]> {
  return withDatabases(project, options, async (databases) => {
    const {prepareHalf} = await import('../../runner/repair.ts')
    const views: HalfAppliedView[] = []
    for (const database of databases) {
      const half = database.state.halfApplied
      if (half === undefined) continue
      const run = await runOf(project, options, database, knownState(project.scripts.graph, database))
      // What cannot be loaded any more can still be marked.
      const prepared = await prepareHalf(run, half).catch(() => undefined)
      views.push(viewOf(half, prepared, database))
    }
    return views
  })
}

/**
 * Brings revisions that are half applied to one of their two ends.
 *
 * @throws MigError NOTHING_TO_REPAIR, RESUME_MISMATCH, REVISION_FAILED
 */
export async function repair(
  options: RepairOptions,
): Promise<{readonly repaired: readonly RevisionId[]; readonly heads: readonly RevisionId[]}> {
  const project = await openScripts(options)
  const {results} = await forEachTenant(project, options, repairAll)
  const repaired = results.flatMap((result) => result.repaired)
  if (repaired.length === 0) throw new NothingToRepairError(results.flatMap((result) => result.databases))
  return {repaired, heads: results.findLast((result) => result.repaired.length > 0)?.heads ?? []}
}

/** What was repaired, and what the database that was stands on now. */
interface Repaired {
  readonly repaired: readonly RevisionId[]
  readonly heads: readonly RevisionId[]
  /** Where something was looked for, without passwords. */
  readonly databases: readonly string[]
}

async function repairAll(project: ScriptProject, options: RepairOptions): Promise<Repaired> {
  const {graph} = project.scripts
  return withLockedDatabases(project, options, async (databases) => {
    const repaired: RevisionId[] = []
    let heads: readonly RevisionId[] = []
    for (const database of databases) {
      const half = database.state.halfApplied
      if (half === undefined) continue
      const run = await runOf(project, options, database, knownState(graph, database))
      await repairOne(run, half, options)
      repaired.push(half.revision)
      heads = headsOf(graph, new Set((await database.store.read()).applied.map(({revision}) => revision)))
    }
    return {repaired, heads, databases: databases.map(({session}) => session.name)}
  })
}

async function repairOne(run: Run, half: HalfApplied, {action, reason}: RepairOptions): Promise<void> {
  const {mark, resume} = await import('../../runner/repair.ts')
  switch (action) {
    case 'resume':
      return resume(run, half, reason)
    case 'mark-applied':
      return mark(run, half, true, reason)
    case 'mark-not-applied':
      return mark(run, half, false, reason)
  }
}

function viewOf(half: HalfApplied, prepared: PreparedStep | undefined, {name, tenant}: OpenDatabase): HalfAppliedView {
  const {action, revision, by, at, done, total, reason, statement, digest} = half
  const stateAt = (i: number): 'done' | 'in doubt' | 'not done' =>
    i < done ? 'done' : i === done && statement !== undefined ? 'in doubt' : 'not done'
  return {
    direction: action,
    revision,
    by,
    at,
    done,
    total: total ?? null,
    reason: reason ?? null,
    statements: prepared?.statements.map(({sql}, i) => ({sql, state: stateAt(i)})) ?? [],
    isResumable: digest !== undefined && prepared !== undefined,
    ...(name !== undefined && {database: name}),
    ...(tenant !== undefined && {tenant}),
  }
}
