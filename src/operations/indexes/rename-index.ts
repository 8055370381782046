import {objects, unsupported} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {name, object, optional, tableName} from '../fields.ts'
import {nextTo} from '../names.ts'
import {unnamedIndexShape} from './index-definition.ts'
import type {IndexDefinition} from './index-definition.ts'
import {createIndexSql} from './index-sql.ts'
import {subjectOf} from '../subject.ts'
import {withWas} from '../one-way.ts'

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
    const {capabilities, quote, list} = context
    const {renamesIndexes, indexesPerTable} = capabilities
    if (renamesIndexes && !indexesPerTable)
      return [`alter index ${quote(nextTo(table ?? '', own))} rename to ${list([to])}`]
    if (table === undefined) return unsupported('it must say what `table` the index is of')
    if (!renamesIndexes) {
      if (was === undefined) return unsupported('SQLite makes it anew, so it must say what the index `was`')
      const created = createIndexSql(table, {...was, name: to}, {}, context)
      return typeof created === 'string' ? [`drop index ${quote(nextTo(table, own))}`, created] : created
    }
    return [`alter table ${quote(table)} rename index ${list([own])} to ${list([to])}`]
  },
  inverse: (record) => [{...record, name: record.to, to: record.name}],
  effects: ({name: own, to, table = ''}) => ({
    reads: table === '' ? [] : objects('table', table),
    writes: objects('index', nextTo(table, own), nextTo(table, to)),
  }),
  change: 'renames',
  stage: 'dropIndex',
  subject: subjectOf('index'),
  describe: 'renamed index',
  written: ['index', 'beside'],
  oneWay: withWas,
}
