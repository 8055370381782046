import {existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync} from 'node:fs'
import {cp} from 'node:fs/promises'
import {join} from 'node:path'
import {lockPgliteFolder} from '../connection/pglite-lock.ts'
import type {OptionsSource} from '../connection/orm-options.ts'
import {SnapshotFailedError} from './errors.ts'
import {
  fileNameOf,
  makeSnapshotFolder,
  nextFileOf,
  placesIn,
  snapshotFolderOf,
  temporaryFile,
  tidySnapshotFolder,
  waitingFileOf,
} from './snapshot-folder.ts'
import type {Snapshot, SnapshotStore} from './snapshot.ts'

/** Snapshots of a database folder, in a folder next to it. No other process can use the database meanwhile. */
export class FolderSnapshots implements SnapshotStore {
  readonly #database: string
  readonly #settings: Readonly<Record<string, unknown>>
  readonly #folder: string

  /** @param database an absolute path */
  constructor(database: string, settings: Readonly<Record<string, unknown>>) {
    this.#database = database
    this.#settings = settings
    this.#folder = snapshotFolderOf(database)
  }

  async list(): Promise<readonly Snapshot[]> {
    return placesIn(this.#folder, '')
      .filter(({name}) => !name.endsWith('.lock'))
      .map(({place, name}) => ({
        place,
        kept: statSync(name).mtime.toISOString(),
        bytes: sizeOf(name),
        name,
      }))
  }

  async size(): Promise<number> {
    return sizeOf(this.#database)
  }

  async users(): Promise<readonly string[]> {
    return []
  }

  async lock(): Promise<() => Promise<void>> {
    // Every change locks the folder itself.
    return async () => {}
  }

  async keep(place: string): Promise<void> {
    await this.#locked(`Keeping a snapshot of ${place}`, async () => {
      const copy = this.#temporary()
      try {
        await cp(this.#database, copy, {recursive: true})
      } catch (error) {
        rmSync(copy, {recursive: true, force: true})
        throw error
      }
      const complete = this.#waiting(place)
      renameSync(copy, complete)
      this.#put(complete, place)
    })
  }

  async exchange(left: string, entered: string): Promise<void> {
    await this.#locked(`Bringing back the snapshot of ${entered}`, async () => {
      const [kept, next] = [this.#waiting(left), join(this.#folder, nextFileOf(entered, ''))]
      renameSync(this.#nameOf(entered), next)
      renameSync(this.#database, kept)
      renameSync(next, this.#database)
      this.#put(kept, left)
    })
  }

  async remove({name}: Snapshot): Promise<void> {
    rmSync(name, {recursive: true, force: true})
  }

  async tidy(): Promise<void> {
    await this.#locked('Removing unfinished copies', async () => tidySnapshotFolder(this.#folder))
  }

  source({name}: Snapshot): OptionsSource {
    const {driverOptions} = this.#settings
    // With a folder of its own, the name of the database is one within that folder.
    const isNamed = typeof driverOptions === 'object' && driverOptions !== null && 'dataDir' in driverOptions
    const place = isNamed ? {driverOptions: {...driverOptions, dataDir: name}} : {dbName: name}
    return {kind: 'options', options: {...this.#settings, clientUrl: undefined, ...place}, from: 'a snapshot'}
  }

  #put(folder: string, place: string): void {
    const name = this.#nameOf(place)
    const now = new Date()
    utimesSync(folder, now, now)
    const former = this.#temporary()
    if (existsSync(name)) renameSync(name, former)
    renameSync(folder, name)
    rmSync(former, {recursive: true, force: true})
  }

  #temporary(): string {
    return join(this.#folder, temporaryFile())
  }

  #waiting(place: string): string {
    return join(this.#folder, waitingFileOf(place, ''))
  }

  #nameOf(place: string): string {
    return join(this.#folder, fileNameOf(place, ''))
  }

  async #locked(doing: string, work: () => Promise<void>): Promise<void> {
    const unlock = await lockPgliteFolder(this.#database)
    try {
      makeSnapshotFolder(this.#folder)
      await work()
    } catch (error) {
      throw new SnapshotFailedError(doing, error)
    } finally {
      unlock()
    }
  }
}

function sizeOf(folder: string): number {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
