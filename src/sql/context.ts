import type {AbstractSqlPlatform, Column, SchemaHelper} from '@mikro-orm/sql'
import {dialects} from '../dialects/dialects.ts'
import type {ColumnDefinition, DefaultValue} from '../operations/columns/column.ts'
import {identityOptions, isLong} from '../operations/columns/column-sql.ts'
import type {SqlContext} from '../operations/definition.ts'
import {splitName} from '../operations/names.ts'
import type {Dialect} from '../operations/operation.ts'
import {newTable} from './mikro-sql.ts'
import {typeFor} from './types.ts'

/** Placeholder for a column name: MikroORM splits a column name at a dot as if it were qualified. */
const placeholder = 'mig'

const contexts = new WeakMap<AbstractSqlPlatform, SqlContext>()

/** Returns the context that operations use to write SQL: MikroORM's platform and schema helper. */
export function sqlContext(dialect: Dialect, platform: AbstractSqlPlatform): SqlContext {
  const known = contexts.get(platform)
  if (known?.dialect === dialect) return known
  const helper = platform.getSchemaHelper() as SchemaHelper
  // A nameless table: the helper requires one and reads its keys and checks, which mig writes itself.
  const nowhere = newTable(platform, '')
  const type = (text: string): string => typeFor(text, dialect)
  const literal = (value: unknown): string => platform.quoteValue(value)
  const defaultSql = (value: DefaultValue): string =>
    typeof value === 'object' ? dialects[dialect].defaultExpression(value.sql) : literal(value)
  const mark = platform.quoteIdentifier(placeholder).charAt(0)
  const quoteName = (name: string): string => `${mark}${name.replaceAll(mark, mark + mark)}${mark}`
  const context: SqlContext = {
    dialect,
    capabilities: dialects[dialect].capabilities,
    platform,
    helper,
    quote: (text) => {
      const {schema, name} = splitName(text)
      return schema === undefined ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`
    },
    list: (names) => names.map(quoteName).join(', '),
    literal,
    type,
    default: defaultSql,
    table: (name) => {
      const {schema, name: own} = splitName(name)
      return newTable(platform, own, schema)
    },
    column: (name, definition, key) => {
      const typed = {...definition, type: type(definition.type)}
      const isKey = key === 'inline' || (key === 'keyed' && dialects[dialect].capabilities.redefinesColumns)
      const column = columnFor(placeholder, typed, isKey, dialect, platform, defaultSql)
      // With changed properties, MikroORM writes no key.
      const sql = helper.createTableColumn(column, nowhere, key === 'keyed' ? new Set() : undefined) as string
      const check = definition.check === undefined ? '' : ` check (${definition.check})`
      return quoteName(name) + sql.slice(quoteName(placeholder).length) + check
    },
  }
  contexts.set(platform, context)
  return context
}

/** Returns a column in the form that MikroORM's schema helpers accept. */
function columnFor(
  name: string,
  definition: ColumnDefinition,
  isPrimaryKey: boolean,
  dialect: Dialect,
  platform: AbstractSqlPlatform,
  defaultSql: (value: DefaultValue) => string,
): Column {
  const {
    type,
    nullable,
    default: value,
    autoincrement,
    identity,
    generated,
    unsigned,
    collation,
    comment,
    onUpdate,
  } = definition
  const {identityColumns, nullableGenerated, longDefaults} = dialects[dialect].capabilities
  const numbered = identity !== undefined && !identityColumns
  const counts = autoincrement === true || numbered
  const sql = value === undefined ? undefined : defaultSql(value)
  const isExpression = !longDefaults && isLong(type) && !sql?.startsWith('(')
  return {
    name,
    // MikroORM has no options for identity columns.
    type:
      identity === undefined || numbered
        ? type
        : `${type} generated ${identity.generated} as identity${identityOptions(identity)}`,
    mappedType: platform.getMappedType(type),
    // MariaDB rejects a nullability clause on a generated column as a syntax error.
    nullable: generated !== undefined && !nullableGenerated ? false : nullable,
    ...(counts && {autoincrement: true}),
    ...(isPrimaryKey && {primary: true}),
    ...(generated && {generated: `(${generated.as}) ${generated.stored ? 'stored' : 'virtual'}`}),
    ...(sql !== undefined && {default: isExpression ? `(${sql})` : sql}),
    ...(unsigned && {unsigned}),
    ...(collation !== undefined && {collation}),
    ...(comment !== undefined && {comment}),
    ...(onUpdate !== undefined && {extra: `on update ${onUpdate}`}),
  }
}
