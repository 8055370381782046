import type {DatabaseOptions} from '../../engine/databases.ts'
import {openProject} from '../../engine/project.ts'
import {contextOf} from '../../engine/run-context.ts'
import {openDatabaseSnapshots} from '../../engine/switch/snapshots.ts'

/** A kept copy of a database. */
export interface SnapshotView {
  /** The branch it belongs to, or the commit where none was checked out. */
  readonly place: string
  /** When it was kept, in ISO 8601. */
  readonly kept: string
  /** The space it takes on the disk. */
  readonly bytes: number
  /** The database, file or folder that it is. */
  readonly name: string
  /** The name of its database, if the configuration has several. */
  readonly database?: string
}

export interface SnapshotsResult {
  readonly snapshots: readonly SnapshotView[]
}

export interface ForgetOptions extends DatabaseOptions {
  /** Branch, or commit or the beginning of one. */
  readonly place: string
}

/**
 * Returns the snapshots of all databases.
 *
 * @throws MigError SNAPSHOT_NOT_SUPPORTED, SNAPSHOT_FAILED, and as `connect`
 */
export async function listSnapshots(options: DatabaseOptions): Promise<SnapshotsResult> {
  const databases = await openDatabaseSnapshots(contextOf(await openProject(options), options))
  const snapshots: SnapshotView[] = []
  for (const {name, store} of databases)
    for (const snapshot of await store.list())
      snapshots.push(name === undefined ? snapshot : {...snapshot, database: name})
  return {snapshots}
}

/**
 * Deletes the snapshots of a branch or commit, and returns them.
 *
 * @throws MigError UNKNOWN_SNAPSHOT, SNAPSHOT_NOT_SUPPORTED, SNAPSHOT_FAILED, and as `connect`
 */
export async function forgetSnapshots(options: ForgetOptions): Promise<SnapshotsResult> {
  const {place} = options
  const databases = await openDatabaseSnapshots(contextOf(await openProject(options), options))
  const known: string[] = []
  const removed: SnapshotView[] = []
  for (const {name, store} of databases) {
    await store.tidy()
    for (const snapshot of await store.list()) {
      known.push(snapshot.place)
      if (snapshot.place !== place && !isCommit(snapshot.place, place)) continue
      await store.remove(snapshot)
      removed.push(name === undefined ? snapshot : {...snapshot, database: name})
    }
  }
  if (removed.length > 0) return {snapshots: removed}
  const {UnknownSnapshotError} = await import('../../runner/snapshots/errors.ts')
  throw new UnknownSnapshotError(place, known)
}

function isCommit(place: string, prefix: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(place) && /^[0-9a-f]{7,}$/.test(prefix) && place.startsWith(prefix)
}
