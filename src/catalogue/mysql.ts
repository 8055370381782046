import type {Column, DatabaseSchema, DatabaseTable} from '@mikro-orm/sql'
import {columnChecks} from './definitions/column.ts'
import type {ComparedDatabase} from './compared-database.ts'

/**
 * Corrects the schema that MikroORM reads from a MySQL database: views qualify every name with the database, SQL in the
 * catalogue is escaped, quotes in literals are escaped with backslashes where entities double them, and an index lists
 * only the columns that have options.
 */
export async function correctMysql(schema: DatabaseSchema, database: ComparedDatabase): Promise<void> {
  await correct(schema, database, {isEscaped: true})
}

/** As `correctMysql`, for MariaDB, whose catalogue stores SQL unescaped, and whose columns can have checks of their own. */
export async function correctMariadb(schema: DatabaseSchema, database: ComparedDatabase): Promise<void> {
  await correct(schema, database, {isEscaped: false})
  const rows = await database.query<CheckRow>(columnChecksSql)
  for (const {table, name, expression} of rows) {
    const column = schema.getTable(table)?.getColumn(name)
    // The check of a JSON column belongs to its type.
    if (column !== undefined && !/^json_valid\(`[^`]+`\)$/i.test(expression)) columnChecks.set(column, expression)
  }
}

interface CheckRow {
  readonly table: string
  readonly name: string
  readonly expression: string
}

const columnChecksSql = `
  select table_name as \`table\`, constraint_name as name, check_clause as expression
  from information_schema.check_constraints where constraint_schema = database() and level = 'Column'`

/** The catalogue's encoding of SQL: MySQL escapes it, and stores a literal default as the bare value. */
interface Form {
  readonly isEscaped: boolean
}

async function correct(schema: DatabaseSchema, database: ComparedDatabase, form: Form): Promise<void> {
  await correctViews(schema, database)
  const rowsOf = Map.groupBy(await database.query<ColumnRow>(columnsWithSql), ({table}) => table)
  for (const table of schema.getTables()) {
    for (const row of rowsOf.get(table.name) ?? []) {
      const column = table.getColumn(row.name)
      if (column !== undefined) correctColumn(column, row, form)
    }
    correctExpressions(table, form)
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

/** MikroORM treats expressions as strings, and does not recognise generated columns. */
function correctColumn(column: Column, row: ColumnRow, form: Form): void {
  const {value, generated, extra, isText} = row
  if (generated) column.generated = `(${sqlOf(generated, form)}) ${/stored/i.test(extra) ? 'stored' : 'virtual'}`
  if (value === null || /^current_timestamp/i.test(value)) return
  if (form.isEscaped && !/^default_generated/i.test(extra)) {
    if (isText) column.default = quoted(value)
    return
  }
  const text = literalOf(value, form)
  if (text !== undefined) column.default = quoted(text)
  else if (form.isEscaped || value.includes("'")) column.default = `(${sqlOf(value, form)})`
}

function correctExpressions(table: DatabaseTable, form: Form): void {
  for (const check of table.getChecks()) {
    if (typeof check.expression === 'string') check.expression = sqlOf(check.expression, form)
    if (check.definition !== undefined) check.definition = sqlOf(check.definition, form)
  }
  for (const index of table.getIndexes()) {
    if (index.expression) index.expression = withParentheses(sqlOf(index.expression, form))
    const {columns} = index
    if (columns)
      index.columns = index.columnNames.map((name) => columns.find((options) => options.name === name) ?? {name})
  }
}

/** MikroORM writes an index on an expression without the parentheses around the expression. */
function withParentheses(statement: string): string {
  return statement.replace(
    /^(?<start>alter table .+? add (?:unique )?index `(?:[^`]|``)+` )\((?!\()(?<expression>.*)\)$/s,
    '$<start>(($<expression>))',
  )
}

const literal = /(?:\b_\w+)?'(?<inner>(?:[^'\\]|\\.|'')*)'/gs

/** The characters that backslash escapes represent. */
const escapes: Readonly<Record<string, string>> = {0: '\0', n: '\n', r: '\r', Z: '\u001a'}

/** Returns an expression with its literals as entities write them, without character sets. */
function sqlOf(text: string, form: Form): string {
  return unescaped(text, form).replaceAll(literal, (_, inner: string) =>
    quoted(valueOf(inner).replaceAll('\\', '\\\\')),
  )
}

/** Returns the value of a literal expression. */
function literalOf(text: string, form: Form): string | undefined {
  const sql = unescaped(text, form)
  const [only] = sql.matchAll(literal)
  return only?.[0] === sql ? valueOf(only.groups?.['inner'] ?? '') : undefined
}

function unescaped(text: string, {isEscaped}: Form): string {
  if (!isEscaped) return text
  return text.replaceAll(/\\(?<character>['\\])/g, '$<character>')
}

function valueOf(inner: string): string {
  return inner.replaceAll(/\\(?<character>.)|''/gs, (_, character = "'") => escapes[character] ?? character)
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}
