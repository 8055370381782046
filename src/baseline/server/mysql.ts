import {snapshotOf} from '../../catalogue/snapshot/snapshot.ts'
import type {CatalogueObject, Query} from '../../catalogue/snapshot/snapshot.ts'
import {withoutDatabase} from '../../catalogue/snapshot/mysql/expressions.ts'
import {describeServer, quoted} from '../../catalogue/snapshot/mysql/server.ts'
import type {Server} from '../../catalogue/snapshot/mysql/server.ts'
import {DefinitionList, ownerOf} from '../definitions.ts'
import type {ServerSource} from '../source.ts'

/** Reads a MariaDB or MySQL database in the server's own words: `show create`, without definers and the database's name. */
export async function readMysqlSource(query: Query): Promise<ServerSource> {
  const server = await describeServer(query)
  const definitions = new DefinitionList()
  const nothing = {further: snapshotOf([]), definitions: definitions.all, parents: new Map(), omitted: []}
  if (server === undefined) return nothing
  await addTables(server, definitions)
  await addTriggers(server, definitions)
  const unreadable = [...(await addViews(server, definitions)), ...(await addRoutines(server, definitions))]
  const events = await addEvents(server, definitions)
  const further = snapshotOf([...(await readColumnOrder(server)), ...events])
  return {...nothing, further, omitted: unreadable}
}

/** Returns the statement that creates an object; undefined if the user may not see it. */
async function show(
  {query, ...server}: Server,
  what: string,
  name: string,
  column: string,
): Promise<string | undefined> {
  const [row = {}] = await query<Readonly<Record<string, string | null>>>(`show create ${what} ${quoted(name)}`)
  const sql = row[column]
  return sql === null || sql === undefined ? undefined : withoutDatabase(withoutDefiner(sql), {query, ...server})
}

const definer =
  /^(?<start>create\s+(?:or replace\s+)?(?:algorithm\s*=\s*\w+\s+)?)definer\s*=\s*`(?:[^`]|``)*`(?:@`(?:[^`]|``)*`)?\s+/i

function withoutDefiner(sql: string): string {
  return sql.replace(definer, '$<start>')
}

async function namesOf({query}: Server, sql: string): Promise<readonly string[]> {
  return (await query<{readonly name: string}>(sql)).map(({name}) => name)
}

const tablesOf = (types: string): string =>
  `select table_name as \`name\` from information_schema.tables where table_schema = database() and table_type in (${types}) order by table_name`

const keyLine = /,?\n\s*CONSTRAINT `(?<name>(?:[^`]|``)*)` FOREIGN KEY (?<rest>.*?)(?=,?\n)/g

async function addTables(server: Server, definitions: DefinitionList): Promise<void> {
  for (const name of await namesOf(server, tablesOf(`'SEQUENCE'`))) {
    const sql = await showTable(server, name)
    definitions.addSql(ownerOf({kind: 'sequence', name}), 'createSequence', sql, `drop sequence ${quoted(name)}`)
  }
  for (const name of await namesOf(server, tablesOf(`'BASE TABLE', 'SYSTEM VERSIONED'`))) {
    const owner = ownerOf({kind: 'table', name})
    const whole = await showTable(server, name)
    const sql = whole.replaceAll(keyLine, '').replace(/\) (?<options>ENGINE=.*?) AUTO_INCREMENT=\d+/, ') $<options>')
    definitions.addSql(owner, 'createTable', sql, `drop table ${quoted(name)}`)
    for (const {groups = {}} of whole.matchAll(keyLine))
      definitions.addSql(
        owner,
        'createForeignKey',
        `alter table ${quoted(name)} add constraint \`${groups['name'] ?? ''}\` foreign key ${groups['rest'] ?? ''}`,
        `alter table ${quoted(name)} drop foreign key \`${groups['name'] ?? ''}\``,
      )
  }
}

async function showTable({query}: Server, name: string): Promise<string> {
  const [row = {}] = await query<Readonly<Record<string, string>>>(`show create table ${quoted(name)}`)
  return row['Create Table'] ?? ''
}

async function addTriggers(server: Server, definitions: DefinitionList): Promise<void> {
  const rows = await server.query<{readonly name: string; readonly table: string}>(
    `select trigger_name as \`name\`, event_object_table as \`table\` from information_schema.triggers
     where trigger_schema = database() order by event_object_table, action_timing, event_manipulation, action_order`,
  )
  for (const {name, table} of rows) {
    const sql = await show(server, 'trigger', name, 'SQL Original Statement')
    if (sql !== undefined)
      definitions.addSql(ownerOf({kind: 'table', name: table}), 'createTrigger', sql, `drop trigger ${quoted(name)}`)
  }
}

async function addViews(server: Server, definitions: DefinitionList): Promise<readonly string[]> {
  const unreadable: string[] = []
  for (const name of await namesOf(server, tablesOf(`'VIEW'`))) {
    const sql = await show(server, 'view', name, 'Create View')
    if (sql === undefined) unreadable.push(`view ${name}`)
    else definitions.addSql(ownerOf({kind: 'view', name}), 'createView', sql, `drop view ${quoted(name)}`)
  }
  return unreadable
}

async function addRoutines(server: Server, definitions: DefinitionList): Promise<readonly string[]> {
  const rows = await server.query<{readonly name: string; readonly type: 'FUNCTION' | 'PROCEDURE'}>(
    `select routine_name as \`name\`, routine_type as \`type\` from information_schema.routines
     where routine_schema = database() and routine_type in ('FUNCTION', 'PROCEDURE') order by routine_name, routine_type`,
  )
  const unreadable: string[] = []
  for (const {name, type} of rows) {
    const isFunction = type === 'FUNCTION'
    const what = type.toLowerCase()
    const sql = await show(server, what, name, isFunction ? 'Create Function' : 'Create Procedure')
    if (sql === undefined) unreadable.push(`${what} ${name}`)
    else definitions.addSql(ownerOf({kind: 'routine', name}), 'createRoutine', sql, `drop ${what} ${quoted(name)}`)
  }
  return unreadable
}

async function addEvents(server: Server, definitions: DefinitionList): Promise<readonly CatalogueObject[]> {
  const names = await namesOf(
    server,
    'select event_name as `name` from information_schema.events where event_schema = database() order by event_name',
  )
  const found: CatalogueObject[] = []
  for (const name of names) {
    const sql = (await show(server, 'event', name, 'Create Event')) ?? ''
    definitions.addSql(ownerOf({kind: 'event', name}), 'custom', sql, `drop event ${quoted(name)}`)
    // Without a start of its own, an event starts when it is created.
    found.push({kind: 'event', name, definition: {sql: sql.replace(/ STARTS '[^']*'/, '')}})
  }
  return found
}

async function readColumnOrder({query}: Server): Promise<readonly CatalogueObject[]> {
  const rows = await query<{readonly table: string; readonly name: string}>(
    `select c.table_name as \`table\`, c.column_name as \`name\` from information_schema.columns c
     join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
     where c.table_schema = database() and t.table_type in ('BASE TABLE', 'SYSTEM VERSIONED') order by c.table_name, c.ordinal_position`,
  )
  return [...Map.groupBy(rows, ({table}) => table)].map(([table, columns]) => ({
    kind: 'column order',
    table,
    name: '',
    definition: {columns: columns.map(({name}) => name).join(', ')},
  }))
}
