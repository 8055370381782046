import type {RevisionId} from '../graph/revision.ts'

/** An event of a run, with its tenant if there are any. Commands print events; the core never prints. */
export type RunEvent = (RunEventKind | TenantEvent) & {readonly tenant?: string}

/** An event of a run on several tenants. */
type TenantEvent =
  | {readonly kind: 'tenants-start'; readonly tenants: number}
  | {
      readonly kind: 'tenant-done'
      readonly tenant: string
      readonly status: TenantStatus
      /** The number of revisions run. */
      readonly steps: number
      readonly direction?: StepInfo['direction']
      readonly durationMs: number
      readonly error?: string
    }

/** The outcome of a run for one tenant; `planned` for a dry run. */
export type TenantStatus = 'done' | 'unchanged' | 'planned' | 'failed' | 'interrupted' | 'not started'

type RunEventKind =
  /** All databases are planned and prepared. */
  | {readonly kind: 'run-start'; readonly steps: number}
  /** A plan is about to run. */
  | {
      readonly kind: 'plan'
      readonly database: string
      readonly steps: number
      readonly outOfOrder: readonly RevisionId[]
    }
  | ({readonly kind: 'step-start'} & StepInfo)
  | ({readonly kind: 'step-done'; readonly durationMs: number} & StepInfo)
  /** The run waits for another run to release the lock. */
  | {
      readonly kind: 'lock-wait'
      readonly database: string
      readonly holder: LockHolder | undefined
      readonly waitedMs: number
    }
  /** A statement waits for locks that other sessions hold. */
  | {readonly kind: 'blocked'; readonly by: readonly Blocker[]; readonly waitedMs: number}
  /** Work that was rolled back after a lock failure is retried. */
  | {
      readonly kind: 'retry'
      readonly attempt: number
      readonly attempts: number
      readonly pauseMs: number
      readonly reason: string
    }
  /** A statement is about to be sent. */
  | {readonly kind: 'statement'; readonly sql: string}
  /** Information for the user. */
  | {readonly kind: 'note'; readonly text: string}

/** The holder of a database's run lock. */
export type LockHolder = (
  | {
      /** Id of its session on the server, for the lock of a session. */
      readonly session: number
    }
  | {
      /** Id of its process, for a lock row and for an embedded database. */
      readonly pid: number
    }
) & {
  /** The name of the holder: an application name, or user and host. */
  readonly name: string
  /** Start time in ISO 8601; undefined if unknown. */
  readonly since: string | undefined
  /** Set if the process is known to have ended; the next run removes its lock row. */
  readonly isGone?: true
}

/** A session that blocks another one. */
export interface Blocker {
  /** The id of the session on the server. */
  readonly session: number
  readonly name: string
  /** The age of its transaction, in milliseconds. */
  readonly ageMs: number
  /** Its current or last query. */
  readonly query: string
}

export interface StepInfo {
  readonly direction: 'upgrade' | 'downgrade' | 'stamp'
  readonly revision: RevisionId
  readonly message: string
  readonly database: string
  /** Set if the configuration has several databases: `database` is a name from it. */
  readonly isOneOfSeveral?: true
  /** Set if a stamp removed the revision from the version table: with it, all that were removed. */
  readonly removed?: readonly RevisionId[]
}

export type OnEvent = (event: RunEvent) => void
