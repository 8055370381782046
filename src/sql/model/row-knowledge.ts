import {Refusal, Unclear} from './schema-model.ts'
import type {Item, SchemaModel} from './schema-model.ts'
import type {QueryReferences} from './scope.ts'

/** The rows that revisions insert into a table, kept beside its definition. */
interface InsertedRows {
  /** Columns that some rows lack. */
  readonly without: readonly string[]
  /** Columns to which values are written. */
  readonly written: readonly string[]
}

/** Properties that start so are no part of a definition. */
export const aside = '*'
const key = `${aside}rows`

export function insertedRows({properties}: Item): InsertedRows | undefined {
  const text = properties[key]
  return text === undefined ? undefined : (JSON.parse(text) as InsertedRows)
}

/** Notes that rows are inserted, or columns updated. */
export function noteRows(model: SchemaModel, table: Item, {without, written}: InsertedRows): void {
  const known = insertedRows(model.get(table.id) ?? table)
  const rows: InsertedRows = {
    without: [...new Set([...(known?.without ?? []), ...without])],
    written: [...new Set([...(known?.written ?? []), ...written])],
  }
  model.set(table, {[key]: JSON.stringify(rows)})
}

/** Notes the rows that a statement reads in order to write others, also through views. */
export function noteReads(model: SchemaModel, {read}: Pick<QueryReferences, 'read'>): void {
  const ids = new Set(read)
  const columns = new Map<string, string[]>()
  for (const id of ids) {
    const item = model.get(id)
    if (item !== undefined) model.touch(item, false)
    if (item?.kind === 'view') for (const {to} of item.references) ids.add(to)
    const table = item?.kind === 'column' ? item.parent : item?.kind === 'table' ? id : undefined
    if (table === undefined) continue
    const found = columns.get(table) ?? []
    columns.set(table, item?.kind === 'column' ? [...found, item.name] : found)
  }
  for (const [table, names] of columns) model.noteRows({table, change: 'reads', columns: names})
}

/** @throws Unclear if rows that were inserted may violate a constraint */
export function refuseForRows(model: SchemaModel, table: Item, what: string, columns: readonly Item[]): void {
  const rows = insertedRows(model.get(table.id) ?? table)
  const names = columns.map(({name}) => name)
  if (rows === undefined || !names.some((name) => rows.written.includes(name))) return
  throw new Unclear(`whether the rows written to ${table.name} satisfy ${what}`)
}

/** @throws Refusal if an inserted row has no value for a column that requires one */
export function refuseNulls(model: SchemaModel, table: Item, column: string): void {
  const rows = insertedRows(model.get(table.id) ?? table)
  if (rows?.without.includes(column) === true)
    throw new Refusal(`inserted rows of table ${table.name} have no value for column ${column}`)
}
