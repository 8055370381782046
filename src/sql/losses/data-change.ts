/**
 * A change that decides which rows and values of a database are lost. Names of tables are as in operations: qualified if
 * their schema is written.
 */
export type DataChange =
  | {readonly kind: 'create table' | 'drop table' | 'empty table'; readonly table: string}
  | {readonly kind: 'rename table'; readonly table: string; readonly to: string}
  | {readonly kind: 'add column' | 'drop column'; readonly table: string; readonly column: string}
  | {readonly kind: 'rename column'; readonly table: string; readonly column: string; readonly to: string}
  | {readonly kind: 'drop schema'; readonly schema: string}

/** Lost data of a database as it is before the changes: the rows of a table or of all tables of a schema, or the values of a column. */
export type DataLoss =
  | {readonly kind: 'rows'; readonly table: string}
  | {readonly kind: 'values'; readonly table: string; readonly column: string}
  | {readonly kind: 'schema'; readonly schema: string}

/** A table during the changes, and what it and its columns were called before them; null for what they create. */
interface Table {
  readonly before: string | null
  readonly columns: Map<string, string | null>
}

/**
 * Returns what is lost when changes are made in order, by the names that tables and columns have before the first one. What
 * the changes themselves create is not lost, nor is a table that another one replaces under its name: it was rebuilt.
 *
 * @returns a list of losses for each list of changes, such as those of one revision
 */
export function lossesIn(steps: readonly (readonly DataChange[])[]): readonly (readonly DataLoss[])[] {
  const tables = new Map<string, Table>()
  const tableOf = (name: string): Table => {
    const known = tables.get(name) ?? {before: name, columns: new Map()}
    tables.set(name, known)
    return known
  }
  const lost = steps.map((changes) => {
    const found: DataLoss[] = []
    for (const change of changes) apply(change, found, tables, tableOf)
    return found
  })
  const gone = new Set(lost.flat().flatMap((loss) => (loss.kind === 'rows' ? [loss.table] : [])))
  return lost.map((found) => found.filter((loss) => loss.kind !== 'values' || !gone.has(loss.table)))
}

function apply(
  change: DataChange,
  found: DataLoss[],
  tables: Map<string, Table>,
  tableOf: (name: string) => Table,
): void {
  switch (change.kind) {
    case 'create table':
      tables.set(change.table, {before: null, columns: new Map()})
      return
    case 'drop table':
    case 'empty table': {
      const {before} = tableOf(change.table)
      if (before !== null) found.push({kind: 'rows', table: before})
      tables.set(change.table, {before: null, columns: new Map()})
      return
    }
    case 'rename table': {
      const table = tableOf(change.table)
      const replaced = found.findIndex((loss) => loss.kind === 'rows' && loss.table === change.to)
      if (table.before === null && replaced !== -1) found.splice(replaced, 1)
      tables.set(change.to, table)
      tables.set(change.table, {before: null, columns: new Map()})
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
    case 'drop schema':
      found.push({kind: 'schema', schema: change.schema})
  }
}
