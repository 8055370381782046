import type {ErrorCode} from '../errors.ts'
import type {Step} from '../graph/plan.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {CountedLoss} from '../runner/count-losses.ts'
import type {MoreStatements} from '../runner/prepare.ts'
import type {TenantStatus} from '../runner/events.ts'

/** A step of a run or of a plan. */
export interface StepView {
  readonly direction: Step['direction']
  readonly revision: RevisionId
  readonly message: string
  /** The heads in the version table after the step. */
  readonly heads: readonly RevisionId[]
  /** Set if a descendant of the revision was applied before it. */
  readonly outOfOrder?: true
  /** Set if a stamp removes the revision from the version table: with it, all that are removed. */
  readonly removed?: readonly RevisionId[]
  /** Changes that a stamp makes in the version table. */
  readonly recorded?: {readonly added: readonly RevisionId[]; readonly removed: readonly RevisionId[]}
  /** The name of the database, if the configuration has several. */
  readonly database?: string
  /** The name of the tenant, if any. */
  readonly tenant?: string
  /** On a dry run, the statements known in advance. */
  readonly statements?: readonly string[]
  /** On a dry run, set if more statements may follow that are only known when the revision runs. */
  readonly more?: MoreStatements
  /** The rows and values that the database would lose, as counted before the run; absent if none are known. */
  readonly losses?: readonly CountedLoss[]
  /** On a dry run of a switch, the known data loss. */
  readonly losesData?: readonly string[]
  /** Set if it may lose more: parts of its code cannot be read without running it. */
  readonly mayLoseData?: true
}

export interface MigrateResult {
  readonly steps: readonly StepView[]
  /** The heads of the database afterwards; for several databases or tenants, the heads they have in common. */
  readonly heads: readonly RevisionId[]
  /** The heads of each database afterwards, if there are several. */
  readonly databases?: readonly DatabaseHeads[]
  /** Applied revisions that are missing from the files, if there are any and they are allowed. */
  readonly unknown?: readonly RevisionId[]
  /** A report for each tenant, if any. */
  readonly tenants?: readonly TenantReport[]
}

/** The heads of one of several databases. */
interface DatabaseHeads {
  readonly database: string
  readonly heads: readonly RevisionId[]
}

/** The outcome of a run for one tenant. */
export interface TenantReport {
  readonly tenant: string
  readonly status: TenantStatus
  /** The steps of a run that did not fail. */
  readonly steps: readonly StepView[]
  /** The heads of the tenant; null if not known. */
  readonly heads: readonly RevisionId[] | null
  readonly error: TenantError | null
}

interface TenantError {
  readonly code: ErrorCode | 'INTERNAL'
  readonly message: string
  /** The lines of the message. */
  readonly lines: readonly string[]
  readonly hint: string | null
  readonly data: object | null
}
