import type {ItemId} from './items.ts'
import type {Constants} from './row-sets.ts'

/** Of more rows than this, none are compared with a new key. */
const mostRows = 10_000

interface TableRows {
  /** The rows, for keys that are created later. */
  readonly rows: Constants[]
  /** The values of its keys as text, each with its row. */
  readonly keys: Map<string, Constants>
}

/** The constants of inserted rows, which copies of a model share until one of them changes them. */
export class KnownRows {
  readonly #tables: Map<ItemId, TableRows>
  /** The tables whose rows are not shared. */
  readonly #own = new Set<ItemId>()

  constructor(from?: KnownRows) {
    this.#tables = new Map(from?.share())
  }

  /** Returns the rows, which are copied before they change. */
  share(): ReadonlyMap<ItemId, TableRows> {
    this.#own.clear()
    return this.#tables
  }

  rowsOf(table: ItemId): readonly Constants[] {
    return this.#tables.get(table)?.rows ?? []
  }

  hasKey(table: ItemId, key: string): boolean {
    return this.#tables.get(table)?.keys.has(key) === true
  }

  addKey(table: ItemId, key: string, row: Constants): void {
    this.#change(table).keys.set(key, row)
  }

  addRows(table: ItemId, rows: readonly Constants[]): void {
    if (this.rowsOf(table).length <= mostRows) this.#change(table).rows.push(...rows)
  }

  /** Forgets the rows of a table; their keys are still taken. */
  forgetRows(table: ItemId): void {
    if (this.rowsOf(table).length > 0) this.#change(table).rows.length = 0
  }

  /** Forgets the keys of rows that may be gone. */
  forgetKeys(table: ItemId, isGone: (row: Constants) => boolean): void {
    if ((this.#tables.get(table)?.keys.size ?? 0) === 0) return
    const {keys} = this.#change(table)
    for (const [key, row] of keys) if (isGone(row)) keys.delete(key)
  }

  #change(table: ItemId): TableRows {
    const known = this.#tables.get(table)
    if (known !== undefined && this.#own.has(table)) return known
    const copy = {rows: [...(known?.rows ?? [])], keys: new Map(known?.keys)}
    this.#tables.set(table, copy)
    this.#own.add(table)
    return copy
  }
}
