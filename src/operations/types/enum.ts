import {columnsOf, irreversible, objects} from '../definition.ts'
import type {OperationDefinition} from '../definition.ts'
import {field, flag, listOf, mapOf, name, object, optional} from '../fields.ts'
import type {Field} from '../fields.ts'
import {nextTo, splitName} from '../names.ts'
import {onPostgres} from '../postgres-only.ts'
import {subjectOf} from '../subject.ts'
import {withWas, withoutWas} from '../one-way.ts'
import {createEnumSql, replaceEnumSql} from './enum-sql.ts'
import {enumUseOf, enumUseShape} from './enum-users.ts'
import type {EnumUse} from './enum-users.ts'

export interface CreateEnum {
  readonly kind: 'createEnum'
  readonly name: string
  readonly values: readonly string[]
}

export interface DropEnum {
  readonly kind: 'dropEnum'
  readonly name: string
  readonly ifExists?: true
  /** The previous values, required to undo the operation. */
  readonly was?: readonly string[]
}

export interface RenameEnum {
  readonly kind: 'renameEnum'
  readonly name: string
  /** The new name, in the same schema. */
  readonly to: string
}

export interface AddEnumValue {
  readonly kind: 'addEnumValue'
  readonly name: string
  readonly value: string
  readonly before?: string
  readonly after?: string
  readonly ifNotExists?: true
  /** The previous values and the objects that use the enum, required to undo the change with `op.replaceEnum`. */
  readonly was?: EnumUse & {readonly values: readonly string[]}
}

export interface RenameEnumValue {
  readonly kind: 'renameEnumValue'
  readonly name: string
  readonly value: string
  readonly to: string
}

/** Rebuilds an enum with other values: every table that uses it is rewritten. */
export interface ReplaceEnum extends EnumUse {
  readonly kind: 'replaceEnum'
  readonly name: string
  readonly values: readonly string[]
  /** Replacements for removed values. */
  readonly mapping?: Readonly<Record<string, string>>
  /** The previous values, required to undo the operation. */
  readonly was?: readonly string[]
}

const text: Field<string> = field('a value', (value) => typeof value === 'string')
const values = listOf(text, 'the values of an enum')
const things = 'enumTypes'

export const createEnum: OperationDefinition<CreateEnum> = {
  kind: 'createEnum',
  parameters: ['name', 'values'],
  fields: {name, values},
  sql: (record, context) => onPostgres(context, things, () => [createEnumSql(record.name, record.values, context)]),
  inverse: (record) => [{kind: 'dropEnum', name: record.name, was: record.values}],
  effects: (record) => ({reads: [], writes: objects('type', record.name)}),
  change: 'adds',
  stage: 'createEnum',
  subject: subjectOf('type'),
  describe: 'added enum',
  written: ['type'],
}

export const dropEnum: OperationDefinition<DropEnum> = {
  kind: 'dropEnum',
  parameters: ['name'],
  fields: {name, ifExists: flag, was: optional(values)},
  sql: (record, context) =>
    onPostgres(context, things, () => [
      `drop type ${record.ifExists ? 'if exists ' : ''}${context.quote(record.name)}`,
    ]),
  inverse: (record) =>
    record.was === undefined
      ? irreversible('the previous values of the enum are missing; pass them as `was`')
      : [{kind: 'createEnum', name: record.name, values: record.was}],
  effects: (record) => ({reads: [], writes: objects('type', record.name)}),
  change: 'removes',
  stage: 'dropEnum',
  subject: subjectOf('type'),
  describe: 'removed enum',
  written: ['type'],
  oneWay: withoutWas,
}

export const renameEnum: OperationDefinition<RenameEnum> = {
  kind: 'renameEnum',
  parameters: ['name', 'to'],
  fields: {name, to: name},
  sql: ({name: own, to}, context) =>
    onPostgres(context, things, () => [`alter type ${context.quote(own)} rename to ${context.list([to])}`]),
  inverse: ({name: own, to}) => [{kind: 'renameEnum', name: nextTo(own, to), to: splitName(own).name}],
  effects: ({name: own, to}) => ({reads: [], writes: objects('type', own, nextTo(own, to))}),
  change: 'renames',
  stage: 'renameTable',
  subject: subjectOf('type'),
  describe: ({name: own, to}) => [{what: 'enum', name: own, more: ` renamed to '${to}'`}],
  written: ['type', 'beside'],
}

