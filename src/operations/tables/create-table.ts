import type {TableOption} from '../../dialects/capabilities.ts'
import {columnsOf, objects, unsupported} from '../definition.ts'
import type {
  Description,
  Effects,
  OperationDefinition,
  SqlContext,
  SqlPart,
  StatementsResult,
  Unsupported,
} from '../definition.ts'
import {columnCommentSql} from '../columns/column-comment.ts'
import type {ColumnDefinition} from '../columns/column.ts'
import {columnRefusal} from '../columns/column-sql.ts'
import {constraintSql, primaryKeySql} from '../constraints/constraint-sql.ts'
import type {Constraint} from '../constraints/constraint.ts'
import {flag, tableName} from '../fields.ts'
import {createIndexSql, parametersSql} from '../indexes/index-sql.ts'
import {without} from '../../util/objects.ts'
import {nextTo} from '../names.ts'
import {shortenTable} from './shorten-table.ts'
import {completeTable, tableShape} from './table.ts'
import type {TableDefinition} from './table.ts'
import {tableSubject} from '../subject.ts'

export interface CreateTable extends TableDefinition {
  readonly kind: 'createTable'
  readonly table: string
  readonly ifNotExists?: true
}

export const createTable: OperationDefinition<CreateTable> = {
  kind: 'createTable',
  parameters: ['table', 'columns'],
  fields: {table: tableName, ...tableShape, ifNotExists: flag},
  shorthand: {
    expand: (record) => completeTable(record.table, record),
    shorten: (record) => ({
      ...without(record, 'columns', 'primaryKey', 'unique', 'indexes', 'foreignKeys'),
      ...shortenTable(record.table, without(record, 'kind', 'table', 'ifNotExists')),
    }),
  },
  sql: (record, context) => {
    const {table, ifNotExists, temporary, unlogged, columns} = record
    const refused = refusal(record, context)
    if (refused !== undefined) return refused
    const constraints = constraintsOf(record, context).map((constraint) => constraintSql(constraint, context))
    const wrong = constraints.find((constraint) => typeof constraint !== 'string')
    if (wrong !== undefined) return wrong
    const items = [...columnItems(record, context), ...(constraints as string[])]
    const words = ['create', ...(temporary ? ['temporary'] : []), ...(unlogged ? ['unlogged'] : []), 'table']
    const name = `${ifNotExists ? 'if not exists ' : ''}${context.quote(table)}`
    const comments =
      context.capabilities.comments === 'statement' && record.comment !== undefined
        ? [`comment on table ${context.quote(table)} is ${context.literal(record.comment)}`]
        : []
    const indexes = indexesOf(record, context)
    if (!Array.isArray(indexes)) return indexes
    return [
      `${words.join(' ')} ${name} (${items.join(', ')})${suffix(record, context)}`,
      ...comments,
      ...Object.entries(columns).flatMap(([key, column]) => columnCommentSql(table, key, column.comment, context)),
      ...(indexes as readonly SqlPart[]),
    ]
  },
  inverse: (record) => [{kind: 'dropTable', table: record.table, was: without(record, 'kind', 'table', 'ifNotExists')}],
  effects: (record) => effectsOfTable(record.table, record),
  change: 'adds',
  stage: 'createTable',
  subject: tableSubject,
  describe: describeCreated,
  written: ['table'],
}

/** A new table is described together with all named objects in it. */
function describeCreated(record: CreateTable): readonly Description[] {
  const {table, unique = [], indexes = [], checks = [], foreignKeys = []} = record
  const within = (what: string, parts: readonly {readonly name?: string}[]): readonly Description[] =>
    parts.map(({name = ''}) => ({what, name: `${table}.${name}`}))
  return [
    {what: 'added table', name: table},
    ...within('added unique constraint', unique),
    ...within('added check', checks),
    ...within('added foreign key', foreignKeys),
    ...within('added index', indexes),
  ]
}

/** Returns the columns, and the primary key unless it is part of a column. */
function columnItems({columns, primaryKey}: TableDefinition, context: SqlContext): readonly string[] {
  const [only] = primaryKey?.columns.length === 1 ? primaryKey.columns : []
  // SQLite and MySQL require an autoincrement column to be declared as the key.
  const column = only !== undefined && Object.hasOwn(columns, only) ? columns[only] : undefined
  const counts = column?.autoincrement ?? (column?.identity !== undefined && !context.capabilities.identityColumns)
  const isPlain = primaryKey?.name === undefined && primaryKey?.deferrable === undefined
  const inline = counts && (isPlain || context.capabilities.primaryKeyNames !== 'kept') ? only : undefined
  const keyOf = (key: string): 'inline' | 'keyed' | undefined => {
    if (key === inline) return 'inline'
    return primaryKey?.columns.includes(key) && context.capabilities.redefinesColumns ? 'keyed' : undefined
  }
  const written = (key: string, definition: ColumnDefinition): ColumnDefinition =>
    !context.capabilities.nullableKeys && primaryKey?.columns.includes(key)
      ? {...definition, nullable: false}
      : definition
  return [
    ...Object.entries(columns).map(([key, definition]) => context.column(key, written(key, definition), keyOf(key))),
    ...(primaryKey === undefined || inline !== undefined ? [] : [primaryKeySql(primaryKey, context)]),
  ]
}

