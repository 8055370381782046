/**
 * A change that decides which rows and values of a database are lost. Names of tables are as in operations: qualified if
 * their schema is written.
 */
export type DataChange =
  | {readonly kind: 'create table' | 'drop table' | 'empty table' | 'delete rows'; readonly table: string}
  | {readonly kind: 'rename table'; readonly table: string; readonly to: string}
  | {readonly kind: 'add column' | 'drop column'; readonly table: string; readonly column: string}
  | {readonly kind: 'rename column'; readonly table: string; readonly column: string; readonly to: string}
  | {readonly kind: 'copy rows'; readonly table: string; readonly from: string; readonly columns: Columns}
  | {readonly kind: 'drop schema'; readonly schema: string}

/** Names of columns, in which letter case does not matter, or all columns of a table. */
type Columns = 'all' | readonly string[]

/**
 * Lost data of a database as it is before the changes: the rows of a table or of all tables of a schema, the values of a
 * column, or those of all columns but the ones that were copied.
 */
export type DataLoss =
  | {readonly kind: 'rows'; readonly table: string}
  | {readonly kind: 'values'; readonly table: string; readonly column: string}
  | {readonly kind: 'other values'; readonly table: string; readonly copied: readonly string[]}
  | {readonly kind: 'schema'; readonly schema: string}

/** A table during the changes, and what it and its columns were called before them; null for what they create. */
interface Table {
  readonly before: string | null
  readonly columns: Map<string, string | null>
  /** The tables from before the changes whose rows were copied into it, and which of their columns. */
  readonly copies: Map<string, Columns>
}

const newTable = (before: string | null): Table => ({before, columns: new Map(), copies: new Map()})

/**
 * Returns what is lost when changes are made in order, by the names that tables and columns have before the first one. What
 * the changes themselves create is not lost, nor what they have copied into a table that stays, as in a rebuild.
 *
 * @returns a list of losses for each list of changes, such as those of one revision
 */
export function lossesIn(steps: readonly (readonly DataChange[])[]): readonly (readonly DataLoss[])[] {
  const tables = new Map<string, Table>()
  const tableOf = (name: string): Table => {
    const known = tables.get(name) ?? newTable(name)
    tables.set(name, known)
    return known
  }
  const lost = steps.map((changes) => {
    const found: DataLoss[] = []
    for (const change of changes) apply(change, found, tables, tableOf)
    return found
  })
  const copies = copiesIn([...tables.values()])
  const remaining = lost.map((found) => found.flatMap((loss) => withoutCopies(loss, copies)))
  const gone = new Set(remaining.flat().flatMap((loss) => (loss.kind === 'rows' ? [loss.table] : [])))
  return remaining.map((found) => found.filter((loss) => loss.kind !== 'values' || !gone.has(loss.table)))
}

function copiesIn(tables: readonly Table[]): ReadonlyMap<string, Columns> {
  const all = new Map<string, Columns>()
  for (const {copies} of tables) for (const [table, columns] of copies) all.set(table, either(all.get(table), columns))
  return all
}

/** Returns what is lost of a table of which there are copies. */
function withoutCopies(loss: DataLoss, copies: ReadonlyMap<string, Columns>): readonly DataLoss[] {
  const copied = loss.kind === 'rows' ? copies.get(loss.table) : undefined
  if (loss.kind !== 'rows' || copied === undefined) return [loss]
  return copied === 'all' ? [] : [{kind: 'other values', table: loss.table, copied}]
}

const either = (some: Columns = [], others: Columns): Columns =>
  some === 'all' || others === 'all' ? 'all' : [...some, ...others]

function both(some: Columns, others: Columns): Columns {
  if (some === 'all') return others
  return others === 'all' ? some : some.filter((name) => others.includes(name))
}

function apply(
  change: DataChange,
  found: DataLoss[],
  tables: Map<string, Table>,
  tableOf: (name: string) => Table,
): void {
  switch (change.kind) {
    case 'create table':
      tables.set(change.table, newTable(null))
      return
    case 'drop table':
    case 'empty table': {
      const {before} = tableOf(change.table)
      if (before !== null) found.push({kind: 'rows', table: before})
      tables.set(change.table, newTable(null))
      return
    }
    case 'rename table':
      tables.set(change.to, tableOf(change.table))
      tables.set(change.table, newTable(null))
      return
    case 'copy rows': {
      const {before, columns, copies} = tableOf(change.from)
      const read = change.columns === 'all' ? 'all' : change.columns.map((name) => columns.get(name) ?? name)
      const target = tableOf(change.table).copies
      for (const [table, known] of [...copies, ...(before === null ? [] : [[before, 'all'] as const])])
        target.set(table, either(target.get(table), both(known, read)))
      return
    }
    case 'add column':
      tableOf(change.table).columns.set(change.column, null)
      return
    case 'drop column': {
      const {before, columns} = tableOf(change.table)
      const column = columns.has(change.column) ? columns.get(change.column) : change.column
      if (before !== null && column) found.push({kind: 'values', table: before, column})
      columns.set(change.column, null)
      return
    }
    case 'rename column': {
      const {columns} = tableOf(change.table)
      columns.set(change.to, columns.has(change.column) ? (columns.get(change.column) ?? null) : change.column)
      columns.set(change.column, null)
      return
    }
    case 'delete rows':
      // Which rows a condition means is not known.
      return
    case 'drop schema':
      found.push({kind: 'schema', schema: change.schema})
  }
}
