import {joinName, splitName} from '../../operations/names.ts'
import type {Session} from '../../runner/connection/session.ts'
import type {Test} from './checks.ts'
import type {InsertSyntax} from './insert.ts'
import {mysqlPartitionTests} from './mysql-partitions.ts'
import type {PartitionRow} from './mysql-partitions.ts'
import {mysqlType} from './mysql-types.ts'
import type {Catalogue, Column, Reference, Table} from './table.ts'

/** The syntax of MySQL and MariaDB. */
export function mysqlSyntax(): InsertSyntax {
  return {insert: 'insert into', overriding: '', empty: '() values ()', leavesCounters: true, literal: mysqlLiteral}
}

/** Returns a string literal that means the same in every SQL mode: `NO_BACKSLASH_ESCAPES` changes backslashes. */
function mysqlLiteral(text: string): string {
  if (text.includes('\\')) return `_utf8mb4 x'${Buffer.from(text).toString('hex')}'`
  return `'${text.replaceAll("'", "''")}'`
}

interface TableRow {
  readonly schema: string
  readonly name: string
  readonly type: string
}

interface ColumnRow {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly type: string
  readonly nullable: string
  readonly extra: string
  readonly generated: string | null
  readonly value: string | null
}

interface KeyRow {
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly column: string | null
}

interface ReferenceRow extends KeyRow {
  readonly column: string
  readonly parentSchema: string
  readonly parent: string
  readonly parentColumn: string
}

interface CheckRow {
  readonly schema: string
  readonly table: string
  readonly sql: string
  readonly isEscaped: number
}

/** MySQL lists the table of a check elsewhere, and escapes its quotes. */
export const mysqlChecks = `select t.table_schema as \`schema\`, t.table_name as \`table\`, c.check_clause as \`sql\`, 1 as isEscaped
  from information_schema.check_constraints c join information_schema.table_constraints t
  on t.constraint_schema = c.constraint_schema and t.constraint_name = c.constraint_name and t.constraint_type = 'CHECK'
  where t.enforced = 'YES' and c.constraint_schema`

export const mariadbChecks = `select constraint_schema as \`schema\`, table_name as \`table\`, check_clause as \`sql\`, 0 as isEscaped
  from information_schema.check_constraints where constraint_schema`

/** Reads all tables of the schemas that the names mention. */
export async function readMysqlTables(
  session: Session,
  names: readonly string[],
  checksQuery: string,
): Promise<Catalogue> {
  const [current] = await session.query<{readonly name: string}>('select database() as name')
  const own = current?.name ?? ''
  const schemas = [...new Set(names.map((name) => splitName(name).schema ?? own))]
  const inSchemas = `in (${schemas.map(mysqlLiteral).join(', ')})`
  const where = `where table_schema ${inSchemas}`
  const tables = await session.query<TableRow>(
    `select table_schema as \`schema\`, table_name as name, table_type as type from information_schema.tables ${where} order by table_schema, table_name`,
  )
  const columnsOf = grouped(
    await session.query<ColumnRow>(
      `select table_schema as \`schema\`, table_name as \`table\`, column_name as name, column_type as type, is_nullable as nullable, extra as extra, generation_expression as \`generated\`, column_default as value
       from information_schema.columns ${where} order by table_schema, table_name, ordinal_position`,
    ),
  )
  const keysOf = grouped(
    await session.query<KeyRow>(
      `select table_schema as \`schema\`, table_name as \`table\`, index_name as name, column_name as \`column\` from information_schema.statistics ${where} and non_unique = 0 order by table_schema, table_name, index_name, seq_in_index`,
    ),
  )
  const referencesOf = grouped(
    await session.query<ReferenceRow>(
      `select table_schema as \`schema\`, table_name as \`table\`, constraint_name as name, column_name as \`column\`, referenced_table_schema as parentSchema, referenced_table_name as parent, referenced_column_name as parentColumn
       from information_schema.key_column_usage ${where} and referenced_table_name is not null order by table_schema, table_name, constraint_name, ordinal_position`,
    ),
  )
  const checksOf = grouped(await session.query<CheckRow>(`${checksQuery} ${inSchemas}`))
  const partitionsOf = grouped(
    await session.query<PartitionRow & {readonly schema: string; readonly table: string}>(
      `select table_schema as \`schema\`, table_name as \`table\`, partition_method as method, partition_expression as expression, partition_description as description
       from information_schema.partitions ${where} and partition_name is not null order by table_schema, table_name, partition_ordinal_position`,
    ),
  )
  const requestedName = new Map(names.map((name) => [idOf(splitName(name).schema ?? own, splitName(name).name), name]))
  const named = (schema: string, name: string): string =>
    requestedName.get(idOf(schema, name)) ?? joinName(schema === own ? undefined : schema, name)
  const known = new Map<string, Table>()
  for (const {schema, name, type} of tables) {
    const id = idOf(schema, name)
    const checks = (checksOf.get(id) ?? []).map(checkOf)
    const partitions = mysqlPartitionTests(partitionsOf.get(id) ?? [])
    known.set(id, {
      id,
      name: named(schema, name),
      columns: (columnsOf.get(id) ?? []).map((column) => columnOf(column, checks, partitions.get(column.name) ?? [])),
      keys: [...Map.groupBy(keysOf.get(id) ?? [], (row) => row.name).values()].map((parts) =>
        parts.flatMap(({column}) => column ?? []),
      ),
      references: [...Map.groupBy(referencesOf.get(id) ?? [], (row) => row.name).values()].map((parts) =>
        referenceOf(parts, named),
      ),
      checks,
      afterInsert: [],
      refusal: /^(?:BASE TABLE|SYSTEM VERSIONED)$/.test(type) ? undefined : 'it is not a table',
    })
  }
  return {
    tables: known,
    requested: new Map([...requestedName].map(([id, name]) => [name, known.get(id)])),
  }
}

const idOf = (schema: string, name: string): string => JSON.stringify([schema, name])

function grouped<Row extends {readonly schema: string; readonly table: string}>(
  rows: readonly Row[],
): ReadonlyMap<string, readonly Row[]> {
  return Map.groupBy(rows, ({schema, table}) => idOf(schema, table))
}

function checkOf({sql, isEscaped}: CheckRow): string {
  return isEscaped ? sql.replaceAll(/\\(?<character>['\\])/g, '$<character>') : sql
}

function columnOf(
  {name, type, nullable, extra, generated, value}: ColumnRow,
  checks: readonly string[],
  tests: readonly Test[],
): Column {
  // MariaDB's json is a long text with a check.
  const isJson = checks.some((check) => check.toLowerCase() === `json_valid(\`${name.toLowerCase()}\`)`)
  return {
    name,
    type: mysqlType(isJson ? 'json' : type),
    isNullable: nullable === 'YES',
    isGenerated: (generated ?? '') !== '',
    isCounter: /auto_increment/i.test(extra),
    hasConstantDefault: value !== null && !/default_generated/i.test(extra) && !/\(/.test(value),
    tests,
  }
}

function referenceOf(parts: readonly ReferenceRow[], named: (schema: string, name: string) => string): Reference {
  const {parentSchema = '', parent = ''} = parts[0] ?? {}
  return {
    columns: parts.map(({column}) => column),
    parent: idOf(parentSchema, parent),
    parentName: named(parentSchema, parent),
    parentColumns: parts.map(({parentColumn}) => parentColumn),
  }
}
