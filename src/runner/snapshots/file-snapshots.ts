import {renameSync, rmSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {requireOf} from '../connection/client-rows.ts'
import type {OptionsSource} from '../connection/orm-options.ts'
import {SnapshotFailedError} from './errors.ts'
import {
  fileNameOf,
  makeSnapshotFolder,
  placesIn,
  snapshotFolderOf,
  temporaryFile,
  tidySnapshotFolder,
  waitingFileOf,
} from './snapshot-folder.ts'
import type {Snapshot, SnapshotStore} from './snapshot.ts'

/** A part of better-sqlite3. */
type Client = new (
  path: string,
  options: {readonly fileMustExist: boolean},
) => {
  backup(path: string, options: {progress(state: {readonly remainingPages: number}): number}): Promise<unknown>
  close(): void
}

/** The time that a copy waits for a lock of another process, in milliseconds. */
const patience = 5000
const extension = '.db'

/**
 * Snapshots of a database file, in a folder next to it. Copies are made by SQLite's backup, which is consistent whatever else
 * is written, and replaces a database in one transaction.
 */
export class FileSnapshots implements SnapshotStore {
  readonly #file: string
  readonly #settings: Readonly<Record<string, unknown>>
  readonly #root: string
  readonly #folder: string

  /** @param file an absolute path */
  constructor(file: string, settings: Readonly<Record<string, unknown>>, root: string) {
    this.#file = file
    this.#settings = settings
    this.#root = root
    this.#folder = snapshotFolderOf(file)
  }

  async list(): Promise<readonly Snapshot[]> {
    return placesIn(this.#folder, extension).map(({place, name}) => {
      const {size, mtime} = statSync(name)
      return {place, kept: mtime.toISOString(), bytes: size, name}
    })
  }

  async size(): Promise<number> {
    return statSync(this.#file).size
  }

  async users(): Promise<readonly string[]> {
    return []
  }

  async lock(): Promise<() => Promise<void>> {
    // Files are replaced by renaming complete copies.
    return async () => {}
  }

  async keep(place: string): Promise<void> {
    const copy = await this.#copied(place)
    renameSync(copy, this.#nameOf(place))
  }

  async exchange(left: string, entered: string): Promise<void> {
    const copy = await this.#copied(left)
    const source = join(this.#folder, waitingFileOf(entered, extension))
    renameSync(this.#nameOf(entered), source)
    renameSync(copy, this.#nameOf(left))
    await this.#copy(source, this.#file, `Bringing back the snapshot of ${entered}`)
    removeFile(source)
  }

  async remove({name}: Snapshot): Promise<void> {
    removeFile(name)
  }

  async tidy(): Promise<void> {
    tidySnapshotFolder(this.#folder)
  }

  source({name}: Snapshot): OptionsSource {
    return {
      kind: 'options',
      options: {...this.#settings, clientUrl: undefined, dbName: name},
      from: 'a snapshot',
    }
  }

  /** Copies the database to a temporary file, and returns its path. */
  async #copied(place: string): Promise<string> {
    makeSnapshotFolder(this.#folder)
    const copy = join(this.#folder, temporaryFile())
    try {
      await this.#copy(this.#file, copy, `Keeping a snapshot of ${place}`)
    } catch (error) {
      removeFile(copy)
      throw error
    }
    return copy
  }

  async #copy(from: string, to: string, doing: string): Promise<void> {
    const Database = requireOf('@mikro-orm/sqlite', this.#root)('better-sqlite3') as Client
    const database = new Database(from, {fileMustExist: true})
    let last = Number.POSITIVE_INFINITY
    let since = performance.now()
    try {
      await database.backup(to, {
        progress: ({remainingPages}) => {
          if (remainingPages < last) since = performance.now()
          last = remainingPages
          if (performance.now() - since > patience) throw new Error('another process uses the database')
          return 1000
        },
      })
    } catch (error) {
      throw new SnapshotFailedError(doing, error)
    } finally {
      database.close()
    }
  }

  #nameOf(place: string): string {
    return join(this.#folder, fileNameOf(place, extension))
  }
}

function removeFile(path: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(path + suffix, {force: true})
}
