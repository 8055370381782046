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
  /** The table of the index; required on MySQL, and determines the schema of the index. */
  readonly table?: string
  /** The definition, required on SQLite, which recreates the index. */
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
    if (table === undefined) return unsupported('the table of the index is missing; pass it as `table`')
    if (!renamesIndexes) {
      if (was === undefined) return unsupported('SQLite has to recreate the index; pass its definition as `was`')
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
