import type {SqlContext} from '../../operations/definition.ts'
import {referableRows} from './state.ts'
import {isOneToOne, nullableColumns} from './table.ts'
import type {Reference, Table} from './table.ts'

/** The foreign keys of a table, and the rows that they can reference. */
export class References {
  readonly #table: Table
  readonly #available: ReadonlyMap<Reference, number>
  /** References to rows, those of several columns first. */
  readonly used: readonly Reference[]
  readonly #byColumn = new Map<string, Reference>()

  /** @param referable returns the number of rows that a reference can use */
  constructor(table: Table, referable: (reference: Reference) => number) {
    this.#table = table
    this.#available = new Map(table.references.map((reference) => [reference, referable(reference)]))
    this.used = table.references
      .filter((reference) => this.available(reference) > 0 || this.isOwn(reference))
      .toSorted((a, b) => b.columns.length - a.columns.length)
    for (const reference of this.used)
      for (const column of reference.columns) if (!this.#byColumn.has(column)) this.#byColumn.set(column, reference)
  }

  available(reference: Reference): number {
    return this.#available.get(reference) ?? 0
  }

  /** Whether each row must reference itself, because its table has no other. */
  isOwn(reference: Reference): boolean {
    return reference.parent === this.#table.id && this.#isRequired(reference) && this.available(reference) === 0
  }

  /** Returns the reference that gives a column its value, if any. */
  of(column: string): Reference | undefined {
    return this.#byColumn.get(column)
  }

  /** Whether a column belongs to references only that have no row to use. */
  isEmpty(column: string): boolean {
    return !this.#byColumn.has(column) && this.#table.references.some(({columns}) => columns.includes(column))
  }

  /** Returns the reason why a required reference has no row to use, if any. */
  refusal(): string | undefined {
    const missing = this.#table.references.find(
      (reference) => this.#isRequired(reference) && !this.used.includes(reference),
    )
    if (missing === undefined) return undefined
    const none = isOneToOne(this.#table, missing) ? 'none left' : 'none'
    return `${missing.columns.join(', ')} must reference a row of ${missing.parentName}, which has ${none}`
  }

  #isRequired(reference: Reference): boolean {
    return nullableColumns(this.#table, reference).length === 0
  }
}

/**
 * Returns a reference to one row of the parent, as one subquery per column.
 *
 * @param known the values of columns that other references share
 */
export function referenceSql(
  table: Table,
  reference: Reference,
  index: number,
  known: ReadonlyMap<string, string>,
  context: SqlContext,
): ReadonlyMap<string, string> {
  const {columns, parentColumns} = reference
  const parent = (i: number): string => `p.${context.list([parentColumns[i] ?? ''])}`
  const fixed = columns.flatMap((name, i) => {
    const sql = known.get(name)
    return sql === undefined ? [] : [`${parent(i)} = ${sql}`]
  })
  const from = [referableRows(table, reference, context), ...fixed].join(' and ')
  const order = columns.map((_, i) => parent(i)).join(', ')
  const offset = fixed.length > 0 ? 0 : index
  return new Map(
    columns.flatMap((name, i) =>
      known.has(name) ? [] : [[name, `(select ${parent(i)} from ${from} order by ${order} limit 1 offset ${offset})`]],
    ),
  )
}
