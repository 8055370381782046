import {irreversible, objects} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {flag, name, optional, sqlText, tableName} from '../fields.ts'
import {nextTo, splitName} from '../names.ts'
import {onPostgres} from '../postgres-only.ts'
import {subjectOf} from '../subject.ts'
import {withoutWas} from '../one-way.ts'

/** Creates a partition of a table with `partitionBy`. */
export interface CreatePartition {
  readonly kind: 'createPartition'
  readonly table: string
  readonly name: string
  /** The bound as SQL: `for values from (1) to (10)`, or `default`. */
  readonly bound: string
  /** The partitioning of the partition itself. */
  readonly partitionBy?: string
}

export interface AttachPartition {
  readonly kind: 'attachPartition'
  readonly table: string
  readonly name: string
  readonly bound: string
}

export interface DetachPartition {
  readonly kind: 'detachPartition'
  readonly table: string
  readonly name: string
  readonly concurrently?: true
  /** The previous bound, required to undo the operation. */
  readonly was?: string
}

export interface DropPartition {
  readonly kind: 'dropPartition'
  readonly table: string
  readonly name: string
  /** The previous bound, required to undo the operation. */
  readonly was?: string
}

const things = 'partitions'
const target = {table: tableName, name}

/** Returns the name of a partition, which is in the schema of its table unless it is qualified. */
function partitionName(table: string, own: string): string {
  return splitName(own).schema === undefined ? nextTo(table, own) : own
}

export const createPartition: OperationDefinition<CreatePartition> = {
  kind: 'createPartition',
  parameters: ['table', 'name', 'bound'],
  fields: {...target, bound: sqlText, partitionBy: optional(sqlText)},
  sql: ({table, name: own, bound, partitionBy}, context) =>
    onPostgres(context, things, () => {
      const {quote} = context
      const division = partitionBy === undefined ? '' : ` partition by ${partitionBy}`
      return [`create table ${quote(partitionName(table, own))} partition of ${quote(table)} ${bound}${division}`]
    }),
  inverse: ({table, name: own, bound}) => [{kind: 'dropPartition', table, name: own, was: bound}],
  effects: ({table, name: own}) => ({
    reads: objects('table', table),
    writes: objects('table', partitionName(table, own)),
  }),
  change: 'adds',
  stage: 'createTable',
  subject: subjectOf('partition'),
  describe: 'added partition',
  written: ['table', 'table'],
}

export const dropPartition: OperationDefinition<DropPartition> = {
  kind: 'dropPartition',
  parameters: ['table', 'name'],
  fields: {...target, was: optional(sqlText)},
  sql: ({table, name: own}, context) =>
    onPostgres(context, things, () => [`drop table ${context.quote(partitionName(table, own))}`]),
  inverse: ({table, name: own, was}) =>
    was === undefined
      ? irreversible('the previous bound is missing; pass it as `was`')
      : [{kind: 'createPartition', table, name: own, bound: was}],
  effects: ({table, name: own}) => ({
    reads: objects('table', table),
    writes: objects('table', partitionName(table, own)),
  }),
  losesData: ({table, name: own}) => `the rows of ${partitionName(table, own)}`,
  change: 'removes',
  stage: 'dropTable',
  subject: subjectOf('partition'),
  describe: 'removed partition',
  written: ['table', 'table'],
  oneWay: withoutWas,
}

export const attachPartition: OperationDefinition<AttachPartition> = {
  kind: 'attachPartition',
  parameters: ['table', 'name', 'bound'],
  fields: {...target, bound: sqlText},
  sql: ({table, name: own, bound}, context) =>
    onPostgres(context, things, () => {
      const {quote} = context
      return [`alter table ${quote(table)} attach partition ${quote(partitionName(table, own))} ${bound}`]
    }),
  inverse: ({table, name: own, bound}) => [{kind: 'detachPartition', table, name: own, was: bound}],
  effects: ({table, name: own}) => ({reads: [], writes: objects('table', table, partitionName(table, own))}),
  change: 'alters',
  stage: 'createTable',
  subject: subjectOf('partition'),
  describe: 'detached partition',
  written: ['table', 'table'],
}

export const detachPartition: OperationDefinition<DetachPartition> = {
  kind: 'detachPartition',
  parameters: ['table', 'name'],
  fields: {...target, concurrently: flag, was: optional(sqlText)},
  sql: ({table, name: own, concurrently}, context) =>
    onPostgres(context, things, () => {
      const {quote} = context
      const sql = `alter table ${quote(table)} detach partition ${quote(partitionName(table, own))}`
      return [concurrently ? {sql: `${sql} concurrently`, outside: 'ALTER TABLE … DETACH PARTITION CONCURRENTLY'} : sql]
    }),
  inverse: ({table, name: own, was}) =>
    was === undefined
      ? irreversible('the previous bound is missing; pass it as `was`')
      : [{kind: 'attachPartition', table, name: own, bound: was}],
  effects: ({table, name: own}) => ({reads: [], writes: objects('table', table, partitionName(table, own))}),
  change: 'alters',
  stage: 'dropTable',
  subject: subjectOf('partition'),
  describe: 'attached partition',
  written: ['table', 'table'],
  oneWay: withoutWas,
}
