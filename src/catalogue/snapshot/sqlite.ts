import {keyOf} from './snapshot.ts'
import type {CatalogueObject, Query} from './snapshot.ts'
import {readCatalogue} from './sqlite/catalogue.ts'
import type {Catalogue, ObjectRow} from './sqlite/catalogue.ts'
import {columnsOf} from './sqlite/columns.ts'
import {checksOf, foreignKeysOf, primaryKeyOf, uniquesOf} from './sqlite/constraints.ts'
import {normalForm} from './sqlite/expressions.ts'
import {indexOf} from './sqlite/indexes.ts'
import {restOf, triggerOf, viewOf} from './sqlite/statements.ts'
import {tableOf} from './sqlite/table.ts'
import type {Table} from './sqlite/table.ts'

/** Reads all objects of a SQLite database, in a form that does not depend on how their statements were written. */
export async function readSqlite(query: Query): Promise<readonly CatalogueObject[]> {
  const catalogue = await readCatalogue(query)
  const tables = new Map<string, Table>()
  for (const object of catalogue.objects) {
    const table = object.type === 'table' ? tableOf(object, catalogue) : undefined
    if (table !== undefined) tables.set(object.name, table)
  }
  return withDistinctNames(catalogue.objects.flatMap((object) => objectsOf(object, tables, catalogue)))
}

function objectsOf(
  object: ObjectRow,
  tables: ReadonlyMap<string, Table>,
  catalogue: Catalogue,
): readonly CatalogueObject[] {
  switch (object.type) {
    case 'table':
      return objectsOfTable(object, tables.get(object.name), catalogue)
    case 'index':
      return [indexOf(object, tables.get(object.table))]
    case 'view':
      return [viewOf(object, catalogue)]
    case 'trigger':
      return [triggerOf(object)]
  }
}

/** A shadow table belongs to its virtual table, and an unreadable table is known by its text only. */
function objectsOfTable(
  {name, sql}: ObjectRow,
  table: Table | undefined,
  {tables}: Catalogue,
): readonly CatalogueObject[] {
  const row = tables.get(name)
  if (row?.type === 'shadow') return []
  if (isVirtual(sql ?? '')) return [{kind: 'table', name, definition: {sql: normalForm(restOf(sql ?? ''))}}]
  if (table === undefined) return [{kind: 'table', name, definition: {sql}}]
  const definition = {
    withoutRowid: row?.withoutRowid === 1 ? 'true' : null,
    strict: row?.strict === 1 ? 'true' : null,
  }
  return [
    {kind: 'table', name, definition},
    ...columnsOf(table),
    ...primaryKeyOf(table),
    ...uniquesOf(table),
    ...foreignKeysOf(table),
    ...checksOf(table),
  ]
}

function isVirtual(sql: string): boolean {
  return /^create\s+virtual\b/i.test(sql)
}

/** SQLite allows two constraints of a name, or without one: those that are equal are one, the others are numbered. */
function withDistinctNames(objects: readonly CatalogueObject[]): readonly CatalogueObject[] {
  return [...Map.groupBy(objects, keyOf).values()].flatMap((same) => {
    if (same.length === 1) return same
    const distinct = new Map(same.map((object) => [JSON.stringify(object.definition), object]))
    return [...distinct]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([, object], i) => (i === 0 ? object : {...object, name: `${object.name} (${i + 1})`}))
  })
}
