import type {SqlContext} from '../operations/definition.ts'
import {joinName} from '../operations/names.ts'
import type {EnumColumn, EnumDependent, EnumDomain} from '../operations/types/enum-users.ts'
import type {ComparedDatabase} from './compared-database.ts'
import {defaultOf} from './definitions/defaults.ts'
import {unwrapped} from './definitions/expressions.ts'
import {tableNameOf} from './definitions/table.ts'
import {columnsOfType, dependentsOfType, domainsOfType} from './enum-users-sql.ts'
import type {ColumnRow, DependentRow, DomainRow} from './enum-users-sql.ts'

/** All objects of a PostgreSQL database that use an enum, as `op.replaceEnum` expects them. */
export interface EnumUsers {
  readonly columns: readonly EnumColumn[]
  readonly domains: readonly EnumDomain[]
  /** In the order in which they are dropped. */
  readonly dependents: readonly EnumDependent[]
}

/** Reads the objects that use an enum. */
export async function usersOfEnum(name: string, database: ComparedDatabase, context: SqlContext): Promise<EnumUsers> {
  const type = context.literal(context.quote(name))
  const columns = await database.query<ColumnRow>(columnsOfType(type))
  const domains = await database.query<DomainRow>(domainsOfType(type))
  const dependents = await database.query<DependentRow>(dependentsOfType(type))
  return {
    columns: columns.map((row) => columnOf(row, context)),
    domains: [...Map.groupBy(domains, ({oid}) => oid).values()].map((rows) => domainOf(rows, context)),
    dependents: dependents.map((row) => ({drop: dropOf(row, context), create: createOf(row, context)})),
  }
}

function columnOf({schema, table, column, type, value}: ColumnRow, context: SqlContext): EnumColumn {
  const known = defaultOf(value)
  return {
    table: nameIn(schema, table, context),
    column,
    ...(type !== null && {type}),
    ...(known !== undefined && {default: typeof known === 'object' ? known : String(known)}),
  }
}

function domainOf(rows: readonly DomainRow[], context: SqlContext): EnumDomain {
  const [row] = rows as readonly [DomainRow, ...DomainRow[]]
  const value = defaultOf(row.value)
  const checks = rows.flatMap(({check, expression}) =>
    check === null || expression === null
      ? []
      : [{expression: unwrapped(expression.replace(/^check\s*/i, '')), name: check}],
  )
  return {
    name: nameIn(row.schema, row.name, context),
    type: row.type,
    ...(row.isRequired && {notNull: true as const}),
    ...(value !== undefined && {default: value}),
    ...(checks.length > 0 && {checks}),
  }
}

function dropOf(row: DependentRow, context: SqlContext): string {
  const {quote, list} = context
  const {kind, schema, name} = row
  const table = quote(nameIn(schema, row.table, context))
  const own = quote(nameIn(schema, name, context))
  switch (kind) {
    case 'view':
    case 'materialized view':
    case 'index':
      return `drop ${kind} ${own}`
    case 'column':
    case 'constraint':
      return `alter table ${table} drop ${kind} ${list([name])}`
    case 'default':
      return `alter table ${table} alter column ${list([name])} drop default`
    case 'trigger':
    case 'policy':
      return `drop ${kind} ${list([name])} on ${table}`
    case 'function':
    case 'procedure':
      return `drop ${kind} ${own}(${row.definition})`
  }
}

function createOf(row: DependentRow, context: SqlContext): readonly string[] {
  const {quote, list} = context
  const {kind, schema, name, definition, more} = row
  const table = quote(nameIn(schema, row.table, context))
  const own = quote(nameIn(schema, name, context))
  const text = definition.trim().replace(/;$/, '')
  switch (kind) {
    case 'view':
    case 'materialized view':
      return [`create ${kind} ${own}${row.options} as ${text}`, ...more]
    case 'column':
    case 'constraint':
      return [`alter table ${table} add ${kind} ${list([name])} ${text}`, ...more]
    case 'default':
      return [`alter table ${table} alter column ${list([name])} set default ${text}`]
    case 'policy':
      return [`create policy ${list([name])} on ${table} ${text}`, ...more]
    case 'index':
    case 'trigger':
      return [text, ...more]
    case 'function':
    case 'procedure':
      return [row.options.trim(), ...more]
  }
}

function nameIn(schema: string, name: string, {platform}: SqlContext): string {
  return schema === '' ? joinName(undefined, name) : tableNameOf({name, schema}, {platform})
}
