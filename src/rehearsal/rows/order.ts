import {nullableColumns} from './table.ts'
import type {Reference, Table} from './table.ts'

/** Tables to fill, parents first, and those that no order can fill. */
export interface Order {
  readonly tables: readonly Table[]
  /** The tables of each cycle. */
  readonly cycles: ReadonlyMap<Table, readonly Table[]>
}

/** Whether a row must reference another table. */
export function isRequired(table: Table, reference: Reference): boolean {
  return reference.parent !== table.id && nullableColumns(table, reference).length === 0
}

/**
 * Returns the order in which tables are filled.
 *
 * @param isOpen whether the rows of a table need new rows in a table it references
 */
export function orderOf(tables: readonly Table[], isOpen: (table: Table, reference: Reference) => boolean): Order {
  const remaining = new Map(tables.map((table) => [table.id, table]))
  const ordered: Table[] = []
  const cycles = new Map<Table, readonly Table[]>()
  const waits = (table: Table, reference: Reference): boolean =>
    reference.parent !== table.id && remaining.has(reference.parent)
  const waitsForRequired = (table: Table): Reference | undefined =>
    table.references.find(
      (reference) => waits(table, reference) && isRequired(table, reference) && isOpen(table, reference),
    )
  while (remaining.size > 0) {
    const candidates = [...remaining.values()]
    const next =
      candidates.find((table) => !table.references.some((reference) => waits(table, reference))) ??
      candidates.find((table) => waitsForRequired(table) === undefined)
    if (next !== undefined) {
      remaining.delete(next.id)
      ordered.push(next)
      continue
    }
    const cycle = cycleFrom(candidates[0] as Table, (table) => remaining.get(waitsForRequired(table)?.parent ?? ''))
    for (const table of cycle) {
      remaining.delete(table.id)
      cycles.set(table, cycle)
    }
  }
  return {tables: ordered, cycles}
}

function cycleFrom(first: Table, parentOf: (table: Table) => Table | undefined): readonly Table[] {
  const path: Table[] = []
  for (let table: Table | undefined = first; table !== undefined; table = parentOf(table)) {
    const at = path.indexOf(table)
    if (at !== -1) return path.slice(at)
    path.push(table)
  }
  return path
}
