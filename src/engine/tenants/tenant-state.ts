import type {RevisionId} from '../../graph/revision.ts'

/** State of a tenant. */
export interface TenantState {
  readonly tenant: string
  readonly upToDate: boolean
  /** Number of unapplied revisions. */
  readonly pending: number
  /** Partially applied revisions. */
  readonly partiallyApplied: readonly RevisionId[]
  /** Set if its schema or database does not exist. */
  readonly isMissing?: true
}
