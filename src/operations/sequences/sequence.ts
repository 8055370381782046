import type {Capabilities} from '../../dialects/capabilities.ts'
import {irreversible, objects, unsupported} from '../definition.ts'
import type {OperationDefinition, StatementsResult} from '../definition.ts'
import {boolean, flag, integer, name, nullable, object, oneOf, optional, text} from '../fields.ts'
import type {Shape} from '../fields.ts'
import {nextTo, splitName} from '../names.ts'
import {without} from '../../util/objects.ts'
import {subjectOf} from '../subject.ts'
import {withoutWas} from '../one-way.ts'

/** A sequence as data, without its name. */
interface SequenceDefinition {
  readonly as?: 'smallint' | 'integer' | 'bigint'
  readonly start?: number
  readonly increment?: number
  readonly minValue?: number
  readonly maxValue?: number
  readonly cache?: number
  readonly cycle?: boolean
  /** The column that owns the sequence, and is dropped with it: `users.id`. */
  readonly ownedBy?: string | null
}

export interface CreateSequence extends SequenceDefinition {
  readonly kind: 'createSequence'
  readonly name: string
  readonly ifNotExists?: true
}

export interface AlterSequence {
  readonly kind: 'alterSequence'
  readonly name: string
  readonly set: SequenceDefinition & {readonly restart?: number}
  readonly was?: SequenceDefinition
}

export interface DropSequence {
  readonly kind: 'dropSequence'
  readonly name: string
  readonly ifExists?: true
  readonly cascade?: true
  readonly was?: SequenceDefinition
}

export interface RenameSequence {
  readonly kind: 'renameSequence'
  readonly name: string
  readonly to: string
}

const shape: Shape<SequenceDefinition> = {
  as: optional(oneOf('smallint', 'integer', 'bigint')),
  start: optional(integer),
  increment: optional(integer),
  minValue: optional(integer),
  maxValue: optional(integer),
  cache: optional(integer),
  cycle: optional(boolean),
  ownedBy: optional(nullable(text('a column with its table'))),
}

export const createSequence: OperationDefinition<CreateSequence> = {
  kind: 'createSequence',
  parameters: ['name'],
  fields: {name, ...shape, ifNotExists: flag},
  sql: (record, {capabilities, quote}) =>
    refusal(capabilities, record) ?? [
      `create sequence ${record.ifNotExists ? 'if not exists ' : ''}${quote(record.name)}${options(record, quote)}`,
    ],
  inverse: (record) => [{kind: 'dropSequence', name: record.name, was: without(record, 'kind', 'name', 'ifNotExists')}],
  effects: (record) => ({reads: [], writes: objects('sequence', record.name)}),
  change: 'adds',
  stage: 'createSequence',
  subject: subjectOf('sequence'),
  describe: 'added sequence',
  written: ['sequence'],
}

export const alterSequence: OperationDefinition<AlterSequence> = {
  kind: 'alterSequence',
  parameters: ['name', 'set'],
  fields: {
    name,
    set: object<AlterSequence['set']>('an object with the changes', {...shape, restart: optional(integer)}),
    was: optional(object('the previous sequence', shape)),
  },
  sql: ({name: own, set}, {capabilities, quote}) =>
    refusal(capabilities, set) ?? [
      `alter sequence ${quote(own)}${options(set, quote)}${set.restart === undefined ? '' : ` restart with ${set.restart}`}`,
    ],
  inverse: ({name: own, set, was = {}}) => {
    if (set.restart !== undefined) return irreversible('the previous position of the sequence is unknown')
    const missing = Object.keys(set).find((key) => !Object.hasOwn(was, key))
    return missing === undefined
      ? [{kind: 'alterSequence', name: own, set: was, was: set}]
      : irreversible(`the previous ${missing} is missing; pass it in \`was\``)
  },
  effects: (record) => ({reads: [], writes: objects('sequence', record.name)}),
  change: 'alters',
  stage: 'createSequence',
  subject: subjectOf('sequence'),
  describe: 'changed sequence',
  written: ['sequence'],
  oneWay: withoutWas,
}

export const dropSequence: OperationDefinition<DropSequence> = {
  kind: 'dropSequence',
  parameters: ['name'],
  fields: {name, ifExists: flag, cascade: flag, was: optional(object('a sequence', shape))},
  sql: ({name: own, ifExists, cascade}, {capabilities, quote}) =>
    refusal(capabilities, cascade ? {ownedBy: ''} : {}) ?? [
      `drop sequence ${ifExists ? 'if exists ' : ''}${quote(own)}${cascade ? ' cascade' : ''}`,
    ],
  inverse: ({name: own, was}) =>
    was === undefined
      ? irreversible('the previous sequence definition is missing; pass it as `was`')
      : [{kind: 'createSequence', name: own, ...was}],
  effects: (record) => ({reads: [], writes: objects('sequence', record.name)}),
  losesData: ({name: own}) => `the position of ${own}`,
  change: 'removes',
  stage: 'dropSequence',
  subject: subjectOf('sequence'),
  describe: 'removed sequence',
  written: ['sequence'],
  oneWay: withoutWas,
}

export const renameSequence: OperationDefinition<RenameSequence> = {
  kind: 'renameSequence',
  parameters: ['name', 'to'],
  fields: {name, to: name},
  sql: ({name: own, to}, {capabilities, quote, list}) =>
    capabilities.sequences === 'all'
      ? [`alter sequence ${quote(own)} rename to ${list([to])}`]
      : unsupported('renaming a sequence is only supported on PostgreSQL'),
  inverse: ({name: own, to}) => [{kind: 'renameSequence', name: nextTo(own, to), to: splitName(own).name}],
  effects: ({name: own, to}) => ({reads: [], writes: objects('sequence', own, nextTo(own, to))}),
  change: 'renames',
  stage: 'createSequence',
  subject: subjectOf('sequence'),
  describe: 'renamed sequence',
  written: ['sequence', 'beside'],
}

function refusal({sequences}: Capabilities, definition: SequenceDefinition): StatementsResult | undefined {
  if (sequences === 'all') return undefined
  if (sequences === 'none') return unsupported('sequences are not supported')
  const {as, ownedBy} = definition
  return (as ?? ownedBy) === undefined
    ? undefined
    : unsupported('`as`, `ownedBy` and `cascade` are only supported on PostgreSQL')
}

function options(definition: SequenceDefinition, quote: (name: string) => string): string {
  const {as, start, increment, minValue, maxValue, cache, cycle, ownedBy} = definition
  const parts = [
    ...(as === undefined ? [] : [`as ${as}`]),
    ...(start === undefined ? [] : [`start with ${start}`]),
    ...(increment === undefined ? [] : [`increment by ${increment}`]),
    ...(minValue === undefined ? [] : [`minvalue ${minValue}`]),
    ...(maxValue === undefined ? [] : [`maxvalue ${maxValue}`]),
    ...(cache === undefined ? [] : [`cache ${cache}`]),
    ...(cycle === undefined ? [] : [cycle ? 'cycle' : 'no cycle']),
    ...(ownedBy === undefined
      ? []
      : [`owned by ${ownedBy === null ? 'none' : ownedBy.split('.').map(quote).join('.')}`]),
  ]
  return parts.map((part) => ` ${part}`).join('')
}
