import type {ErrorCode} from '../errors.ts'
import type {Step} from '../graph/plan.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {TenantStatus} from '../runner/events.ts'

/** One step that was taken, or that would be. */
export interface StepView {
  readonly direction: Step['direction']
  readonly revision: RevisionId
  readonly message: string
  /** What the version table holds after the step. */
  readonly heads: readonly RevisionId[]
  /** Set when something that stands on the revision was applied before it. */
  readonly outOfOrder?: true
  /** The name of the database, where the configuration has several. */
  readonly database?: string
  /** The name of the tenant, where there are any. */
  readonly tenant?: string
  /** On a dry run: the statements that are known before the step is run. */
  readonly statements?: readonly string[]
  /** On a dry run of a switch: what is lost, as far as it is known. */
  readonly losesData?: readonly string[]
}

export interface MigrateResult {
  readonly steps: readonly StepView[]
  /** The heads of the database afterwards; of several databases or tenants, those that all of them have. */
  readonly heads: readonly RevisionId[]
  /** What was done for each tenant, where there are any. */
  readonly tenants?: readonly TenantReport[]
}

/** How a run ended for one tenant. */
export interface TenantReport {
  readonly tenant: string
  readonly status: TenantStatus
  /** What was done, when it did not fail. */
  readonly steps: readonly StepView[]
  /** What it stands on; null when that is not known. */
  readonly heads: readonly RevisionId[] | null
  readonly error: TenantError | null
}

interface TenantError {
  readonly code: ErrorCode | 'INTERNAL'
  readonly message: string
  readonly data: object | null
}