export const addEnumValue: OperationDefinition<AddEnumValue> = {
  kind: 'addEnumValue',
  parameters: ['name', 'value'],
  fields: {
    name,
    value: text,
    before: optional(text),
    after: optional(text),
    ifNotExists: flag,
    was: optional(object<NonNullable<AddEnumValue['was']>>('the previous enum', {values, ...enumUseShape})),
  },
  sql: ({name: own, value, before, after, ifNotExists}, context) =>
    onPostgres(context, things, () => {
      const neighbour = before ?? after
      const place =
        neighbour === undefined ? '' : ` ${before === undefined ? 'after' : 'before'} ${context.literal(neighbour)}`
      const words = `add value ${ifNotExists ? 'if not exists ' : ''}`
      return [`alter type ${context.quote(own)} ${words}${context.literal(value)}${place}`]
    }),
  inverse: ({name: own, value, before, after, was}) => {
    if (was === undefined)
      return irreversible('PostgreSQL cannot remove a value; pass the previous enum as `was` to rebuild it')
    const added = withValue(was.values, value, before, after)
    return [{kind: 'replaceEnum', name: own, values: was.values, ...enumUseOf(was), was: added}]
  },
  effects: (record) => ({reads: [], writes: objects('type', record.name)}),
  change: 'adds',
  stage: 'alterEnum',
  subject: subjectOf('type'),
  describe: 'added value of enum',
  written: ['type'],
  oneWay: withWas,
}

export const renameEnumValue: OperationDefinition<RenameEnumValue> = {
  kind: 'renameEnumValue',
  parameters: ['name', 'value', 'to'],
  fields: {name, value: text, to: text},
  sql: ({name: own, value, to}, context) =>
    onPostgres(context, things, () => [
      `alter type ${context.quote(own)} rename value ${context.literal(value)} to ${context.literal(to)}`,
    ]),
  inverse: (record) => [{...record, value: record.to, to: record.value}],
  effects: (record) => ({reads: [], writes: objects('type', record.name)}),
  change: 'renames',
  stage: 'alterEnum',
  subject: subjectOf('type'),
  describe: 'renamed value of enum',
  written: ['type'],
}

export const replaceEnum: OperationDefinition<ReplaceEnum> = {
  kind: 'replaceEnum',
  parameters: ['name', 'values'],
  fields: {
    name,
    values,
    ...enumUseShape,
    mapping: optional(mapOf(text, 'an object with replacements for values')),
    was: optional(values),
  },
  sql: (record, context) => onPostgres(context, things, () => replaceEnumSql(record, context)),
  inverse: (record) => {
    const {mapping = {}} = record
    if (record.was === undefined) return irreversible('the previous values of the enum are missing; pass them as `was`')
    const back = Object.fromEntries(Object.entries(mapping).map(([from, to]) => [to, from]))
    const lost = record.values.filter((value) => record.was?.includes(value) === false)
    const restored = Object.fromEntries(
      lost.filter((value) => Object.hasOwn(back, value)).map((value) => [value, back[value] ?? value]),
    )
    return [
      {
        kind: 'replaceEnum',
        name: record.name,
        values: record.was,
        ...enumUseOf(record),
        ...(Object.keys(restored).length > 0 && {mapping: restored}),
        was: record.values,
      },
    ]
  },
  effects: ({name: own, columns = []}) => ({
    reads: objects('table', ...columns.map(({table}) => table)),
    writes: [...objects('type', own), ...columns.flatMap(({table, column}) => columnsOf(table, [column]))],
  }),
  failsOn: ({values: after, mapping = {}, was = []}) => {
    const removed = was.filter((value) => !after.includes(value) && !Object.hasOwn(mapping, value))
    return removed.length === 0 ? undefined : `have a removed value (${removed.join(', ')}): add a mapping`
  },
  rewrites: ({columns = []}) => [...new Set(columns.map(({table}) => table))],
  change: 'alters',
  stage: 'alterEnum',
  subject: subjectOf('type'),
  describe: 'changed values of enum',
  written: ['type'],
  oneWay: withWas,
}

function withValue(
  items: readonly string[],
  value: string,
  before: string | undefined,
  after: string | undefined,
): readonly string[] {
  if (before !== undefined) return items.flatMap((item) => (item === before ? [value, item] : [item]))
  return after === undefined ? [...items, value] : items.flatMap((item) => (item === after ? [item, value] : [item]))
}
