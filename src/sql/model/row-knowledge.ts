import {isOfCatalogue} from './catalogue-reads.ts'
import {descendants} from './inheritance.ts'
import {decisionAboutColumns, decisionAboutQuery, decisionAboutType, tableDecision} from './row-meaning.ts'
import {anyRows} from './row-sets.ts'
import {Refusal, Unclear} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import type {QueryReferences} from './references.ts'

/** The rows that revisions insert into a table, kept beside its definition. */
interface InsertedRows {
  /** Columns that some rows lack. */
  readonly without: readonly string[]
  /** Columns to which values are written. */
  readonly written: readonly string[]
  /** The revisions that insert them. */
  readonly by: readonly string[]
}

/** Properties that start so are no part of a definition. */
export const aside = '*'
const key = `${aside}rows`
/** The property of an added column with the value in rows that were there before it. */
export const filled = `${aside}filled`

export function insertedRows({properties}: Item): InsertedRows | undefined {
  const text = properties[key]
  return text === undefined ? undefined : (JSON.parse(text) as InsertedRows)
}

/** Notes that rows are inserted. */
export function noteRows(
  model: SchemaModel,
  table: Item,
  {without, written}: Pick<InsertedRows, 'without' | 'written'>,
): void {
  const known = insertedRows(model.get(table.id) ?? table)
  const rows: InsertedRows = {
    without: [...new Set([...(known?.without ?? []), ...without])],
    written: [...new Set([...(known?.written ?? []), ...written])],
    by: [...new Set([...(known?.by ?? []), model.author])],
  }
  const text = JSON.stringify(rows)
  if (model.get(table.id)?.properties[key] === text) model.touch(table, true)
  else model.set(table, {[key]: text})
}

/** Notes that all rows have a value of a column. */
export function noteFilled(model: SchemaModel, table: Item, column: string): void {
  const known = insertedRows(model.get(table.id) ?? table)
  if (known?.without.includes(column) !== true) return
  const rows: InsertedRows = {...known, without: known.without.filter((name) => name !== column)}
  model.set(table, {[key]: JSON.stringify(rows)})
}

/**
 * Notes the rows that a statement reads in order to write others, also through views.
 *
 * @param except the table whose rows it changes, of which it reads no others
 */
export function noteReads(
  model: SchemaModel,
  {read, whole = new Map(), catalogue}: Pick<QueryReferences, 'read'> & Partial<QueryReferences>,
  except?: Item,
): void {
  const ids = new Set(read)
  if (catalogue !== undefined) model.notes.catalogue ??= catalogue
  for (const [id, how] of whole) {
    const table = model.get(id)
    if (table !== undefined) model.notes.addDecisions(table.name, [decisionAboutColumns(model, table, how)])
  }
  const columns = new Map<string, string[]>()
  for (const id of ids) {
    const item = model.get(id)
    if (item !== undefined) model.touch(item, false)
    if (item !== undefined && isOfCatalogue(model, item)) model.notes.catalogue ??= model.describe(item)
    if (item?.kind === 'view') {
      for (const {to} of item.references) ids.add(to)
      if (item.properties['materialized'] === undefined) model.notes.addDecisions(item.name, [decisionAboutQuery(item)])
    }
    const isTable = item?.kind === 'table' || item?.kind === 'view'
    const table = item?.kind === 'column' ? item.parent : isTable ? id : undefined
    if (table === undefined || (table === except?.id && !read.has(table))) continue
    const found = columns.get(table) ?? []
    columns.set(table, item?.kind === 'column' ? [...found, item.name] : found)
  }
  for (const [id, names] of columns) {
    const table = model.get(id)
    if (table !== undefined) {
      const found = names.flatMap((name) => model.find('column', id, name) ?? [])
      const types = found.map((column) => decisionAboutType(model, table, column, undefined))
      model.notes.addDecisions(table.name, [
        tableDecision([table], `read ${table.name}`),
        ...types.map(([name, decision]) => [`read ${name}`, decision] as const),
      ])
    }
    for (const one of table === undefined ? [] : [table, ...descendants(model, table)])
      model.noteRows({table: one.id, change: 'reads', columns: names, rows: anyRows})
  }
}

/** @throws Unclear if rows that another revision inserted since may violate a constraint */
export function refuseForRows(model: SchemaModel, table: Item, what: string, columns?: readonly Item[]): void {
  const rows = insertedRows(model.get(table.id) ?? table)
  if (rows === undefined || columns?.some(({name}) => rows.written.includes(name)) === false) return
  const former = model.former(table)
  const known = [model.author, ...((former === undefined ? undefined : insertedRows(former)?.by) ?? [])]
  if (rows.by.every((revision) => known.includes(revision))) return
  throw new Unclear(`whether the rows written to ${table.name} satisfy ${what}`)
}

/** @throws Refusal if an inserted row has no value for a column that requires one */
export function refuseNulls(model: SchemaModel, table: Item, column: string): void {
  const rows = insertedRows(model.get(table.id) ?? table)
  if (rows?.without.includes(column) === true)
    throw new Refusal(`inserted rows of table ${table.name} have no value for column ${column}`)
}
