import {dialects} from '../dialects/dialects.ts'
import {identityOptions} from '../operations/columns/column-sql.ts'
import type {ColumnDefinition, DefaultValue} from '../operations/columns/column.ts'
import type {SqlContext} from '../operations/definition.ts'
import {splitName} from '../operations/names.ts'
import {typeFor} from './types.ts'

const dialect = 'postgresql'
const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A value as SQL; one that is no constant is written as text, which is enough to know what a statement does. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return `'${text.replaceAll("'", "''")}'`
}

const defaultSql = (value: DefaultValue): string =>
  typeof value === 'object' ? dialects[dialect].defaultExpression(value.sql) : literal(value)

function columnSql(name: string, definition: ColumnDefinition, isKey: boolean): string {
  const {type, nullable, default: value, autoincrement, identity, generated, collation, check} = definition
  const base = typeFor(type, dialect)
  const serial = {bigint: 'bigserial', smallint: 'smallserial'}[base] ?? 'serial'
  return [
    quoteName(name),
    autoincrement === true && identity === undefined && !base.endsWith('serial') ? serial : base,
    ...(collation === undefined ? [] : [`collate ${quoteName(collation)}`]),
    ...(identity === undefined ? [] : [`generated ${identity.generated} as identity${identityOptions(identity)}`]),
    ...(generated === undefined
      ? []
      : [`generated always as (${generated.as}) ${generated.stored ? 'stored' : 'virtual'}`]),
    ...(nullable ? [] : ['not null']),
    ...(isKey ? ['primary key'] : []),
    ...(value === undefined ? [] : [`default ${defaultSql(value)}`]),
    ...(check === undefined ? [] : [`check (${check})`]),
  ].join(' ')
}

/**
 * Writes PostgreSQL statements without MikroORM, which takes longer to load than a git hook may take. They are parsed, not
 * run.
 */
export const plainContext: SqlContext = {
  dialect,
  capabilities: dialects[dialect].capabilities,
  // Only the statements of other databases use them.
  platform: undefined as never,
  helper: undefined as never,
  quote: (text) => {
    const {schema, name} = splitName(text)
    return schema === undefined ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`
  },
  list: (names) => names.map(quoteName).join(', '),
  literal,
  type: (text) => typeFor(text, dialect),
  default: defaultSql,
  table: undefined as never,
  column: (name, definition, key) => columnSql(name, definition, key === 'inline'),
}
