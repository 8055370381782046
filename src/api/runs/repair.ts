import {headsOf} from '../../graph/applied.ts'
import {stateIn} from '../../graph/recorded.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {PreparedStep} from '../../runner/prepare.ts'
import {NothingToRepairError} from '../../runner/run-errors.ts'
import type {Run} from '../../runner/run.ts'
import {rerunOf} from '../../runner/rerun.ts'
import {excerptOf} from '../../runner/state/excerpt.ts'
import type {PartiallyApplied} from '../../runner/state/store.ts'
import {runOf} from '../../engine/migrate.ts'
import {knownState} from '../../engine/plan-migration.ts'
import {withDatabases, withLockedDatabases} from '../../engine/databases.ts'
import type {DatabaseOptions, OpenDatabase, WriteOptions} from '../../engine/databases.ts'
import {openScripts} from '../../engine/project.ts'
import type {ScriptProject} from '../../engine/project.ts'
import {contextOf} from '../../engine/run-context.ts'
import type {RunContext} from '../../engine/run-context.ts'
import type {LockHolder} from '../../runner/events.ts'
import {unlessMissing} from '../../engine/tenants/missing-tenant.ts'
import {forEachTenant} from '../../engine/tenants/tenants.ts'

export interface RepairOptions extends WriteOptions {
  /** Action for a partially applied revision. */
  readonly action: 'resume' | 'mark-applied' | 'mark-not-applied'
  /** Reason, for the log. */
  readonly reason: string
  /** Whether a statement in doubt was executed, to resume where mig cannot find out. */
  readonly inDoubt?: 'executed' | 'not-executed' | undefined
}

/** A partially applied revision. */
export interface PartiallyAppliedView {
  readonly direction: 'upgrade' | 'downgrade'
  readonly revision: RevisionId
  /** Process that started it, and the time (ISO 8601). */
  readonly by: string
  readonly at: string
  readonly done: number
  /** Number of statements in the current file; null if it depends on a result. */
  readonly total: number | null
  /** Reason for the failure; null if the process died. */
  readonly reason: string | null
  /** Statements in the current file, without those that depend on a result. */
  readonly statements: readonly {readonly sql: string; readonly state: 'done' | 'in doubt' | 'not done'}[]
  /** Whether it can resume after the last executed statement. */
  readonly isResumable: boolean
  /** Whether to resume, the user must say whether the statement in doubt was executed. */
  readonly needsDecision: boolean
  /** The run that is executing it, if it is in progress. */
  readonly run?: LockHolder
  /** Name of the database, if there are several. */
  readonly database?: string
  /** Name of the tenant, if there are tenants. */
  readonly tenant?: string
}

/** The repaired revisions, and the heads of the database afterwards. */
export interface RepairResult {
  readonly repaired: readonly RevisionId[]
  readonly heads: readonly RevisionId[]
}

/** Returns partially applied revisions. */
export async function partiallyApplied(options: DatabaseOptions): Promise<readonly PartiallyAppliedView[]> {
  const context = contextOf(await openScripts(options), options)
  const read = async (tenant: RunContext<ScriptProject>): Promise<readonly PartiallyAppliedView[]> =>
    unlessMissing(options, partiallyAppliedOf(tenant), [])
  const {results} = await forEachTenant(context, options, read, {isRead: true})
  return results.flat()
}

async function partiallyAppliedOf(context: RunContext<ScriptProject>): Promise<readonly PartiallyAppliedView[]> {
  return withDatabases(context, async (databases) => {
    const {preparePartial} = await import('../../runner/repair.ts')
    const views: PartiallyAppliedView[] = []
    for (const database of databases) {
      const partial = database.state.partiallyApplied
      if (partial === undefined) continue
      const run = await runOf(context, database, knownState(context.project.scripts.graph, database))
      // A revision that can no longer be loaded can still be marked.
      const prepared = await preparePartial(run, partial).catch(() => undefined)
      const holder = await database.lock?.holder()
      const view = viewOf(partial, prepared, database)
      views.push(holder === undefined || holder.isGone ? view : {...view, run: holder})
    }
    return views
  })
}

/**
 * Resumes partially applied revisions, or marks them as applied or not applied.
 *
 * @throws MigError NOTHING_TO_REPAIR, RESUME_MISMATCH, STATEMENT_IN_DOUBT, REVISION_FAILED
 */
export async function repair(options: RepairOptions): Promise<RepairResult> {
  const context = contextOf(await openScripts(options), options)
  const {results} = await forEachTenant(context, options, async (tenant) =>
    unlessMissing(options, repairAll(tenant, options), {
      repaired: [],
      heads: [],
      databases: [tenant.project.tenant?.name ?? ''],
    }),
  )
  const repaired = results.flatMap((result) => result.repaired)
  if (repaired.length === 0) throw new NothingToRepairError(results.flatMap((result) => result.databases))
  return {repaired, heads: results.findLast((result) => result.repaired.length > 0)?.heads ?? []}
}

type Decision = Pick<RepairOptions, 'action' | 'reason' | 'inDoubt'>

interface Repaired extends RepairResult {
  /** URLs of the searched databases, without passwords. */
  readonly databases: readonly string[]
}

async function repairAll(context: RunContext<ScriptProject>, options: Decision): Promise<Repaired> {
  const {graph} = context.project.scripts
  return withLockedDatabases(context, async (databases) => {
    const repaired: RevisionId[] = []
    let heads: readonly RevisionId[] = []
    for (const database of databases) {
      const partial = database.state.partiallyApplied
      if (partial === undefined) continue
      const run = await runOf(context, database, knownState(graph, database))
      await repairOne(run, partial, options)
      repaired.push(partial.revision)
      const after = stateIn(graph, (await database.store.read()).applied)
      heads = headsOf(after.graph, after.applied)
    }
    return {repaired, heads, databases: databases.map(({session}) => session.name)}
  })
}

async function repairOne(run: Run, partial: PartiallyApplied, {action, reason, inDoubt}: Decision): Promise<void> {
  const {mark, resume} = await import('../../runner/repair.ts')
  switch (action) {
    case 'resume':
      return resume(run, partial, reason, inDoubt && inDoubt === 'executed')
    case 'mark-applied':
      return mark(run, partial, true, reason)
    case 'mark-not-applied':
      return mark(run, partial, false, reason)
  }
}

function viewOf(
  partial: PartiallyApplied,
  prepared: PreparedStep | undefined,
  {name, tenant}: OpenDatabase,
): PartiallyAppliedView {
  const {action, revision, by, at, done, total, reason, statement, digest} = partial
  const next = prepared?.statements[done]?.sql
  const isSame = next !== undefined && statement !== undefined && excerptOf(next) === statement
  const stateAt = (i: number): 'done' | 'in doubt' | 'not done' =>
    i < done ? 'done' : i === done && statement !== undefined ? 'in doubt' : 'not done'
  return {
    direction: action,
    revision,
    by,
    at,
    done,
    total: (prepared?.isWaiting === false ? prepared.statements.length : total) ?? null,
    reason: reason ?? null,
    statements: prepared?.statements.map(({sql}, i) => ({sql, state: stateAt(i)})) ?? [],
    isResumable: digest !== undefined && prepared !== undefined,
    needsDecision: statement !== undefined && !(isSame && rerunOf(next).kind !== 'unknown'),
    ...(name !== undefined && {database: name}),
    ...(tenant !== undefined && {tenant}),
  }
}
