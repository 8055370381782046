import type {GraphState} from '../graph/recorded.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {RecordingContext} from '../operations/operations.ts'
import type {FileTree} from '../script/file-tree.ts'
import type {LoadRevision} from '../script/load.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import type {Command} from './connection/command.ts'
import type {RunSession} from './connection/run-session.ts'
import type {OnEvent} from './events.ts'
import type {Hooks} from './lifecycle-hooks.ts'
import type {StateTable, StateWriter} from './state/store.ts'
import type {Timeouts} from '../dialects/dialect.ts'

/** The revisions of a project and their code. */
export interface RevisionSource {
  readonly graph: RevisionGraph<ScriptRevision>
  readonly tree: FileTree
  readonly load: LoadRevision
}

/** The state that a plan was made for. */
interface StartState {
  readonly applied: ReadonlySet<RevisionId>
  /** Applied revisions that are no heads because of applied ones that are missing from the graph. */
  readonly covered?: ReadonlySet<RevisionId>
  readonly missing: readonly StateTable[]
  /** The rows of the version table, if squashes are recorded or replaced. */
  readonly recorded?: Pick<GraphState, 'rows' | 'originalsOf'>
}

/** Transaction mode and timeouts. */
interface TransactionSettings {
  readonly transaction: 'all' | 'each'
  readonly timeouts: Timeouts
}

/** The context shared by a run on a database and a script for one. */
export interface StepContext {
  readonly caller?: Caller
  readonly session: RunSession
  readonly state: StateWriter
  readonly revisions: RevisionSource
  readonly start: StartState
  /** The part of the context that revisions can access. */
  readonly context: RecordingContext
  readonly settings: TransactionSettings
}

/** Settings for lock retries, recorded downgrades, and hooks. */
interface RunPolicy {
  /** The number of retries after lock failures. */
  readonly lockRetries: number
  /** Whether to record the SQL that reverts a revision. */
  readonly recordDowngrade: boolean
  readonly hooks: Hooks
  /** The absolute path of the project folder. */
  readonly root: string
}

/** The caller of a run, which receives its events and may abort it. */
interface Caller {
  readonly onEvent: OnEvent
  readonly signal: AbortSignal | undefined
}

/** A run on a database. */
export interface Run extends StepContext {
  readonly policy: RunPolicy
  /** Commands run first in every transaction to check that the lock is still held. */
  readonly fence: readonly Command[]
  readonly caller: Caller
}
