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

/** The revisions of a project, and their code. */
export interface RevisionSource {
  readonly graph: RevisionGraph<ScriptRevision>
  readonly tree: FileTree
  readonly load: LoadRevision
}

/** The state that a plan was made for. */
interface StartState {
  readonly applied: ReadonlySet<RevisionId>
  readonly missing: readonly StateTable[]
}

/** How steps are divided into transactions. */
interface TransactionSettings {
  readonly transaction: 'all' | 'each'
  readonly timeouts: Timeouts
}

/** What a run on a database and a script for one have in common. */
export interface StepContext {
  readonly session: RunSession
  readonly state: StateWriter
  readonly revisions: RevisionSource
  readonly start: StartState
  /** What revisions can know of the run. */
  readonly context: RecordingContext
  readonly settings: TransactionSettings
}

/** How a run deals with locks, downgrades and hooks. */
interface RunPolicy {
  /** How often a revision is tried again that waited for a lock in vain. */
  readonly lockRetries: number
  /** Whether the SQL that reverts a revision is recorded with it. */
  readonly recordDowngrade: boolean
  readonly hooks: Hooks
  /** The absolute path of the folder of the project. */
  readonly root: string
}

/** The program that started a run: it hears events, and may end it. */
interface Caller {
  readonly onEvent: OnEvent
  readonly signal: AbortSignal | undefined
}

/** A run on a database. */
export interface Run extends StepContext {
  readonly policy: RunPolicy
  /** Commands that every transaction begins with, to check that the lock is still held. */
  readonly fence: readonly Command[]
  readonly caller: Caller
}
