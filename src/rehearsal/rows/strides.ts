import type {Table} from './table.ts'

/** The columns that a value comes from together, and the number of distinct values. */
export interface Source {
  readonly size: number
  readonly columns: readonly string[]
}

interface Strides {
  /** After how many rows a column changes, if not after each. */
  readonly strides: ReadonlyMap<string, number>
  /** The number of rows that the keys allow. */
  readonly capacity: number
}

/** Lets the columns of composite keys change at different rates, so that the combinations are distinct. */
export function stridesOf(table: Table, sourceOf: (column: string) => Source): Strides {
  const strides = new Map<string, number>()
  let capacity = Infinity
  for (const key of table.keys) {
    let stride = 1
    const sources = key.map(sourceOf)
    const total = new Set(sources.map(({columns}) => columns.join()))
    if (key.length === 0 || sources.some(({size}) => size === Infinity)) continue
    for (const {size, columns} of sources) {
      if (!total.delete(columns.join())) continue
      if (!columns.some((column) => strides.has(column))) for (const column of columns) strides.set(column, stride)
      stride *= Math.max(size, 1)
    }
    capacity = Math.min(capacity, stride)
  }
  return {strides, capacity}
}
