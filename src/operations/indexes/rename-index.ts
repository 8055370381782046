import {objects, unsupported} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {name, object, optional, tableName} from '../fields.ts'
import {nextTo} from '../names.ts'
import {createIndex} from './create-index.ts'
import {unnamedIndexShape} from './index-definition.ts'
import type {IndexDefinition} from './index-definition.ts'

export interface RenameIndex {
  readonly kind: 'renameIndex'
  readonly name: string
  readonly to: string
  /** Its table, which MySQL must know, and in whose schema it is. */
  readonly table?: string
  /** What it is, for SQLite, which makes it anew. */
  readonly was?: Omit<IndexDefinition, 'name'>
}

export const renameIndex: OperationDefinition<RenameIndex> = {
  kind: 'renameIndex',
  parameters: ['name', 'to'],
  fields: {name, to: name, table: optional(tableName), was: optional(object('an index', unnamedIndexShape))},
  sql: ({name: own, to, table, was}, context) => {
    const {capabilities, quote} = context
    const {renamesIndexes, indexesPerTable} = capabilities
    if (renamesIndexes && !indexesPerTable)
      return [`alter index ${quote(nextTo(table ?? '', own))} rename to ${quote(to)}`]
    if (table === undefined) return unsupported('it must say what `table` the index is of')
    if (!renamesIndexes) {
      if (was === undefined) return unsupported('SQLite makes it anew, so it must say what the index `was`')
      const created = createIndex.sql({kind: 'createIndex', table, ...was, name: to}, context)
      return Array.isArray(created) ? [`drop index ${quote(nextTo(table, own))}`, ...(created as string[])] : created
    }
    return [`alter table ${quote(table)} rename index ${quote(own)} to ${quote(to)}`]
  },
  inverse: (record) => [{...record, name: record.to, to: record.name}],
  effects: ({name: own, to, table = ''}) => ({
    reads: table === '' ? [] : objects('table', table),
    writes: objects('index', nextTo(table, own), nextTo(table, to)),
  }),
}
