import type {Finding} from '../../script/finding.ts'
import type {DatabaseOptions} from '../../engine/databases.ts'

export type {Finding}

export interface CheckOptions extends DatabaseOptions {
  /** Which checks; all when left out. */
  readonly names?: readonly string[] | undefined
  /** The commit that the heads are checked against: those after a merge into it count. */
  readonly onto?: string | undefined
  /** What would be merged; HEAD when left out. */
  readonly headRef?: string | undefined
  /** Whether the entities are compared with a database made for it, on which the history is replayed. */
  readonly scratch?: boolean | undefined
  /** Every ref that fits this pattern would be merged, each by itself. */
  readonly refs?: string | undefined
}

/** What one check came to. */
export interface Check {
  readonly name: string
  /** Whether nothing that it found is an error. */
  readonly ok: boolean
  /** False when the check could not run, which is a failure. */
  readonly isEvaluated?: false
  readonly findings: readonly Finding[]
}
