import {snapshotOf} from '../../catalogue/snapshot/snapshot.ts'
import type {CatalogueObject, Query} from '../../catalogue/snapshot/snapshot.ts'
import type {SqlContext} from '../../operations/definition.ts'
import type {Stage} from '../../operations/stage.ts'
import {DefinitionList, ownerOf} from '../definitions.ts'
import type {ServerSource} from '../source.ts'

interface ObjectRow {
  readonly type: 'table' | 'index' | 'view' | 'trigger'
  readonly name: string
  readonly table: string
  readonly sql: string | null
}

interface Reference {
  readonly child: string
  readonly parent: string
}

const stages: Readonly<Record<ObjectRow['type'], Stage>> = {
  table: 'createTable',
  index: 'createIndex',
  view: 'createView',
  trigger: 'createTrigger',
}

/** Reads a SQLite database in its own words. */
export async function readSqliteSource(query: Query, {list}: SqlContext): Promise<ServerSource> {
  const rows = await query<ObjectRow>(
    `select m.type, m.name, m.tbl_name as "table", m.sql from sqlite_master m
     left join pragma_table_list l on l.schema = 'main' and l.name = m.name
     where substr(m.name, 1, 7) <> 'sqlite_' and coalesce(l.type, '') <> 'shadow' and m.sql is not null order by m.rowid`,
  )
  const references = await query<Reference>(
    `select lower(m.name) as child, lower(f."table") as parent from sqlite_master m, pragma_foreign_key_list(m.name) f where m.type = 'table'`,
  )
  const definitions = new DefinitionList()
  for (const {type, name, table, sql} of parentsFirst(rows, references))
    definitions.addSql(
      ownerOf({kind: 'table', name: table}),
      stages[type],
      (sql ?? '').trim(),
      `drop ${type} ${list([name])}`,
    )
  return {
    further: snapshotOf(await readColumnOrder(query)),
    definitions: definitions.all,
    parents: new Map(),
    omitted: [],
  }
}

/** Returns objects in an order in which tables can be dropped from last to first: those that others refer to come first. */
function parentsFirst(rows: readonly ObjectRow[], references: readonly Reference[]): readonly ObjectRow[] {
  const parents = Map.groupBy(references, ({child}) => child)
  const ordered = new Set<string>()
  const seen = new Set<string>()
  const visit = (table: string): void => {
    if (seen.has(table)) return
    seen.add(table)
    for (const {parent} of parents.get(table) ?? []) visit(parent)
    ordered.add(table)
  }
  for (const {table} of rows) visit(table.toLowerCase())
  const places = new Map([...ordered].map((table, place) => [table, place]))
  const placeOf = ({table}: ObjectRow): number => places.get(table.toLowerCase()) ?? 0
  return rows.toSorted((one, other) => placeOf(one) - placeOf(other))
}

async function readColumnOrder(query: Query): Promise<readonly CatalogueObject[]> {
  const rows = await query<{readonly table: string; readonly columns: string}>(
    `select m.name as "table", group_concat(x.name, ', ' order by x.cid) as "columns" from sqlite_master m, pragma_table_xinfo(m.name, 'main') x
     where m.type = 'table' and m.sql not like 'create virtual%' and substr(m.name, 1, 7) <> 'sqlite_' group by m.name`,
  )
  return rows.map(({table, columns}) => ({kind: 'column order', table, name: '', definition: {columns}}))
}
