import {columnsOf, expressionsOn, objects} from '../definition.ts'
import type {Effects, Inverse, OperationDefinition, SqlContext, SqlResult, Unsupported} from '../definition.ts'
import {tableName} from '../fields.ts'
import {createIndexSql} from '../indexes/index-sql.ts'
import {unnamed} from '../tables/shorten-table.ts'
import {without} from '../../util/objects.ts'
import {conventionalName} from '../names.ts'
import {checkShape, defaultUniqueName, excludeShape, foreignKeyShape, uniqueShape} from './constraint.ts'
import type {Check, Constraint, Exclude, ForeignKey, Unique} from './constraint.ts'
import {constraintSql} from './constraint-sql.ts'
import {subjectOf} from '../subject.ts'
import type {TableChange} from '../table-change.ts'

export interface CreateUniqueConstraint extends Unique {
  readonly kind: 'createUniqueConstraint'
  readonly table: string
}

export interface CreateForeignKey extends ForeignKey {
  readonly kind: 'createForeignKey'
  readonly table: string
}

export interface CreateCheckConstraint extends Check {
  readonly kind: 'createCheckConstraint'
  readonly table: string
}

export interface CreateExcludeConstraint extends Exclude {
  readonly kind: 'createExcludeConstraint'
  readonly table: string
}

type CreateConstraint = CreateUniqueConstraint | CreateForeignKey | CreateCheckConstraint | CreateExcludeConstraint

export const createUniqueConstraint: OperationDefinition<CreateUniqueConstraint> = {
  kind: 'createUniqueConstraint',
  parameters: ['table', 'columns'],
  fields: {table: tableName, ...uniqueShape},
  shorthand: {
    expand: (record) => ({...record, name: record.name ?? defaultUniqueName(record.table, record)}),
    shorten: (record) => unnamed(record, defaultUniqueName(record.table, record)),
  },
  sql: (record, context) => {
    const sql = addConstraint(record, context)
    if (!('rebuilds' in sql) || record.inTable) return sql
    // SQLite cannot add a constraint; like MikroORM, a unique index is used instead.
    const {table, columns, name = ''} = record
    const index = createIndexSql(table, {columns, name, unique: true}, {}, context)
    return typeof index === 'string' ? [index] : index
  },
  inverse: inverseOfCreate,
  effects: (record) => effectsOfCreate(record, record.columns),
  rebuild: {table: ({table, inTable}) => (inTable ? table : undefined), change: addedConstraint},
  failsOn: ({columns}) => duplicatesIn(columns),
  change: 'adds',
  stage: ({inTable}) => (inTable ? 'createCheck' : 'createIndex'),
  subject: subjectOf('constraint'),
  describe: 'added unique constraint',
  written: ['table'],
}

export const createForeignKey: OperationDefinition<CreateForeignKey> = {
  kind: 'createForeignKey',
  parameters: ['table', 'columns', 'references', 'referencedColumns'],
  fields: {table: tableName, ...foreignKeyShape},
  shorthand: {
    expand: (record) => ({...record, name: record.name ?? conventionalName(record.table, record.columns, 'foreign')}),
    shorten: (record) => unnamed(record, conventionalName(record.table, record.columns, 'foreign')),
  },
  sql: addConstraint,
  inverse: inverseOfCreate,
  effects: (record) => {
    const {reads, writes} = effectsOfCreate(record, record.columns)
    const {references, referencedColumns} = record
    return {writes, reads: [...reads, ...objects('table', references), ...columnsOf(references, referencedColumns)]}
  },
  rebuild: {table: ({table}) => table, change: addedConstraint},
  failsOn: ({references, notValid}) => (notValid ? undefined : `refer to missing rows of ${references}`),
  change: 'adds',
  stage: 'createForeignKey',
  subject: subjectOf('constraint'),
  describe: 'added foreign key',
  written: ['table', 'other', 'reads'],
}

export const createCheckConstraint: OperationDefinition<CreateCheckConstraint> = {
  kind: 'createCheckConstraint',
  parameters: ['table', 'expression'],
  fields: {table: tableName, ...checkShape},
  shorthand: {
    expand: (record) => ({...record, name: record.name ?? conventionalName(record.table, [], 'check')}),
    shorten: (record) => record,
  },
  sql: addConstraint,
  inverse: inverseOfCreate,
  effects: (record) => ({...effectsOfCreate(record, []), texts: expressionsOn(record.table, record.expression)}),
  rebuild: {table: ({table}) => table, change: addedConstraint},
  failsOn: ({notValid}) => (notValid ? undefined : 'violate the check'),
  change: 'adds',
  stage: 'createCheck',
  subject: subjectOf('constraint'),
  describe: 'added check',
  written: ['table'],
}

export const createExcludeConstraint: OperationDefinition<CreateExcludeConstraint> = {
  kind: 'createExcludeConstraint',
  parameters: ['table', 'elements'],
  fields: {table: tableName, ...excludeShape},
  shorthand: {
    expand: (record) => ({...record, name: record.name ?? conventionalName(record.table, [], 'exclude')}),
    shorten: (record) => record,
  },
  rebuild: {table: () => undefined, change: addedConstraint},
  sql: addConstraint,
  inverse: inverseOfCreate,
  effects: (record) => effectsOfCreate(record, []),
  failsOn: () => 'violate the constraint',
  change: 'adds',
  stage: 'createCheck',
  subject: subjectOf('constraint'),
  describe: 'added exclusion constraint',
  written: ['table'],
}

/** Describes rows that a unique constraint or a key excludes. */
export const duplicatesIn = (columns: readonly string[]): string => `have duplicates in ${columns.join(', ')}`

const types = {
  createUniqueConstraint: 'unique',
  createForeignKey: 'foreignKey',
  createCheckConstraint: 'check',
  createExcludeConstraint: 'exclude',
} as const

/** Returns the constraint that an operation creates. */
function constraintOf(record: CreateConstraint): Constraint {
  return {type: types[record.kind], ...without(record, 'kind', 'table')} as Constraint
}

/** Returns the operation that creates a constraint. */
export function createOf(table: string, {type, ...constraint}: Constraint): CreateConstraint {
  const kind = (Object.keys(types) as (keyof typeof types)[]).find((key) => types[key] === type)
  return {kind, table, ...constraint} as CreateConstraint
}

function addConstraint(record: CreateConstraint, context: SqlContext): SqlResult {
  const sql = constraintSql(constraintOf(record), context)
  if (typeof sql !== 'string') return sql
  if (context.capabilities.rebuildsTables) return {rebuilds: record.table}
  return [`alter table ${context.quote(record.table)} add ${sql}`]
}

function addedConstraint(record: CreateConstraint, context: SqlContext): TableChange | Unsupported {
  const sql = constraintSql(constraintOf(record), context)
  return typeof sql === 'string' ? {type: 'add constraint', sql} : sql
}

function inverseOfCreate(record: CreateConstraint): Inverse {
  const {name = '', ...was} = constraintOf(record)
  return [{kind: 'dropConstraint', table: record.table, name, was: was as Constraint}]
}

function effectsOfCreate({table, name = ''}: CreateConstraint, columns: readonly string[]): Effects {
  return {
    reads: [...objects('table', table), ...columnsOf(table, columns)],
    writes: objects('constraint', `${table}.${name}`),
  }
}
