import type {RevisionId} from '../../graph/revision.ts'
import type {Command} from '../connection/command.ts'

/** An applied revision as the version table records it. */
export interface AppliedRevision {
  readonly revision: RevisionId
  readonly isHead: boolean
  /** Down revisions and dependencies, as they were when the revision was applied. */
  readonly downRevisions: readonly RevisionId[]
  readonly message: string
  readonly contentId: string
}

/** A revision of which some statements were run, and others were not. */
export interface PartiallyApplied {
  readonly action: 'upgrade' | 'downgrade'
  readonly revision: RevisionId
  /** When it was begun, as the database writes it. */
  readonly at: string
  readonly by: string
  /** How many statements were run. */
  readonly done: number
  /** How many there are; undefined when the revision waits for results. */
  readonly total: number | undefined
  /** The statement that was being run, and may or may not have been. */
  readonly statement: string | undefined
  /** Identifies the statements that were run; undefined when not all of them are known. */
  readonly digest: string | undefined
  /** Why it ended; undefined when no reason was recorded. */
  readonly reason: string | undefined
}

/** The tables that mig keeps in a database. */
export type StateTable = 'version' | 'log'

/** The recorded state of a database. */
export interface DatabaseState {
  readonly applied: readonly AppliedRevision[]
  readonly partiallyApplied: PartiallyApplied | undefined
  readonly missing: readonly StateTable[]
}

/** What is recorded of a revision when it becomes applied. */
export interface NewRow {
  readonly revision: RevisionId
  /** Down revisions and dependencies, as they are when the revision is applied. */
  readonly downRevisions: readonly RevisionId[]
  readonly message: string
  readonly contentId: string
  /** What reverts it, where that is known. */
  readonly downgradeSql?: string | undefined
}

/** The change that one step makes to the version table. */
export interface StateChange {
  readonly added: readonly NewRow[]
  readonly removed: readonly RevisionId[]
  readonly headsBefore: readonly RevisionId[]
  readonly headsAfter: readonly RevisionId[]
}

/** In milliseconds, or as long as the transaction has taken when the database gets there. */
export type Duration = number | 'transaction'

export type LogAction = 'upgrade' | 'downgrade' | 'stamp' | 'repair' | 'lock'

export interface LogEntry {
  readonly action: LogAction
  readonly revision: RevisionId
  readonly duration: Duration
  readonly outcome: 'done' | 'failed'
  /** Why it failed, or was done. */
  readonly reason?: string | undefined
}

/** How far a revision is that is not all or nothing. */
export interface Progress {
  /** How many of its statements have been run. */
  readonly done: number
  /** Undefined when the revision waits for results, and more may come. */
  readonly total: number | undefined
  /** The statement that is being run, and may or may not have been when this is read. */
  readonly statement: string | undefined
  /** Identifies the statements that were run; undefined when not all of them are known. */
  readonly digest: string | undefined
}

/** The user and version of mig that change a database. */
export interface Actor {
  readonly by: string
  /** The version of mig. */
  readonly mig: string
  /** A name that the user gave to the run. */
  readonly tag: string | undefined
}

/**
 * Commands that change the recorded state of a database. They are sent with what they record, in its transaction, or
 * written to a script.
 */
export interface StateWriter {
  /** The name of the version table, for messages. */
  readonly versionTable: string
  /** Creates tables unless they exist. */
  createTables(tables: readonly StateTable[]): readonly Command[]
  /** Changes the applied set. The number of rows that change must be what the plan says. */
  change(change: StateChange, duration: Duration): readonly Command[]
  /** Empties the version table, whatever it holds. */
  purge(): Command
  /** Appends to the log. */
  log(entry: LogEntry): Command
  /** Appends a row of a revision that is not all or nothing, to be closed at its end. */
  openLog(action: LogAction, revision: RevisionId, progress: Progress): Command
  /** Records in the open row of a revision how far it is. */
  progress(revision: RevisionId, progress: Progress, reason?: string): Command
  /** Records in the open row of a revision why it stopped. */
  remark(revision: RevisionId, reason: string): Command
  /** Closes the open row of a revision. */
  closeLog(revision: RevisionId, entry: Omit<LogEntry, 'action' | 'revision'>): Command
}

/** The recorded state of one database: the set of applied revisions, and the log. */
export interface StateStore extends StateWriter {
  /**
   * Reads the applied revisions and the partially applied one.
   *
   * @throws MigError VERSION_TABLE_UNKNOWN, VERSION_TABLE_NEWER
   */
  read(): Promise<DatabaseState>
  /** Creates the tables that are missing. Returns their names. */
  ensure(state: Pick<DatabaseState, 'missing'>): Promise<readonly string[]>
  /** Returns the SQL that reverts revisions, of those for which it was recorded. */
  downgradesOf(revisions: readonly RevisionId[]): Promise<ReadonlyMap<RevisionId, string>>
}
