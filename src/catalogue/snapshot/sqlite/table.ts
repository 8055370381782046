import {parseTable} from '../../../sql/sqlite/table-text.ts'
import type {TableText} from '../../../sql/sqlite/table-text.ts'
import type {Catalogue, ColumnRow, IndexRow, KeyRow, ObjectRow, TableRow} from './catalogue.ts'
import {folded, normalForm} from './expressions.ts'
import {tokensAfter} from './statements.ts'

/** A table as SQLite reports it, together with its text. */
export interface Table {
  readonly name: string
  readonly row: TableRow | undefined
  readonly text: TableText
  readonly columns: readonly ColumnRow[]
  readonly indexes: readonly IndexRow[]
  readonly keys: readonly KeyRow[]
  /** The names that an expression of the table may refer to, in lower case. */
  readonly names: ReadonlySet<string>
  /** The collations of columns that do not compare bytes, by the name of the column in lower case. */
  readonly collations: ReadonlyMap<string, string>
  /** The columns that a foreign key refers to that names none. */
  primaryKeyOf(table: string): readonly string[]
  /** The name of a table as it was created. */
  nameOf(table: string): string
}

/** Returns a table; undefined if the parser reads other columns in its text than SQLite. */
export function tableOf({name, sql}: ObjectRow, catalogue: Catalogue): Table | undefined {
  const columns = catalogue.columns.get(name) ?? []
  const text = parsed(sql ?? '')
  if (text === undefined || namesOf(text.columns) !== namesOf(columns)) return undefined
  return {
    name,
    row: catalogue.tables.get(name),
    text,
    columns,
    indexes: catalogue.indexes.get(name) ?? [],
    keys: catalogue.keys.get(name) ?? [],
    names: new Set(['rowid', '_rowid_', 'oid', ...columns.map((column) => folded(column.name))]),
    collations: collationsOf(text),
    primaryKeyOf: (other) => keyColumns(catalogue.columns.get(tableName(other, catalogue)) ?? []),
    nameOf: (other) => tableName(other, catalogue),
  }
}

function namesOf(columns: readonly {readonly name: string}[]): string {
  return JSON.stringify(columns.map(({name}) => name))
}

function parsed(sql: string): TableText | undefined {
  try {
    return parseTable(sql)
  } catch {
    return undefined
  }
}

function tableName(name: string, {tables}: Catalogue): string {
  if (tables.has(name)) return name
  return [...tables.keys()].find((other) => folded(other) === folded(name)) ?? name
}

/** Returns the columns of a primary key, in its order. */
export function keyColumns(columns: readonly ColumnRow[]): readonly string[] {
  return columns
    .filter(({key}) => key > 0)
    .toSorted((one, other) => one.key - other.key)
    .map(({name}) => name)
}

function collationsOf({columns}: TableText): ReadonlyMap<string, string> {
  const collations = new Map<string, string>()
  for (const {name, clauses} of columns) {
    const clause = clauses.findLast(({keyword}) => keyword === 'COLLATE')
    const collation = clause && normalForm(tokensAfter(clause.text, 'COLLATE'))
    if (collation !== undefined && collation !== 'binary') collations.set(folded(name), collation)
  }
  return collations
}
