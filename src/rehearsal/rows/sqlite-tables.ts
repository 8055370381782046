import type {SqlContext} from '../../operations/definition.ts'
import {joinName, splitName} from '../../operations/names.ts'
import type {Session} from '../../runner/connection/session.ts'
import {sqlContext} from '../../sql/context.ts'
import {parseTable} from '../../sql/sqlite/table-text.ts'
import type {InsertSyntax} from './insert.ts'
import {sqliteType} from './sqlite-types.ts'
import type {Catalogue, Column, Reference, Table} from './table.ts'

/** SQLite's syntax; a conflict clause of a constraint could otherwise end the transaction. */
export function sqliteSyntax({literal}: SqlContext): InsertSyntax {
  return {insert: 'insert or abort into', overriding: '', empty: 'default values', leavesCounters: true, literal}
}

interface ColumnRow {
  readonly table: string
  readonly kind: string
  readonly sql: string | null
  readonly withoutRowid: number
  readonly name: string
  readonly type: string
  readonly notNull: number
  readonly value: string | null
  readonly key: number
  readonly hidden: number
}

interface ReferenceRow {
  readonly table: string
  readonly id: number
  readonly other: string
  readonly from: string
  readonly to: string | null
}

interface KeyRow {
  readonly table: string
  readonly index: string
  readonly column: string | null
}

interface TriggerRow {
  readonly table: string
}

/** Reads all tables of the schemas that the names mention. */
export async function readSqliteTables(session: Session, names: readonly string[]): Promise<Catalogue> {
  const tables = new Map<string, Table>()
  for (const schema of new Set(names.map((name) => splitName(name).schema)))
    for (const table of await readSchema(session, schema)) tables.set(table.id, table)
  const requested = names.map((name) => {
    const {schema, name: own} = splitName(name)
    return [name, tables.get(idOf(schema, own))] as const
  })
  // The report uses the names of the caller, and SQLite's names are case-insensitive.
  for (const [name, table] of requested) if (table !== undefined) tables.set(table.id, {...table, name})
  return {tables, requested: new Map(requested.map(([name, table]) => [name, table && tables.get(table.id)]))}
}

const idOf = (schema: string | undefined, name: string): string => joinName(schema, name).toLowerCase()

async function readSchema(session: Session, schema: string | undefined): Promise<readonly Table[]> {
  const {quote, literal} = sqlContext(session.dialect, session.platform)
  const from = `${quote(schema ?? 'main')}.sqlite_master m`
  const within = literal(schema ?? 'main')
  const columns = await session.query<ColumnRow>(
    `select m.name as "table", l.type as kind, m.sql, l.wr as withoutRowid, x.name, x.type, x."notnull" as "notNull", x.dflt_value as value, x.pk as "key", x.hidden
     from ${from} join pragma_table_list l on l.schema = ${within} and l.name = m.name, pragma_table_xinfo(m.name, ${within}) x where m.type in ('table', 'view') order by m.rowid, x.cid`,
  )
  const references = await session.query<ReferenceRow>(
    `select m.name as "table", f.id, f."table" as "other", f."from", f."to" from ${from}, pragma_foreign_key_list(m.name, ${within}) f where m.type = 'table' order by m.rowid, f.id, f.seq`,
  )
  const keys = await session.query<KeyRow>(
    `select m.name as "table", l.name as "index", x.name as "column" from ${from}, pragma_index_list(m.name, ${within}) l, pragma_index_info(l.name, ${within}) x where m.type = 'table' and l."unique" = 1 order by m.rowid, l.seq, x.seqno`,
  )
  const triggers = await session.query<TriggerRow>(
    `select tbl_name as "table" from ${from} where type = 'trigger' and sql like '%raise%(%rollback%'`,
  )
  const columnsOf = Map.groupBy(columns, ({table}) => table.toLowerCase())
  const referencesOf = Map.groupBy(references, ({table}) => table)
  const keysOf = Map.groupBy(keys, ({table}) => table)
  const primaryKey = (table: string): readonly string[] => keyColumns(columnsOf.get(table.toLowerCase()) ?? [])
  return [...columnsOf.values()].map((own): Table => {
    const [first] = own
    const {table = '', kind = '', sql} = first ?? {}
    const text = kind === 'table' ? parseTable(sql ?? '') : {columns: [], constraints: []}
    const clauses = text.columns.flatMap((column) => column.clauses)
    const checks = [
      ...clauses.filter(({keyword}) => keyword === 'CHECK'),
      ...text.constraints.filter(({type}) => type === 'CHECK'),
    ].map((check) => check.text.slice(check.text.search(/check\s*\(/i)).replace(/^check\s*/i, ''))
    return {
      id: idOf(schema, table),
      name: joinName(schema, table),
      columns: own.filter(({hidden}) => hidden !== 1).map((column) => columnOf(column, own)),
      keys: [
        keyColumns(own),
        ...[...Map.groupBy(keysOf.get(table) ?? [], ({index}) => index).values()].map((parts) =>
          parts.flatMap(({column}) => column ?? []),
        ),
      ],
      references: [...Map.groupBy(referencesOf.get(table) ?? [], ({id}) => id).values()].map((parts) =>
        referenceOf(parts, schema, primaryKey),
      ),
      checks,
      afterInsert: [],
      refusal: refusalOf(
        kind,
        triggers.some((trigger) => trigger.table.toLowerCase() === table.toLowerCase()),
      ),
    }
  })
}

function refusalOf(kind: string, mayRollBack: boolean): string | undefined {
  if (kind !== 'table') return kind === 'virtual' ? 'it is a virtual table' : 'it is not a table'
  return mayRollBack ? 'one of its triggers may roll back the transaction' : undefined
}

function keyColumns(columns: readonly ColumnRow[]): readonly string[] {
  return columns
    .filter(({key}) => key > 0)
    .toSorted((a, b) => a.key - b.key)
    .map(({name}) => name)
}

const constant = /^(?:'(?:[^']|'')*'|[-+]?\d+(?:\.\d+)?|true|false)$/i

function columnOf(
  {name, type, notNull, value, key, hidden, withoutRowid}: ColumnRow,
  own: readonly ColumnRow[],
): Column {
  const isOnlyKey = key > 0 && own.every((column) => column.name === name || column.key === 0)
  return {
    name,
    type: sqliteType(type),
    isNullable: notNull === 0 && key === 0,
    isGenerated: hidden > 1,
    isCounter: isOnlyKey && type.toLowerCase() === 'integer' && withoutRowid === 0,
    hasConstantDefault: value !== null && constant.test(value),
    tests: [],
  }
}

function referenceOf(
  parts: readonly ReferenceRow[],
  schema: string | undefined,
  primaryKey: (table: string) => readonly string[],
): Reference {
  const other = parts[0]?.other ?? ''
  return {
    columns: parts.map(({from}) => from),
    parent: idOf(schema, other),
    parentName: joinName(schema, other),
    parentColumns: parts.map(({to}, i) => to ?? primaryKey(other)[i] ?? ''),
  }
}
