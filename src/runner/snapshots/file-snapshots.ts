import {randomBytes} from 'node:crypto'
import {existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {requireOf} from '../connection/client-rows.ts'
import type {OptionsSource} from '../connection/orm-options.ts'
import {SnapshotFailedError} from './errors.ts'
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

  async keep(place: string): Promise<void> {
    const copy = await this.#copied(place)
    renameSync(copy, this.#nameOf(place))
  }

  async exchange(left: string, entered: string): Promise<void> {
    const source = this.#nameOf(entered)
    const copy = await this.#copied(left)
    // A snapshot is not overwritten before the database has its content.
    if (left !== entered) renameSync(copy, this.#nameOf(left))
    await this.#copy(source, this.#file, `Bringing back the snapshot of ${entered}`)
    if (left === entered) renameSync(copy, source)
    else removeFile(source)
  }

  async remove({name}: Snapshot): Promise<void> {
    removeFile(name)
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
    return join(this.#folder, `${encodeURIComponent(place)}${extension}`)
  }
}

function removeFile(path: string): void {
  for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(path + suffix, {force: true})
}

/** Returns the folder with the snapshots of a file or folder. */
export function snapshotFolderOf(path: string): string {
  return `${path}.snapshots`
}

/** Creates a folder for snapshots, which git ignores, and removes what a killed process has left in it. */
export function makeSnapshotFolder(folder: string): void {
  mkdirSync(folder, {recursive: true})
  writeFileSync(join(folder, '.gitignore'), '*\n')
  for (const name of readdirSync(folder))
    if (name.startsWith(temporary)) rmSync(join(folder, name), {recursive: true, force: true})
}

const temporary = '.copy-'

/** Returns a name that no snapshot has. */
export function temporaryFile(): string {
  return `${temporary}${randomBytes(4).toString('hex')}`
}

/** Returns the snapshots in a folder, by the names of their files. */
export function placesIn(folder: string, ending: string): readonly {readonly place: string; readonly name: string}[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && name.endsWith(ending))
    .map((name) => ({
      place: decodeURIComponent(name.slice(0, name.length - ending.length)),
      name: join(folder, name),
    }))
}
