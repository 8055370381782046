import type {RevisionId} from '../graph/revision.ts'

/** What a run tells while it goes on, of which tenant if there are any. Commands print it; the core never does. */
export type RunEvent = (RunEventKind | TenantEvent) & {readonly tenant?: string}

/** What is told of a run on many tenants besides the events of each. */
type TenantEvent =
  | {readonly kind: 'tenants-start'; readonly tenants: number}
  | {
      readonly kind: 'tenant-done'
      readonly tenant: string
      readonly status: TenantStatus
      /** How many revisions, and what was done with them. */
      readonly steps: number
      readonly direction?: StepInfo['direction']
      readonly durationMs: number
      readonly error?: string
    }

/** How a run ended for one tenant; `planned` when it was not to do anything. */
export type TenantStatus = 'done' | 'unchanged' | 'planned' | 'failed' | 'interrupted' | 'not started'

type RunEventKind =
  /** Everything is planned and prepared, on all databases. */
  | {readonly kind: 'run-start'; readonly steps: number}
  /** The plan is made, and about to be run. */
  | {
      readonly kind: 'plan'
      readonly database: string
      readonly steps: number
      readonly outOfOrder: readonly RevisionId[]
    }
  | ({readonly kind: 'step-start'} & StepInfo)
  | ({readonly kind: 'step-done'; readonly durationMs: number} & StepInfo)
  /** Another run is at work on the database, and this one waits for it. */
  | {
      readonly kind: 'lock-wait'
      readonly database: string
      readonly holder: LockHolder | undefined
      readonly waitedMs: number
    }
  /** A statement waits for others that have locked what it needs. */
  | {readonly kind: 'blocked'; readonly by: readonly Blocker[]; readonly waitedMs: number}
  /** What was undone because of a lock is tried again. */
  | {
      readonly kind: 'retry'
      readonly attempt: number
      readonly attempts: number
      readonly pauseMs: number
      readonly reason: string
    }
  /** A statement is about to be sent. */
  | {readonly kind: 'statement'; readonly sql: string}
  /** Something that a user should know. */
  | {readonly kind: 'note'; readonly text: string}

/** Who holds the lock of a database. */
export interface LockHolder {
  /** What the holder calls itself: an application name, or user and host. */
  readonly name: string
  /** Its process: on the server for PostgreSQL and MySQL, on its host for others. */
  readonly pid: number
  /** Since when, as ISO 8601; undefined where the database does not say. */
  readonly since: string | undefined
}

/** A session whose locks another one waits for. */
export interface Blocker {
  readonly pid: number
  readonly name: string
  /** How long its transaction has been open. */
  readonly ageMs: number
  /** What it is doing, or did last. */
  readonly query: string
}

export interface StepInfo {
  readonly direction: 'upgrade' | 'downgrade' | 'stamp'
  readonly revision: RevisionId
  readonly message: string
  readonly database: string
}

export type OnEvent = (event: RunEvent) => void
