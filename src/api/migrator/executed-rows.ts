import type {SqlEntityManager} from '@mikro-orm/sql'
import {tableNamesOf, withDatabases} from '../../engine/databases.ts'
import type {ScriptProject} from '../../engine/project.ts'
import {contextOf} from '../../engine/run-context.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {isoTime} from '../../runner/state/version-store.ts'
import {qualifiedName} from '../../runner/state/tables.ts'

/** An applied revision. */
export interface ExecutedRow {
  readonly revision: RevisionId
  readonly appliedAt: Date
}

/** Returns the applied revisions of a database, in the order in which they were applied. */
export async function executedRows(project: ScriptProject, em: SqlEntityManager): Promise<readonly ExecutedRow[]> {
  const applied = await withDatabases(contextOf(project, {em}), async (databases) =>
    databases.flatMap(({state}) => state.applied),
  )
  if (applied.length === 0) return []
  const names = tableNamesOf(project)
  const table = qualifiedName(names, names.versionTable, em.getPlatform())
  const rows = await em.execute<readonly TimeRow[]>(`select revision, applied_at from ${table}`)
  const times = new Map(rows.map((row) => [row.revision, new Date(isoTime(row.applied_at))]))
  return applied.map(({revision}) => ({revision, appliedAt: times.get(revision) ?? new Date(0)}))
}

interface TimeRow {
  readonly revision: string
  readonly applied_at: string | number | Date
}
