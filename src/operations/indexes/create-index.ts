import {columnsOf, expressionsOn, objects} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {flag, name, optional, tableName} from '../fields.ts'
import {without} from '../../util/objects.ts'
import {nextTo} from '../names.ts'
import {columnsOfIndex, defaultIndexName, expressionsOf, indexShape} from './index-definition.ts'
import type {IndexDefinition} from './index-definition.ts'
import {createIndexSql} from './index-sql.ts'
import {subjectOf} from '../subject.ts'

export interface CreateIndex extends IndexDefinition {
  readonly kind: 'createIndex'
  readonly table: string
  readonly concurrently?: true
  readonly ifNotExists?: true
}

export const createIndex: OperationDefinition<CreateIndex> = {
  kind: 'createIndex',
  parameters: ['table', 'columns'],
  fields: {table: tableName, ...indexShape, name: optional(name), concurrently: flag, ifNotExists: flag},
  shorthand: {
    expand: (record) => ({...record, name: record.name ?? defaultIndexName(record.table, record)}),
    shorten: (record) =>
      record.name === defaultIndexName(record.table, record) ? (without(record, 'name') as CreateIndex) : record,
  },
  sql: (record, context) => {
    const sql = createIndexSql(record.table, record, record, context)
    if (typeof sql !== 'string') return sql
    return [record.concurrently ? {sql, outside: 'CREATE INDEX CONCURRENTLY'} : sql]
  },
  inverse: ({concurrently, ...record}) => {
    const was = without(record, 'kind', 'table', 'name', 'ifNotExists')
    return [{kind: 'dropIndex', name: record.name, table: record.table, ...(concurrently && {concurrently}), was}]
  },
  effects: ({table, name: own, ...index}) => ({
    reads: [...objects('table', table), ...columnsOf(table, [...columnsOfIndex(index), ...(index.include ?? [])])],
    writes: objects('index', nextTo(table, own)),
    texts: expressionsOn(table, index.where, ...expressionsOf(index)),
  }),
  failsOn: (index) =>
    index.unique && `have duplicates in ${[...columnsOfIndex(index), ...expressionsOf(index)].join(', ')}`,
  change: 'adds',
  stage: 'createIndex',
  subject: subjectOf('index'),
  describe: 'added index',
  written: ['reads'],
}
