import {createHash} from 'node:crypto'
import {existsSync, mkdirSync, renameSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {snapshotFormat} from '../catalogue/snapshot/read.ts'
import type {CatalogueObject} from '../catalogue/snapshot/snapshot.ts'
import {readRegularFile} from '../util/regular-file.ts'

type Entries = Map<string, readonly CatalogueObject[]>

/** The files that this process has read, by path: comparisons in a test suite or a server read them once. */
const files = new Map<string, Entries>()

/** The objects that statements of MikroORM's schema generator create, kept in `.mig/cache`. */
export class RealisedCache {
  readonly #path: string
  readonly #entries: Entries
  #isChanged = false

  private constructor(path: string, entries: Entries) {
    this.#path = path
    this.#entries = entries
  }

  /** Opens the cache of a project for one kind and version of database. */
  static open(root: string, database: readonly string[]): RealisedCache {
    const path = join(root, '.mig/cache', `entities-${RealisedCache.key([...database, String(snapshotFormat)])}.json`)
    const entries = files.get(path) ?? entriesOf(path)
    files.set(path, entries)
    return new RealisedCache(path, entries)
  }

  /** Returns the key of what statements make. */
  static key(statements: readonly string[]): string {
    return createHash('sha256').update(JSON.stringify(statements)).digest('hex').slice(0, 32)
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  get(key: string): readonly CatalogueObject[] {
    return this.#entries.get(key) ?? []
  }

  set(key: string, objects: readonly CatalogueObject[]): void {
    this.#entries.set(key, objects)
    this.#isChanged = true
  }

  /** Writes the file if something is new; entries that the entities no longer need are forgotten. */
  close(needed: readonly string[]): void {
    if (!this.#isChanged) return
    const kept = needed.map((key) => [key, this.get(key)] as const)
    try {
      const folder = join(this.#path, '..')
      mkdirSync(folder, {recursive: true})
      const ignored = join(folder, '.gitignore')
      if (!existsSync(ignored)) writeFileSync(ignored, '*\n', {flag: 'wx'})
      const part = `${this.#path}.${process.pid}`
      writeFileSync(part, JSON.stringify(kept))
      renameSync(part, this.#path)
    } catch {
      // It is only faster with the file: a read-only folder is no reason to fail.
    }
  }
}

function entriesOf(path: string): Entries {
  try {
    const entries = JSON.parse(readRegularFile(path)) as unknown
    return isWhole(entries) ? new Map(entries) : new Map()
  } catch {
    return new Map()
  }
}

function isWhole(entries: unknown): entries is [string, readonly CatalogueObject[]][] {
  return (
    Array.isArray(entries) &&
    entries.every((entry) => Array.isArray(entry) && Array.isArray(entry[1]) && entry[1].every(isCatalogueObject))
  )
}

function isCatalogueObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && 'name' in value && 'definition' in value
}