/** On SQLite, unique constraints are created as unique indexes unless they are `inTable`, as in MikroORM. */
function constraintsOf(definition: TableDefinition, {capabilities}: SqlContext): readonly Constraint[] {
  const {unique = [], foreignKeys = [], checks = [], excludes = []} = definition
  return [
    ...unique
      .filter(({inTable}) => inTable || !capabilities.uniqueIsIndex)
      .map((constraint) => ({type: 'unique', ...constraint}) as const),
    ...foreignKeys.map((constraint) => ({type: 'foreignKey', ...constraint}) as const),
    ...checks.map((constraint) => ({type: 'check', ...constraint}) as const),
    ...excludes.map((constraint) => ({type: 'exclude', ...constraint}) as const),
  ]
}

function indexesOf(
  {table, unique = [], indexes = [], ifNotExists}: CreateTable,
  context: SqlContext,
): StatementsResult {
  const {uniqueIsIndex, indexIfExists} = context.capabilities
  const uniqueIndexes = uniqueIsIndex
    ? unique.filter(({inTable}) => !inTable).map(({name = '', columns}) => ({name, columns, unique: true}) as const)
    : []
  const options = ifNotExists && indexIfExists ? ({ifNotExists: true} as const) : {}
  const written = [...uniqueIndexes, ...indexes].map((index) => createIndexSql(table, index, options, context))
  const wrong = written.find((constraint) => typeof constraint !== 'string')
  return wrong ?? (written as string[])
}

function suffix(record: CreateTable, {dialect, quote, list, helper, platform, table}: SqlContext): string {
  const {partitionBy, inherits, tablespace, comment} = record
  switch (dialect) {
    case 'postgresql':
      return [
        ...(inherits === undefined ? [] : [` inherits (${inherits.map(quote).join(', ')})`]),
        ...(partitionBy === undefined ? [] : [` partition by ${partitionBy}`]),
        ...(record.with === undefined ? [] : [` with (${parametersSql(record.with)})`]),
        ...(tablespace === undefined ? [] : [` tablespace ${list([tablespace])}`]),
      ].join('')
    case 'sqlite': {
      const options = [...(record.strict ? ['strict'] : []), ...(record.withoutRowid ? ['without rowid'] : [])]
      return options.length === 0 ? '' : ` ${options.join(', ')}`
    }
    case 'mysql':
    case 'mariadb': {
      const config = platform.getConfig()
      const described = table(record.table)
      if (comment !== undefined) described.comment = comment
      return helper.finalizeTable(described, config.get('charset') ?? 'utf8mb4', config.get('collate'))
    }
  }
}

const tableOptions: readonly TableOption[] = [
  ...(['partitionBy', 'inherits', 'unlogged', 'with', 'tablespace'] as const),
  ...(['strict', 'withoutRowid'] as const),
]

function refusal(record: CreateTable, {capabilities}: SqlContext): Unsupported | undefined {
  const {columns: keys = [], deferrable} = record.primaryKey ?? {}
  if (deferrable && capabilities.deferrable !== 'constraints')
    return unsupported('`deferrable` is only supported on PostgreSQL')
  const columns = Object.entries(record.columns)
  const refused = columns.map(([key, column]) =>
    columnRefusal(column, capabilities, keys.length === 1 && keys[0] === key),
  )
  const wrong = refused.find((result) => result !== undefined)
  if (wrong !== undefined) return wrong
  const key = tableOptions.find((option) => record[option] !== undefined && !capabilities.tableOptions.includes(option))
  return key === undefined ? undefined : unsupported(`\`${key}\` is not supported for tables`)
}

/** Returns the objects that creating or dropping a table reads and writes. */
export function effectsOfTable(table: string, definition: TableDefinition | undefined): Effects {
  const {columns = {}, unique = [], foreignKeys = [], checks = [], excludes = [], indexes = []} = definition ?? {}
  const constraints = [...unique, ...foreignKeys, ...checks, ...excludes]
  return {
    reads: [
      ...foreignKeys.flatMap((key) => [
        ...objects('table', key.references),
        ...columnsOf(key.references, key.referencedColumns),
      ]),
      ...objects('table', ...(definition?.inherits ?? [])),
    ],
    writes: [
      ...objects('table', table),
      ...columnsOf(table, Object.keys(columns)),
      ...objects('constraint', ...constraints.map(({name = ''}) => `${table}.${name}`)),
      ...objects('index', ...indexes.map(({name}) => nextTo(table, name))),
    ],
  }
}
