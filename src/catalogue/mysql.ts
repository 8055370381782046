import type {Column, DatabaseSchema, DatabaseTable} from '@mikro-orm/sql'
import type {ComparedDatabase} from './compared-database.ts'

/**
 * Corrects what MikroORM reads of a MySQL or MariaDB database: views qualify every name with the database, SQL in the
 * catalogue of MySQL is escaped, both escape quotes in literals with backslashes where entities double them, and an index
 * lists only the columns that have options.
 */
export async function correctMysql(schema: DatabaseSchema, database: ComparedDatabase): Promise<void> {
  const read = database.dialect === 'mysql' ? unescaped : (text: string): string => text
  await correctViews(schema, database)
  const rowsOf = Map.groupBy(await database.query<ColumnRow>(columnsWithSql), ({table}) => table)
  for (const table of schema.getTables()) {
    for (const row of rowsOf.get(table.name) ?? []) {
      const column = table.getColumn(row.name)
      if (column !== undefined) correctColumn(column, row, database.dialect === 'mysql', read)
    }
    correctExpressions(table, read)
  }
}

async function correctViews(schema: DatabaseSchema, database: ComparedDatabase): Promise<void> {
  const views = schema.getViews()
  if (views.length === 0) return
  const [row] = await database.query<{readonly name: string}>('select database() as name')
  const prefix = `${database.platform.quoteIdentifier(row?.name ?? '')}.`
  for (const view of views) view.definition = view.definition.replaceAll(prefix, '')
}

interface ColumnRow {
  readonly table: string
  readonly name: string
  readonly value: string | null
  readonly generated: string | null
  readonly extra: string
  readonly isText: number
}

const columnsWithSql = `
  select table_name as \`table\`, column_name as name, column_default as value, generation_expression as \`generated\`,
    extra as extra, collation_name is not null as isText
  from information_schema.columns
  where table_schema = database() and (column_default is not null or generation_expression <> '')`

/** MikroORM takes expressions for strings, and does not know how generated columns are written. */
function correctColumn(column: Column, row: ColumnRow, isMysql: boolean, read: (text: string) => string): void {
  const {value, generated, extra, isText} = row
  if (generated) column.generated = `(${sqlOf(read(generated))}) ${/stored/i.test(extra) ? 'stored' : 'virtual'}`
  if (value === null || /^current_timestamp/i.test(value)) return
  if (isMysql && !/^default_generated/i.test(extra)) {
    // MySQL has such a default as the value itself.
    if (isText) column.default = quoted(value)
    return
  }
  const sql = read(value)
  const text = literalOf(sql)
  if (text !== undefined) column.default = quoted(text)
  else if (isMysql || sql.includes("'")) column.default = `(${sqlOf(sql)})`
}

function correctExpressions(table: DatabaseTable, read: (text: string) => string): void {
  for (const check of table.getChecks()) {
    if (typeof check.expression === 'string') check.expression = sqlOf(read(check.expression))
    if (check.definition !== undefined) check.definition = sqlOf(read(check.definition))
  }
  for (const index of table.getIndexes()) {
    if (index.expression) index.expression = sqlOf(read(index.expression))
    const {columns} = index
    if (columns) index.columns = index.columnNames.map((name) => columns.find((one) => one.name === name) ?? {name})
  }
}

const literal = /(?:\b_\w+)?'(?<inner>(?:[^'\\]|\\.|'')*)'/gs

/** What a letter after a backslash stands for. */
const escapes: Readonly<Record<string, string>> = {0: '\0', n: '\n', r: '\r', Z: '\u001a'}

/** Returns an expression with its literals as entities write them, without character sets. */
function sqlOf(sql: string): string {
  return sql.replaceAll(literal, (_, inner: string) => quoted(valueOf(inner).replaceAll('\\', '\\\\')))
}

/** Returns the value of an expression that is a literal. */
function literalOf(sql: string): string | undefined {
  const [only] = sql.matchAll(literal)
  return only?.[0] === sql ? valueOf(only.groups?.['inner'] ?? '') : undefined
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(?<character>['\\])/g, '$<character>')
}

function valueOf(inner: string): string {
  return inner.replaceAll(/\\(?<character>.)|''/gs, (_, character = "'") => escapes[character] ?? character)
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}
