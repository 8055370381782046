import {irreversible, objects, unsupported} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {flag, name, object, optional, tableName} from '../fields.ts'
import {nextTo} from '../names.ts'
import {unnamedIndexShape} from './index-definition.ts'
import type {IndexDefinition} from './index-definition.ts'
import {subjectOf} from '../subject.ts'
import {withoutWas} from '../one-way.ts'

export interface DropIndex {
  readonly kind: 'dropIndex'
  readonly name: string
  /** The table of the index; required on MySQL, and determines the schema of the index. */
  readonly table?: string
  readonly concurrently?: true
  readonly ifExists?: true
  readonly cascade?: true
  /** The previous definition, required to undo the drop. */
  readonly was?: Omit<IndexDefinition, 'name'>
}

export const dropIndex: OperationDefinition<DropIndex> = {
  kind: 'dropIndex',
  parameters: ['name'],
  fields: {
    name,
    table: optional(tableName),
    concurrently: flag,
    ifExists: flag,
    cascade: flag,
    was: optional(object('an index', unnamedIndexShape)),
  },
  sql: ({name: own, table, concurrently, ifExists, cascade}, {capabilities, quote, list}) => {
    const words = `drop index ${concurrently ? 'concurrently ' : ''}${ifExists ? 'if exists ' : ''}`
    if ((concurrently && !capabilities.concurrentIndexes) || (cascade && !capabilities.cascade))
      return unsupported('`concurrently` and `cascade` are only supported on PostgreSQL')
    if (!capabilities.indexesPerTable) {
      const sql = `${words}${quote(nextTo(table ?? '', own))}${cascade ? ' cascade' : ''}`
      return [concurrently ? {sql, outside: 'DROP INDEX CONCURRENTLY'} : sql]
    }
    if (table === undefined) return unsupported('the table of the index is missing; pass it as `table`')
    if (ifExists && !capabilities.indexIfExists) return unsupported('`ifExists` is not supported for indexes on MySQL')
    return [`${words}${list([own])} on ${quote(table)}`]
  },
  inverse: ({name: own, table, was, concurrently}) =>
    was === undefined || table === undefined
      ? irreversible(
          table === undefined
            ? 'the table of the index is missing; pass it as `table`'
            : 'the previous index definition is missing; pass it as `was`',
        )
      : [{kind: 'createIndex', table, ...was, name: own, ...(concurrently && {concurrently})}],
  effects: ({name: own, table}) => ({
    reads: table === undefined ? [] : objects('table', table),
    writes: objects('index', nextTo(table ?? '', own)),
  }),
  change: 'removes',
  stage: 'dropIndex',
  subject: subjectOf('index'),
  describe: 'removed index',
  written: ['index'],
  oneWay: withoutWas,
}
