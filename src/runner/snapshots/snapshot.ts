import type {OptionsSource} from '../connection/orm-options.ts'

/** A kept copy of a database. */
export interface Snapshot {
  /** The branch it belongs to, or the commit where none was checked out. */
  readonly place: string
  /** When it was kept, in ISO 8601. */
  readonly kept: string
  /** The space it takes on the disk. */
  readonly bytes: number
  /** The database, file or folder. */
  readonly name: string
}

/**
 * The snapshots of one database. A snapshot exists completely or not at all; the database must not be open while one is kept,
 * exchanged or removed.
 *
 * @throws MigError SNAPSHOT_FAILED from every method that changes something or locks
 */
export interface SnapshotStore {
  list(): Promise<readonly Snapshot[]>
  /** Returns the space that a snapshot of the database takes. */
  size(): Promise<number>
  /** Returns descriptions of the sessions that are connected to the database, which prevent a copy. */
  users(): Promise<readonly string[]>
  /**
   * Keeps other processes from planning with or changing the snapshots where they would disturb each other.
   *
   * @returns a function that releases the lock
   * @throws MigError SWITCH_REFUSED if another process has it
   */
  lock(): Promise<() => Promise<void>>
  /** Copies the database, in place of an earlier snapshot. */
  keep(place: string): Promise<void>
  /** Makes the database the snapshot of one place, and the snapshot of another place, which may be the same, the database. */
  exchange(left: string, entered: string): Promise<void>
  remove(snapshot: Snapshot): Promise<void>
  /** Removes the unfinished copies of killed processes. */
  tidy(): Promise<void>
  /** Returns how to connect to a snapshot. */
  source(snapshot: Snapshot): OptionsSource
}
