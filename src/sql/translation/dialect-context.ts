import type {SqlRoutineDef, SqlTriggerDef} from '@mikro-orm/sql'
import {dialects} from '../../dialects/dialects.ts'
import type {Dialect} from '../../dialects/dialect.ts'
import type {ColumnDefinition, DefaultValue} from '../../operations/columns/column.ts'
import type {SqlContext} from '../../operations/definition.ts'
import {splitName} from '../../operations/names.ts'
import {plainContext} from '../plain-context.ts'
import {typeFor} from '../types.ts'
import {readColumn} from './columns.ts'
import {Cursor} from './cursor.ts'
import {grammarOf} from './grammars.ts'
import type {Grammar} from './grammars.ts'
import {quoted, tokensOf} from './tokens.ts'

/** SQLite and MySQL both read names between backticks. */
const quoteName = (name: string): string => `\`${name.replaceAll('`', '``')}\``

interface NamedTable {
  readonly name: string
  readonly comment?: string
}

/** The statements of MikroORM's schema helper, as far as they say what is changed. */
const helper = {
  createTrigger: ({name: table}: NamedTable, {name, timing, events, body, when}: SqlTriggerDef): string =>
    `create trigger ${quoteName(name)} ${timing} ${events[0] ?? 'insert'} on ${quoteName(table)} for each row ` +
    `${when === undefined ? '' : `when ${when} `}begin ${body} end`,
  createRoutine: ({name, type, params, body}: SqlRoutineDef): string =>
    `create ${type} ${quoteName(name)}(${params.map((one) => `${one.name} ${one.type}`).join(', ')}) ${String(body)}`,
  alterTableComment: ({name}: NamedTable, comment: string): string =>
    `alter table ${quoteName(name)} comment = '${comment.replaceAll("'", "''")}'`,
  finalizeTable: ({comment}: NamedTable): string =>
    comment === undefined ? '' : ` comment = '${comment.replaceAll("'", "''")}'`,
}

const platform = {getConfig: () => ({get: () => undefined})}

function columnSql(name: string, column: ColumnDefinition, dialect: Dialect, isKey: boolean): string {
  const {type, nullable, default: value, autoincrement, identity, generated, unsigned, collation} = column
  const {comment, onUpdate, check} = column
  const {literal} = plainContext
  return [
    quoteName(name),
    typeFor(type, dialect),
    ...(unsigned === true && !/unsigned/i.test(type) ? ['unsigned'] : []),
    ...(collation === undefined ? [] : [`collate ${quoteName(collation)}`]),
    ...(generated === undefined
      ? []
      : [`generated always as (${generated.as}) ${generated.stored ? 'stored' : 'virtual'}`]),
    ...(nullable ? [] : ['not null']),
    ...(value === undefined ? [] : [`default ${defaultFor(dialect)(value)}`]),
    ...(autoincrement === true || identity !== undefined ? ['auto_increment'] : []),
    ...(isKey ? ['primary key'] : []),
    ...(comment === undefined ? [] : [`comment ${literal(comment)}`]),
    ...(onUpdate === undefined ? [] : [`on update ${onUpdate}`]),
    ...(check === undefined ? [] : [`check (${check})`]),
  ].join(' ')
}

const defaultFor =
  (dialect: Dialect) =>
  (value: DefaultValue): string =>
    typeof value === 'object' ? dialects[dialect].defaultExpression(value.sql) : plainContext.literal(value)

/** Writes statements of a dialect without MikroORM, to be translated and not to be run. */
export function dialectContext(dialect: Dialect): SqlContext {
  if (grammarOf(dialect) === undefined) return plainContext
  return {
    ...plainContext,
    dialect,
    capabilities: dialects[dialect].capabilities,
    platform: platform as never,
    helper: helper as never,
    quote: (text) => quoteName(splitName(text).name),
    list: (names) => names.map(quoteName).join(', '),
    type: (text) => typeFor(text, dialect),
    default: defaultFor(dialect),
    table: (name) => ({name: splitName(name).name}) as never,
    column: (name, definition, key) => columnSql(name, definition, dialect, key === 'inline'),
  }
}

/** Writes PostgreSQL's statements for changes that a database makes by a rebuild, with its types and its names. */
export const rebuildContext = (grammar: Grammar): SqlContext => ({
  ...plainContext,
  quote: (text) => quoted(splitName(text).name.toLowerCase()),
  list: (names) => names.map((name) => quoted(name.toLowerCase())).join(', '),
  type: (text) => readColumn(new Cursor(tokensOf(text, grammar)), grammar, '').type,
})
