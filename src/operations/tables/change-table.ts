import {irreversible, objects, unsupported} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {comment} from '../constraints/constraint.ts'
import {name, names, nullable, optional, tableName} from '../fields.ts'
import {parametersField} from '../indexes/index-definition.ts'
import {parametersSql} from '../indexes/index-sql.ts'
import {joinName, nextTo, splitName} from '../names.ts'
import {tableSubject} from '../subject.ts'
import {withoutWas} from '../one-way.ts'

export interface RenameTable {
  readonly kind: 'renameTable'
  readonly table: string
  /** The new name, in the same schema. */
  readonly to: string
}

/** Moves a table to another schema. */
export interface MoveTable {
  readonly kind: 'moveTable'
  readonly table: string
  /** The new schema. */
  readonly to: string
}

export interface SetTableComment {
  readonly kind: 'setTableComment'
  readonly table: string
  /** The comment; null for none. */
  readonly comment: string | null
  readonly was?: string | null
}

/** Sets storage parameters, on PostgreSQL. */
export interface SetTableParameters {
  readonly kind: 'setTableParameters'
  readonly table: string
  readonly set?: Readonly<Record<string, string | number | boolean>>
  /** Parameters to reset to their defaults. */
  readonly reset?: readonly string[]
  readonly was?: Readonly<Record<string, string | number | boolean>>
}

export const renameTable: OperationDefinition<RenameTable> = {
  kind: 'renameTable',
  parameters: ['table', 'to'],
  fields: {table: tableName, to: name},
  sql: ({table, to}, {capabilities, quote, list}) => {
    // MySQL resolves an unqualified name in the current database.
    const target = capabilities.qualifiesRenames ? quote(nextTo(table, to)) : list([to])
    return [`alter table ${quote(table)} rename to ${target}`]
  },
  inverse: ({table, to}) => [{kind: 'renameTable', table: nextTo(table, to), to: splitName(table).name}],
  effects: ({table, to}) => ({reads: [], writes: objects('table', table, nextTo(table, to))}),
  change: 'renames',
  stage: 'renameTable',
  subject: tableSubject,
  describe: ({table, to}) => [{what: 'table', name: table, more: ` renamed to '${to}'`}],
  written: ['table', 'beside'],
}

export const moveTable: OperationDefinition<MoveTable> = {
  kind: 'moveTable',
  parameters: ['table', 'to'],
  fields: {table: tableName, to: name},
  sql: ({table, to}, {capabilities, quote, list}) =>
    capabilities.schemas
      ? [`alter table ${quote(table)} set schema ${list([to])}`]
      : unsupported('schemas within a database are only supported on PostgreSQL'),
  inverse: ({table, to}) => {
    const {schema, name: own} = splitName(table)
    return schema === undefined
      ? irreversible('the previous schema is missing; qualify the table, as in `app.users`')
      : [{kind: 'moveTable', table: joinName(to, own), to: schema}]
  },
  effects: ({table, to}) => ({
    reads: objects('schema', to),
    writes: objects('table', table, joinName(to, splitName(table).name)),
  }),
  change: 'alters',
  stage: 'renameTable',
  subject: tableSubject,
  describe: 'changed schema of table',
  written: ['table', 'within'],
}

export const setTableComment: OperationDefinition<SetTableComment> = {
  kind: 'setTableComment',
  parameters: ['table', 'comment'],
  fields: {table: tableName, comment: nullable(comment), was: optional(nullable(comment))},
  sql: (record, {capabilities, quote, literal, helper, table}) => {
    switch (capabilities.comments) {
      case 'statement': {
        const text = record.comment === null ? 'null' : literal(record.comment)
        return [`comment on table ${quote(record.table)} is ${text}`]
      }
      case 'definition':
        return [helper.alterTableComment(table(record.table), record.comment ?? '')]
      case 'none':
        return []
    }
  },
  inverse: (record) =>
    record.was === undefined
      ? irreversible('the previous comment is missing; pass it as `was`')
      : [{...record, comment: record.was, was: record.comment}],
  effects: ({table}) => ({reads: [], writes: objects('table', table)}),
  change: 'alters',
  stage: 'comment',
  subject: ({table}) => ({type: 'comment', table}),
  describe: 'changed comment of table',
  written: ['table'],
  oneWay: withoutWas,
}

export const setTableParameters: OperationDefinition<SetTableParameters> = {
  kind: 'setTableParameters',
  parameters: ['table', 'set'],
  fields: {table: tableName, set: optional(parametersField), reset: optional(names), was: optional(parametersField)},
  sql: ({table, set = {}, reset = []}, {capabilities, quote}) => {
    if (!capabilities.storageParameters) return unsupported('storage parameters are only supported on PostgreSQL')
    return [
      ...(Object.keys(set).length === 0 ? [] : [`alter table ${quote(table)} set (${parametersSql(set)})`]),
      ...(reset.length === 0 ? [] : [`alter table ${quote(table)} reset (${reset.join(', ')})`]),
    ]
  },
  inverse: ({table, set = {}, reset = [], was}) => {
    if (was === undefined) return irreversible('the previous parameters are missing; pass them as `was`')
    const added = Object.keys(set).filter((key) => !Object.hasOwn(was, key))
    const restored = Object.entries(was).filter(([key]) => Object.hasOwn(set, key) || reset.includes(key))
    return [
      {
        kind: 'setTableParameters',
        table,
        ...(restored.length > 0 && {set: Object.fromEntries(restored)}),
        ...(added.length > 0 && {reset: added}),
        was: set,
      },
    ]
  },
  effects: ({table}) => ({reads: [], writes: objects('table', table)}),
  change: 'alters',
  stage: 'comment',
  subject: ({table}) => ({type: 'parameters', table}),
  describe: 'changed storage parameters of table',
  written: ['table'],
  oneWay: withoutWas,
}
