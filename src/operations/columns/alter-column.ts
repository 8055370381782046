import {columnsOf, irreversible, objects, unsupported} from '../definition.ts'
import type {Description, OperationDefinition, SqlContext, SqlResult} from '../definition.ts'
import {UnfitValue} from '../errors.ts'
import {boolean, columnName, field, nullable, object, optional, sqlText, tableName, text} from '../fields.ts'
import type {Field, Shape} from '../fields.ts'
import type {Operation} from '../operation.ts'
import {alterMysql} from './alter-column-mysql.ts'
import {alterPostgres} from './alter-column-postgres.ts'
import {defaultField, generatedField, identityField} from './column.ts'
import type {ColumnCallback, DefaultValue, GeneratedColumn, Identity} from './column.ts'
import {ColumnBuilder, columnTypes} from './column-builder.ts'
import {isWidening} from './widening/widening.ts'
import {columnSubject} from '../subject.ts'
import type {ColumnAlteration} from '../table-change.ts'
import {withWas} from '../one-way.ts'

/** The properties of a column that can be changed; null removes one. */
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
  readonly check?: string | null
}

export interface AlterColumn {
  readonly kind: 'alterColumn'
  readonly table: string
  readonly column: string
  readonly set: ColumnChange
  /** The previous values: required to undo the change, and by MySQL, which redefines the whole column. */
  readonly was?: ColumnChange
  /** The expression that converts values to the new type, on PostgreSQL. */
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
  check: optional(nullable(sqlText)),
}
const change: Field<ColumnChange> = object('an object with the changes, as in {nullable: false}', changeShape)

export const alterColumn: OperationDefinition<AlterColumn> = {
  kind: 'alterColumn',
  parameters: ['table', 'column', 'set'],
  fields: {table: tableName, column: columnName, set: change, was: optional(change), using: optional(sqlText)},
  sql: (record, context): SqlResult => {
    if (record.using !== undefined && !context.capabilities.typeConversions)
      return unsupported('`using` is only supported on PostgreSQL')
    if (record.set.check !== undefined && !context.capabilities.columnChecks)
      return unsupported('`check` is only supported on MariaDB; create and drop a check of the table')
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
    if (missing !== undefined) return irreversible(`the previous ${missing} is missing; pass it in \`was\``)
    return [
      {kind: 'alterColumn', table, column, set: pick(was, Object.keys(set)), was: {...was, ...set}} satisfies Operation,
    ]
  },
  effects: ({table, column}) => ({reads: objects('table', table), writes: columnsOf(table, [column])}),
  losesData: ({table, column, set, was}, dialect) => {
    if (set.generated && was?.generated === null) return `the values in ${table}.${column}`
    const [before, after] = [spelled(was), spelled({...was, ...set})]
    if (after === undefined || after === before || (set.type ?? set.unsigned) === undefined) return undefined
    if (before !== undefined && isWidening(before, after, dialect)) return undefined
    return `the values in ${table}.${column} that do not fit ${after}`
  },
  requiresValue: ({set}) => set.nullable === false,
  rebuild: {table: ({table}) => table, change: alterationOf},
  change: 'alters',
  stage: 'alterColumn',
  subject: columnSubject,
  describe: describeAltered,
  written: ['table', 'column'],
  oneWay: withWas,
}

function spelled({type, unsigned}: ColumnChange = {}): string | undefined {
  return type !== undefined && unsigned && !/ unsigned$/i.test(type) ? `${type} unsigned` : type
}

function describeAltered({table, column, set}: AlterColumn): readonly Description[] {
  return Object.keys(set).map((key) => ({
    what: `changed ${words.get(key) ?? key} of column`,
    name: `${table}.${column}`,
  }))
}

const words: ReadonlyMap<string, string> = new Map([
  ['nullable', 'NOT NULL'],
  ['onUpdate', 'ON UPDATE'],
  ['autoincrement', 'numbering'],
])

/** Returns the clauses of the column that change. */
function alterationOf({column, set}: AlterColumn, context: SqlContext): ColumnAlteration {
  const {type, nullable: isNullable, default: value, collation, generated} = set
  const clauses: ColumnAlteration['clauses'] = [
    ...(isNullable === undefined
      ? []
      : ([
          {keyword: 'NULL', sql: undefined},
          {keyword: 'NOT', sql: isNullable ? undefined : 'not null'},
        ] as const)),
    ...(value === undefined
      ? []
      : ([{keyword: 'DEFAULT', sql: value === null ? undefined : `default ${context.default(value)}`}] as const)),
    ...(collation === undefined
      ? []
      : ([{keyword: 'COLLATE', sql: collation === null ? undefined : `collate ${collation}`}] as const)),
    ...(generated === undefined ? [] : ([{keyword: 'GENERATED', sql: generatedSql(generated)}] as const)),
  ]
  const columnType = type === undefined ? undefined : context.type(type)
  return {type: 'alter column', column, columnType, counts: set.autoincrement, clauses}
}

function generatedSql(generated: GeneratedColumn | null): string | undefined {
  return generated === null
    ? undefined
    : `generated always as (${generated.as}) ${generated.stored ? 'stored' : 'virtual'}`
}

function alterSqlite({table, set}: AlterColumn): SqlResult {
  const {comment: _, identity, unsigned, onUpdate, ...rest} = set
  if ((identity ?? unsigned ?? onUpdate) !== undefined)
    return unsupported('`identity`, `unsigned` and `onUpdate` cannot be changed on SQLite')
  return Object.keys(rest).length === 0 ? [] : {rebuilds: table}
}

function pick(from: ColumnChange, keys: readonly string[]): ColumnChange {
  return Object.fromEntries(Object.entries(from).filter(([key]) => keys.includes(key)))
}
