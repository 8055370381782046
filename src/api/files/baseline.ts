import type {BaselineOptions} from '../../baseline/baseline.ts'
import type {WriteOptions} from '../../engine/databases.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {stamp} from '../runs/migrate.ts'
import type {RevisionView} from '../../engine/views.ts'

/** A baseline that was written or verified. */
export interface BaselineResult {
  /** The revision that was written; null when one was verified. */
  readonly revision: RevisionView | null
  /** The revision that the databases are now recorded at; null if none was, as for a dump. */
  readonly stamped: RevisionId | null
  /** Objects that the baseline does not create. */
  readonly omitted: readonly string[]
  /** Suggested next command. */
  readonly next: string
}

/** Writes the first revision of a history from an existing database or a dump, and records it in the database. */
export async function baseline(options: BaselineOptions & WriteOptions): Promise<BaselineResult> {
  const {writeBaseline} = await import('../../baseline/baseline.ts')
  const {revision, omitted, hasEntities} = await writeBaseline(options)
  if (options.fromSql !== undefined) return {revision, stamped: null, omitted, next: 'mig baseline --verify'}
  await stamp({...options, target: revision.revision})
  const next = hasEntities ? 'mig revision --autogenerate -m "…"' : 'mig revision -m "…"'
  return {revision, stamped: revision.revision, omitted, next}
}

/** Records the baseline in databases that have exactly its schema. */
export async function verifyBaseline(options: WriteOptions): Promise<BaselineResult> {
  const {verifyBaseline: verify} = await import('../../baseline/verify.ts')
  const {revision: stamped, isFollowed} = await verify(options)
  await stamp({...options, target: stamped})
  return {revision: null, stamped, omitted: [], next: isFollowed ? 'mig upgrade' : 'mig revision -m "…"'}
}
