import type {SchemaObject} from '../../operations/definition.ts'
import {spaceOf} from './items.ts'
import type {Item, ItemKind} from './items.ts'
import type {RowChange} from './row-changes.ts'
import type {Decision, RowMeaning} from './row-meaning.ts'
import type {Constants} from './row-sets.ts'

/** An object that a revision names, and whether the revision changes it. */
export interface Touch {
  readonly object: SchemaObject
  readonly isWritten: boolean
}

/** Uses of which one statement has few rows. */
const merged: ReadonlySet<RowChange['change']> = new Set(['inserts', 'requires', 'takes'])

/** The objects and rows that a revision names and changes, noted while its statements are applied. */
export class RevisionNotes {
  /** The objects that it names. */
  readonly touched = new Map<string, Touch>()
  /** The rows that it changes. */
  readonly rowChanges: RowChange[] = []
  /** The objects that it names and that nothing created. */
  readonly foreign: Item[] = []
  /** The objects that it removes. */
  readonly removed: Item[] = []
  /** The meanings of its statements, by their places in it. */
  readonly meanings = new Map<number, RowMeaning>()
  /** The words in the code that runs for rows, such as that of triggers. */
  readonly codeWords = new Set<string>()
  /** Whether names without a schema are looked up in the usual search path. */
  usesPath = false
  /** The schemas named like a role that it creates, renames or drops. */
  readonly userSchemas = new Set<string>()
  /** A part of the catalogue that the current statement reads in order to write rows. */
  catalogue: string | undefined
  #statement = 0
  /** The rows of changes to which others are added, by what they have in common. */
  readonly #alike = new Map<string, Constants[]>()

  beginStatement(): void {
    this.#statement += 1
    this.catalogue = undefined
  }

  touch(kind: ItemKind, object: SchemaObject, isWritten: boolean): void {
    const key = `${spaceOf(kind)} ${object.name}`
    const known = this.touched.get(key)
    if (known === undefined || (isWritten && !known.isWritten)) this.touched.set(key, {object, isWritten})
  }

  /** Notes a use of rows. Rows that are inserted alike are one change: a revision may have thousands. */
  addRows(change: RowChange): void {
    const {rows, isExact} = change.rows
    const alike = merged.has(change.change) ? JSON.stringify({...change, rows: isExact}) : undefined
    const known = alike === undefined ? undefined : this.#alike.get(alike)
    if (known !== undefined) {
      known.push(...rows)
      return
    }
    const own = [...rows]
    if (alike !== undefined) this.#alike.set(alike, own)
    this.rowChanges.push({...change, rows: {rows: own, isExact}})
  }

  /** Notes what the current statement means, beside what is noted already. */
  addMeaning({table, isCertain, decisions}: RowMeaning): void {
    const known = this.meanings.get(this.#statement)
    const all = new Map([...(known?.decisions ?? []), ...decisions])
    this.meanings.set(this.#statement, {table, isCertain, decisions: all})
  }

  addDecisions(table: string, decisions: Iterable<readonly [string, Decision]>): void {
    this.addMeaning({table, isCertain: false, decisions: new Map(decisions)})
  }
}
