import {irreversible, objects, unsupported} from '../definition.ts'
import type {Description, OperationDefinition} from '../definition.ts'
import {flag, name, optional, tableName} from '../fields.ts'
import {dropIndex} from '../indexes/drop-index.ts'
import {constraintField, constraintTypes} from './constraint.ts'
import type {Constraint, ConstraintType} from './constraint.ts'
import {createOf} from './create-constraint.ts'
import {withoutWas} from '../one-way.ts'
import type {Stage} from '../stage.ts'
import {subjectOf} from '../subject.ts'

export interface DropConstraint {
  readonly kind: 'dropConstraint'
  readonly table: string
  readonly name: string
  /** The type of the constraint; required on MySQL and SQLite. */
  readonly type?: ConstraintType
  /** The previous definition, required to undo the drop. */
  readonly was?: Constraint
  readonly ifExists?: true
  readonly cascade?: true
}

export const dropConstraint: OperationDefinition<DropConstraint> = {
  kind: 'dropConstraint',
  parameters: ['table', 'name'],
  fields: {
    table: tableName,
    name,
    type: optional(constraintTypes),
    was: optional(constraintField),
    ifExists: flag,
    cascade: flag,
  },
  sql: (record, context) => {
    const {capabilities, quote, list} = context
    const {table, ifExists, cascade} = record
    const type = typeOf(record)
    if (isInTable(record))
      return capabilities.rebuildsTables ? {rebuilds: table} : unsupported('`inTable` is only supported on SQLite')
    if (!capabilities.dropsByConstraintType)
      return [
        `alter table ${quote(table)} drop constraint ${ifExists ? 'if exists ' : ''}${list([record.name])}${cascade ? ' cascade' : ''}`,
      ]
    if (type === undefined) return unsupported('the type of the constraint is missing; pass it as `type`')
    if (type === 'exclude') return unsupported('exclusion constraints are only supported on PostgreSQL')
    if (cascade) return unsupported('`cascade` is only supported on PostgreSQL')
    if (type === 'unique')
      return dropIndex.sql({kind: 'dropIndex', name: record.name, table, ...(ifExists && {ifExists})}, context)
    if (capabilities.rebuildsTables) return {rebuilds: table}
    if (ifExists && !capabilities.constraintIfExists)
      return unsupported('`ifExists` is not supported for constraints on MySQL')
    const word = type === 'foreignKey' ? 'foreign key' : 'constraint'
    return [`alter table ${quote(table)} drop ${word} ${ifExists ? 'if exists ' : ''}${list([record.name])}`]
  },
  inverse: ({table, name: own, was}) =>
    was === undefined
      ? irreversible('the previous constraint definition is missing; pass it as `was`')
      : [{...createOf(table, was), name: own}],
  effects: ({table, name: own}) => ({reads: objects('table', table), writes: objects('constraint', `${table}.${own}`)}),
  rebuild: {
    // Any other unique constraint is a unique index on SQLite.
    table: (record) => (typeOf(record) === 'unique' && !isInTable(record) ? undefined : record.table),
    change: ({name: own, was}) =>
      was?.type === 'unique'
        ? {type: 'drop unique', columns: was.columns}
        : {type: 'drop constraint', name: own, columns: was?.type === 'foreignKey' ? was.columns : []},
  },
  change: 'removes',
  stage: stageOfDropped,
  subject: subjectOf('constraint'),
  describe: describeDropped,
  written: ['table'],
  oneWay: withType,
}

const typeOf = ({type, was}: DropConstraint): ConstraintType | undefined => type ?? was?.type

/** Returns whether a constraint is a unique one in the `create table` statement of SQLite. */
function isInTable({was}: DropConstraint): boolean {
  return was?.type === 'unique' && was.inTable === true
}

function stageOfDropped(record: DropConstraint): Stage {
  switch (typeOf(record)) {
    case 'foreignKey':
      return 'dropForeignKey'
    case 'unique':
      return isInTable(record) ? 'dropCheck' : 'dropIndex'
    case 'check':
    case 'exclude':
    case undefined:
      return 'dropCheck'
  }
}

const words: Readonly<Record<ConstraintType, string>> = {
  unique: 'unique constraint',
  foreignKey: 'foreign key',
  check: 'check',
  exclude: 'exclusion constraint',
}

function describeDropped({table, name: own, was}: DropConstraint): readonly Description[] {
  return [{what: `removed ${words[was?.type ?? 'check']}`, name: `${table}.${own}`}]
}

/** The type is derived from `was`, and kept when `was` is removed; the columns of a constraint may be its only name. */
function withType(record: DropConstraint): DropConstraint {
  if (isInTable(record)) return record
  const type = typeOf(record)
  return {...withoutWas(record), ...(type !== undefined && {type})}
}
