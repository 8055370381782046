import type {RevisionId} from '../graph/revision.ts'

/** What a run tells while it goes on. Commands print it; the core never does. */
export type RunEvent =
  /** The plan is made, and about to be run. */
  | {
      readonly kind: 'plan'
      readonly database: string
      readonly steps: number
      readonly outOfOrder: readonly RevisionId[]
    }
  | ({readonly kind: 'step-start'} & StepInfo)
  | ({readonly kind: 'step-done'; readonly durationMs: number} & StepInfo)
  /** A statement is about to be sent. */
  | {readonly kind: 'statement'; readonly sql: string}
  /** Something that a user should know. */
  | {readonly kind: 'note'; readonly text: string}

export interface StepInfo {
  readonly direction: 'upgrade' | 'downgrade' | 'stamp'
  readonly revision: RevisionId
  readonly message: string
  readonly database: string
}

export type OnEvent = (event: RunEvent) => void
