import {columnsOf, irreversible, objects, unsupported} from '../definition.ts'
import type {OperationDefinition, SqlResult} from '../definition.ts'
import {UnfitValue} from '../errors.ts'
import {boolean, columnName, field, nullable, object, optional, sqlText, tableName, text} from '../fields.ts'
import type {Field, Shape} from '../fields.ts'
import type {Operation} from '../operation.ts'
import {alterMysql} from './alter-column-mysql.ts'
import {alterPostgres} from './alter-column-postgres.ts'
import {defaultField, generatedField, identityField} from './column.ts'
import type {ColumnCallback, DefaultValue, GeneratedColumn, Identity} from './column.ts'
import {ColumnBuilder, columnTypes} from './column-builder.ts'
import {isWidening} from './widening.ts'

/** What can be changed of a column; null takes it away. */
export interface ColumnChange {
  readonly type?: string
  readonly nullable?: boolean
  readonly default?: DefaultValue | null
  readonly comment?: string | null
  readonly collation?: string | null
  readonly generated?: GeneratedColumn | null
  readonly identity?: Identity | null
  readonly autoincrement?: boolean
  readonly unsigned?: boolean
  readonly onUpdate?: string | null
}

export interface AlterColumn {
  readonly kind: 'alterColumn'
  readonly table: string
  readonly column: string
  readonly set: ColumnChange
  /** What it was: for the way back, and for MySQL, which must be told the whole column. */
  readonly was?: ColumnChange
  /** How the values become ones of the new type, on PostgreSQL. */
  readonly using?: string
}

const typeField: Field<string> = {
  ...text("a type, as in 'varchar(255)' or (t) => t.varchar(255)"),
  read: (value) => {
    const built = typeof value === 'function' ? (value as ColumnCallback)(columnTypes) : value
    const type = built instanceof ColumnBuilder ? built.definition.type : built
    if (typeof type !== 'string' || type === '') throw new UnfitValue('a type', value)
    return type
  },
}

const changeShape: Shape<ColumnChange> = {
  type: optional(typeField),
  nullable: optional(boolean),
  default: optional(nullable(defaultField)),
  comment: optional(nullable(field<string>('a comment', (value) => typeof value === 'string'))),
  collation: optional(nullable(text('a collation'))),
  generated: optional(nullable(generatedField)),
  identity: optional(nullable(identityField)),
  autoincrement: optional(boolean),
  unsigned: optional(boolean),
  onUpdate: optional(nullable(sqlText)),
}
const change: Field<ColumnChange> = object('an object with what changes, as in {nullable: false}', changeShape)

export const alterColumn: OperationDefinition<AlterColumn> = {
  kind: 'alterColumn',
  parameters: ['table', 'column', 'set'],
  fields: {table: tableName, column: columnName, set: change, was: optional(change), using: optional(sqlText)},
  sql: (record, context): SqlResult => {
    if (record.using !== undefined && !context.capabilities.typeConversions)
      return unsupported('`using` is there on PostgreSQL only')
    switch (context.dialect) {
      case 'postgresql':
        return alterPostgres(record, context)
      case 'sqlite':
        return alterSqlite(record)
      case 'mysql':
      case 'mariadb':
        return alterMysql(record, context)
    }
  },
  inverse: ({table, column, set, was = {}}) => {
    const missing = Object.keys(set).find((key) => !Object.hasOwn(was, key))
    if (missing !== undefined) return irreversible(`it does not say what the ${missing} \`was\``)
    return [
      {kind: 'alterColumn', table, column, set: pick(was, Object.keys(set)), was: {...was, ...set}} satisfies Operation,
    ]
  },
  effects: ({table, column}) => ({reads: objects('table', table), writes: columnsOf(table, [column])}),
  losesData: ({table, column, set, was}) => {
    if (set.type === undefined || set.type === was?.type) return undefined
    if (was?.type !== undefined && isWidening(was.type, set.type)) return undefined
    return `what of ${table}.${column} is no ${set.type}`
  },
}

function alterSqlite({table, set}: AlterColumn): SqlResult {
  const {comment: _, identity, autoincrement, unsigned, onUpdate, ...rest} = set
  if ((identity ?? autoincrement ?? unsigned ?? onUpdate) !== undefined)
    return unsupported('SQLite numbers rows in a primary key from the start, and has no `unsigned` and `onUpdate`')
  return Object.keys(rest).length === 0 ? [] : {rebuilds: table}
}

function pick(from: ColumnChange, keys: readonly string[]): ColumnChange {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key)))
}
