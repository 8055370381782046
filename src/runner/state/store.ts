import type {RevisionId} from '../../graph/revision.ts'
import type {Timeouts} from '../../dialects/dialect.ts'
import type {Command} from '../connection/command.ts'

/** An applied revision, as recorded in the version table. */
export interface AppliedRevision {
  readonly revision: RevisionId
  readonly isHead: boolean
  /** Down revisions and dependencies, as they were when the revision was applied. */
  readonly downRevisions: readonly RevisionId[]
  readonly message: string
  readonly contentId: string
  /** A digest of its operations; undefined if it is unknown or was not read. */
  readonly operationsId?: string | undefined
  /** The revisions that a squash replaces, as they were when it was applied; undefined if it is none, or was not read. */
  readonly replaces?: readonly RevisionId[] | undefined
}

/** A partially applied revision. */
export interface PartiallyApplied {
  readonly action: 'upgrade' | 'downgrade'
  readonly revision: RevisionId
  /** Start time, as ISO 8601. */
  readonly at: string
  readonly by: string
  /** The number of executed statements. */
  readonly done: number
  /** The total number of statements; undefined if the revision awaits results. */
  readonly total: number | undefined
  /** The statement with an unknown outcome. */
  readonly statement: string | undefined
  /** A digest of the executed statements; undefined if not all of them are known. */
  readonly digest: string | undefined
  /** The recorded reason of the failure, if any. */
  readonly reason: string | undefined
}

/** The tables that mig keeps in a database. */
export type StateTable = 'version' | 'log'

/** The recorded state of a database. */
export interface DatabaseState {
  readonly applied: readonly AppliedRevision[]
  readonly partiallyApplied: PartiallyApplied | undefined
  readonly missing: readonly StateTable[]
  /** Columns that the version table of an older mig lacks. */
  readonly missingColumns: readonly string[]
}

/** The data recorded when a revision is applied. */
export interface NewRow {
  readonly revision: RevisionId
  /** Down revisions and dependencies, as they are when the revision is applied. */
  readonly downRevisions: readonly RevisionId[]
  readonly message: string
  readonly contentId: string
  /** A digest of its operations, if known; stored if the version table has a column for it. */
  readonly operationsId?: string | undefined
  /** The revisions that it replaces, as a squash; stored if the version table has a column for them. */
  readonly replaces?: readonly RevisionId[] | undefined
  /** The SQL that reverts it, if known. */
  readonly downgradeSql?: string | undefined
}

/** The change that one step makes to the version table. */
export interface StateChange {
  readonly added: readonly NewRow[]
  readonly removed: readonly RevisionId[]
  /** Revisions whose rows go as well, if they have rows. */
  readonly removedIfThere?: readonly RevisionId[]
  readonly headsBefore: readonly RevisionId[]
  readonly headsAfter: readonly RevisionId[]
}

/** A time in milliseconds, or the age of the transaction, computed by the database. */
export type Duration = number | 'transaction'

export type LogAction = 'upgrade' | 'downgrade' | 'stamp' | 'repair' | 'lock'

export interface LogEntry {
  readonly action: LogAction
  readonly revision: RevisionId
  readonly duration: Duration
  readonly outcome: 'done' | 'failed'
  /** The reason of the failure or the action. */
  readonly reason?: string | undefined
}

/** The progress of a partially applied revision. */
export interface Progress {
  /** The number of executed statements. */
  readonly done: number
  /** The total number of statements; undefined if the revision awaits results. */
  readonly total: number | undefined
  /** The statement being executed, whose outcome is unknown after a crash. */
  readonly statement: string | undefined
  /** A digest of the executed statements; undefined if not all of them are known. */
  readonly digest: string | undefined
}

/** The user and version of mig that change a database. */
export interface Actor {
  readonly by: string
  /** The version of mig. */
  readonly mig: string
  /** The user's name for the run. */
  readonly tag: string | undefined
}

/**
 * Builds commands that change the recorded state of a database, to be sent in the transaction of the change or written
 * to a script.
 */
export interface StateWriter {
  /** The name of the version table, used in messages. */
  readonly versionTable: string
  /** Creates tables that do not exist. */
  createTables(tables: readonly StateTable[]): readonly Command[]
  /** Changes the applied set; the commands expect the planned number of changed rows. */
  change(change: StateChange, duration: Duration): readonly Command[]
  /** Empties the version table. */
  purge(): Command
  /** Appends to the log. */
  log(entry: LogEntry): Command
  /** Opens a log row for a revision that may be partially applied. */
  openLog(action: LogAction, revision: RevisionId, progress: Progress): Command
  /** Records progress in the open row of a revision. */
  progress(revision: RevisionId, progress: Progress, reason?: string): Command
  /** Records the reason of a failure in the open row of a revision. */
  remark(revision: RevisionId, reason: string): Command
  /** Closes the open row of a revision. */
  closeLog(revision: RevisionId, entry: Omit<LogEntry, 'action' | 'revision'>): Command
}

/** The recorded state of one database: the set of applied revisions, and the log. */
export interface StateStore extends StateWriter {
  /**
   * Reads the applied revisions and the partially applied one. Columns that a table has beyond those of this mig are ignored.
   *
   * @throws MigError VERSION_TABLE_UNKNOWN, VERSION_TABLE_NEWER
   */
  read(): Promise<DatabaseState>
  /** Creates missing tables and returns their names. */
  ensure(state: Pick<DatabaseState, 'missing'>): Promise<readonly string[]>
  /**
   * Adds the columns that the version table of an older mig lacks. Without them, mig works as before: they are not added in
   * the caller's transaction, nor by a user who may not, nor while other sessions use the table.
   */
  addColumns(state: Pick<DatabaseState, 'missingColumns'>, timeouts: Timeouts): Promise<void>
  /** Returns the recorded downgrade SQL of revisions that have it. */
  downgradesOf(revisions: readonly RevisionId[]): Promise<ReadonlyMap<RevisionId, string>>
}
