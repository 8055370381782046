import type {DatabaseSchema, DatabaseTable, IndexDef} from '@mikro-orm/sql'
import {parseTable} from '../sql/sqlite/table-text.ts'
import type {TableText} from '../sql/sqlite/table-text.ts'
import {defaultUniqueName} from '../operations/constraints/constraint.ts'
import {unwrapped} from './definitions/expressions.ts'
import {inTable} from './definitions/index.ts'
import type {ComparedDatabase} from './compared-database.ts'

/**
 * Corrects the schema that MikroORM reads from a SQLite database: it splits a composite foreign key in two, misses
 * checks that do not match its pattern, reads neither the column order nor the expressions of an index, and recognises
 * a generated column only if no clause follows the expression. It reads no unique constraints of `create table`.
 */
export async function correctSqlite(schema: DatabaseSchema, database: ComparedDatabase): Promise<void> {
  const {platform} = database
  const texts = new Map<string, string>()
  for (const {name, sql} of await database.query<{readonly name: string; readonly sql: string}>(
    `select name, sql from sqlite_master where sql is not null and type in ('table', 'index')`,
  ))
    texts.set(name, sql)
  const keys = await database.query<KeyRow>(
    `select m.name as "table", f.id, f."table" as "other", f."from", f."to", f.on_update, f.on_delete
     from sqlite_master m, pragma_foreign_key_list(m.name) f where m.type = 'table' order by m.name, f.id, f.seq`,
  )
  const columns = await database.query<IndexRow>(
    `select m.name as "index", x.name, x."desc", x.coll
     from sqlite_master m, pragma_index_xinfo(m.name) x where m.type = 'index' and x.key = 1 order by m.name, x.seqno`,
  )
  const uniques = await database.query<UniqueRow>(
    `select m.name as "table", i.name as "index"
     from sqlite_master m, pragma_index_list(m.name) i where m.type = 'table' and i.origin = 'u' order by m.name, i.seq desc`,
  )
  const shadows = await database.query<{readonly name: string}>(
    `select name from pragma_table_list where type = 'shadow'`,
  )
  const isShadow = new Set(shadows.map(({name}) => name))
  // The tables of a virtual table belong to it.
  schema.setTables(schema.getTables().filter(({name}) => !isShadow.has(name)))
  await addTriggers(schema, database)
  const keysOf = Map.groupBy(keys, (row) => row.table)
  const columnsOf = Map.groupBy(columns, (row) => row.index)
  const uniquesOf = Map.groupBy(uniques, (row) => row.table)
  for (const table of schema.getTables()) {
    const text = parseTable(texts.get(table.name) ?? '')
    correctKeys(table, keysOf.get(table.name) ?? [], text, platform)
    correctChecks(table, text, platform)
    correctGenerated(table, text)
    for (const {index} of uniquesOf.get(table.name) ?? [])
      addUnique(
        table,
        (columnsOf.get(index) ?? []).map(({name}) => name ?? ''),
        text,
      )
    for (const index of table.getIndexes()) {
      const own = columnsOf.get(index.keyName) ?? []
      if (index.primary || own.length === 0) continue
      if (own.some(({name}) => name === null)) index.expression = texts.get(index.keyName) ?? ''
      else if (own.some((column) => column.desc === 1 || column.coll !== 'BINARY'))
        index.columns = own.map(({name, desc, coll}) => ({
          name: name ?? '',
          ...(desc === 1 && {sort: 'DESC' as const}),
          ...(coll !== 'BINARY' && {collation: coll}),
        }))
    }
  }
}

/** MikroORM misses triggers of tables whose names have to be quoted. */
async function addTriggers(schema: DatabaseSchema, database: ComparedDatabase): Promise<void> {
  const rows = await database.query<{readonly name: string; readonly table: string; readonly sql: string}>(
    `select name, tbl_name as "table", sql from sqlite_master where type = 'trigger'`,
  )
  for (const {name, table: owner, sql} of rows) {
    const table = schema.getTable(owner)
    const isRead = table?.getTriggers().some((one) => name === one.name || name.startsWith(`${one.name}_`)) ?? true
    if (table === undefined || isRead) continue
    const trigger = {name, timing: 'after', events: [], forEach: 'row', body: '', expression: sql} as const
    table.setTriggers([...table.getTriggers(), {...trigger, events: []}])
  }
}

interface KeyRow {
  readonly table: string
  readonly id: number
  readonly other: string
  readonly from: string
  readonly to: string | null
  readonly on_update: string
  readonly on_delete: string
}

