import type {Finding} from '../../script/finding.ts'
import type {DatabaseOptions} from '../../engine/databases.ts'
import type {UnknownOptions} from '../../engine/unknown-revisions.ts'

export type {Finding}

export interface CheckOptions extends DatabaseOptions, UnknownOptions {
  /** Checks to run; default: all. */
  readonly names?: readonly string[] | undefined
  /** Revisions that the `commute` check applies in every order; default: the heads. */
  readonly targets?: readonly string[] | undefined
  /** Whether to prove each merge: both sides in either order on a temporary database. Runs the code of the revisions. */
  readonly prove?: boolean | undefined
  /** Commit to merge into; checks the heads after the merge. */
  readonly onto?: string | undefined
  /** Commit to merge; default: HEAD. */
  readonly headRef?: string | undefined
  /** Whether to compare the entities with a temporary database on which the history is replayed. */
  readonly scratch?: boolean | undefined
  /** Pattern of refs to merge, each on its own. */
  readonly refs?: string | undefined
}

/** Result of a check. */
export interface Check {
  readonly name: string
  /** Whether no finding is an error. */
  readonly ok: boolean
  /** False if the check could not run, which is a failure. */
  readonly isEvaluated?: false
  readonly findings: readonly Finding[]
}
