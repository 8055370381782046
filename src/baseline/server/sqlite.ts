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
  const definitions = new DefinitionList()
  for (const {type, name, table, sql} of rows)
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

async function readColumnOrder(query: Query): Promise<readonly CatalogueObject[]> {
  const rows = await query<{readonly table: string; readonly columns: string}>(
    `select m.name as "table", group_concat(x.name, ', ' order by x.cid) as "columns" from sqlite_master m, pragma_table_xinfo(m.name, 'main') x
     where m.type = 'table' and m.sql not like 'create virtual%' and substr(m.name, 1, 7) <> 'sqlite_' group by m.name`,
  )
  return rows.map(({table, columns}) => ({kind: 'column order', table, name: '', definition: {columns}}))
}