interface UniqueRow {
  readonly table: string
  readonly index: string
}

interface IndexRow {
  readonly index: string
  readonly name: string | null
  readonly desc: number
  readonly coll: string
}

function correctKeys(
  table: DatabaseTable,
  rows: readonly KeyRow[],
  text: TableText,
  platform: ComparedDatabase['platform'],
): void {
  const known = table.getForeignKeys()
  const keys = [...Map.groupBy(rows, ({id}) => id).values()].map((parts) => {
    const columnNames = parts.map(({from}) => from)
    const [first] = parts
    const constraintName = nameInText(text, columnNames) ?? platform.getIndexName(table.name, columnNames, 'foreign')
    const single = known[platform.getIndexName(table.name, columnNames.slice(0, 1), 'foreign')]
    return {
      ...(single?.deferMode !== undefined && {deferMode: single.deferMode}),
      constraintName,
      columnNames,
      localTableName: table.getShortestName(false),
      referencedTableName: first?.other ?? '',
      referencedColumnNames: parts.map(({to, from}) => to ?? from),
      updateRule: first?.on_update.toLowerCase() ?? '',
      deleteRule: first?.on_delete.toLowerCase() ?? '',
    }
  })
  table.setForeignKeys(Object.fromEntries(keys.map((key) => [key.constraintName, key])))
}

/** Adds a unique constraint of the table, whose index has no statement; without a name, it is known by its columns. */
function addUnique(table: DatabaseTable, columnNames: string[], {columns, constraints}: TableText): void {
  const isOf = (own: readonly string[]): boolean => isSameNames(own, columnNames)
  const clauses = columns.flatMap(({name, clauses: own}) => (isOf([name]) ? own : []))
  const found = [
    ...clauses.filter(({keyword}) => keyword === 'UNIQUE'),
    ...constraints.filter(({type, columns: own}) => type === 'UNIQUE' && isOf(own)),
  ]
  const index: IndexDef = {
    keyName: found[0]?.name ?? defaultUniqueName(table.name, {columns: columnNames, inTable: true}),
    columnNames,
    unique: true,
    primary: false,
    constraint: true,
    composite: columnNames.length > 1,
  }
  inTable.add(index)
  table.setIndexes([...table.getIndexes(), index])
}

function isSameNames(names: readonly string[], others: readonly string[]): boolean {
  return names.join('\0').toLowerCase() === others.join('\0').toLowerCase()
}

/** Returns the name of a foreign key, which no pragma gives. */
function nameInText({columns, constraints}: TableText, names: readonly string[]): string | undefined {
  const [first] = names
  const clauses = names.length === 1 ? (columns.find(({name}) => name === first)?.clauses ?? []) : []
  const inColumn = clauses.find(({keyword}) => keyword === 'REFERENCES')?.name
  const key = constraints.find(({type, columns: own}) => type === 'FOREIGN' && own.join('\0') === names.join('\0'))
  return key?.name ?? inColumn
}

function correctChecks(table: DatabaseTable, text: TableText, platform: ComparedDatabase['platform']): void {
  const ofColumns = text.columns.flatMap((column) =>
    column.clauses
      .filter(({keyword}) => keyword === 'CHECK')
      .map((clause) => ({name: clause.name, text: clause.text, columnName: column.name})),
  )
  const ofTable = text.constraints.filter(({type}) => type === 'CHECK')
  const checks = [...ofColumns, ...ofTable.map((check) => ({...check, columnName: undefined}))]
  table.setChecks(
    checks.map((check) => {
      const expression = unwrapped(check.text.slice(check.text.search(/check\s*\(/i)).replace(/^check\s*/i, ''))
      return {
        name:
          check.name ??
          platform.getIndexName(table.name, check.columnName === undefined ? [] : [check.columnName], 'check'),
        expression,
        definition: `check (${expression})`,
        ...(check.columnName !== undefined && {columnName: check.columnName}),
      }
    }),
  )
}

function correctGenerated(table: DatabaseTable, text: TableText): void {
  for (const {name, clauses} of text.columns) {
    const clause = clauses.find(({keyword}) => keyword === 'GENERATED')?.text
    const column = table.getColumn(name)
    if (clause === undefined || column === undefined) continue
    const {expression = '', how = 'virtual'} =
      /\bas\s*(?<expression>\(.*\))\s*(?<how>stored|virtual)?$/is.exec(clause.trim())?.groups ?? {}
    column.generated = `${expression} ${how.toLowerCase()}`
  }
}
