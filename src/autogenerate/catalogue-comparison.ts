import {changedProperties, keyOf} from '../catalogue/snapshot/snapshot.ts'
import type {CatalogueObject, ObjectKind, Snapshot} from '../catalogue/snapshot/snapshot.ts'

/** The same catalogue twice: of the database, and of what MikroORM makes of the entities in an empty database. */
export interface Catalogues {
  readonly live: Snapshot
  readonly wanted: Snapshot
}

/** The result of comparing an object of both sides; `missing` if MikroORM could not create it. */
type Verdict = 'same' | 'different' | 'missing'

/** Looks objects up in both catalogues. */
export class CatalogueComparison {
  readonly #live: Snapshot
  readonly #wanted: Snapshot

  constructor({live, wanted}: Catalogues) {
    this.#live = live
    this.#wanted = wanted
  }

  /** Compares an object of a table by its name; it may be of another kind on the other side. */
  verdict(kinds: readonly ObjectKind[], table: string | undefined, name: string): Verdict {
    const [live, wanted] = [find(this.#live, kinds, table, name), find(this.#wanted, kinds, table, name)]
    if (live === undefined || wanted === undefined) return 'missing'
    return live.kind === wanted.kind && changedProperties(live, wanted).length === 0 ? 'same' : 'different'
  }

  /** Returns whether MikroORM could create an object. */
  isMade(kinds: readonly ObjectKind[], table: string | undefined, name: string): boolean {
    return find(this.#wanted, kinds, table, name) !== undefined
  }

  /** Returns the properties of an object of both sides that differ. */
  changes(kind: ObjectKind, table: string | undefined, name: string): readonly string[] {
    const [live, wanted] = [find(this.#live, [kind], table, name), find(this.#wanted, [kind], table, name)]
    return live === undefined || wanted === undefined ? [] : changedProperties(live, wanted)
  }

  /** Returns whether two objects of different names are defined alike. */
  isRenamed(kinds: readonly ObjectKind[], table: string, from: string, to: string): boolean {
    const [live, wanted] = [find(this.#live, kinds, table, from), find(this.#wanted, kinds, table, to)]
    if (live === undefined || wanted === undefined || live.kind !== wanted.kind) return false
    const text = JSON.stringify(live.definition)
    const renamed = text.replaceAll(JSON.stringify(from).slice(1, -1), JSON.stringify(to).slice(1, -1))
    return renamed === JSON.stringify(wanted.definition)
  }

  /** Returns whether the objects of one kind whose names begin alike are the same: overloads of a routine. */
  hasSame(kind: ObjectKind, prefix: string): boolean {
    const of = (snapshot: Snapshot): string =>
      JSON.stringify(
        [...snapshot.values()]
          .filter((object) => object.kind === kind && object.name.startsWith(prefix))
          .map(({name, definition}) => JSON.stringify([name, definition]))
          .toSorted((a, b) => (a < b ? -1 : 1)),
      )
    return of(this.#live) === of(this.#wanted)
  }
}

function find(
  snapshot: Snapshot,
  kinds: readonly ObjectKind[],
  table: string | undefined,
  name: string,
): CatalogueObject | undefined {
  for (const kind of kinds) {
    const object = snapshot.get(keyOf(table === undefined ? {kind, name} : {kind, table, name}))
    if (object !== undefined) return object
  }
  return undefined
}
