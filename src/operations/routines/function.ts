import {irreversible, objects} from '../definition.ts'
import type {Effects, OperationDefinition} from '../definition.ts'
import {flag, name, object, optional, listOf, text} from '../fields.ts'
import {without} from '../../util/objects.ts'
import {routineShape} from './routine.ts'
import type {RoutineDefinition} from './routine.ts'
import {argumentTypes, createRoutineSql, dropRoutineSql} from './routine-sql.ts'
import {subjectOf} from '../subject.ts'
import {withWas} from '../one-way.ts'

/** Creates a function; on PostgreSQL it replaces one with the same parameters. */
export interface CreateFunction extends RoutineDefinition {
  readonly kind: 'createFunction'
  readonly name: string
}

export interface CreateProcedure extends Omit<RoutineDefinition, 'returns'> {
  readonly kind: 'createProcedure'
  readonly name: string
}

interface DropRoutine {
  readonly name: string
  /** The argument types, which distinguish overloaded functions on PostgreSQL. */
  readonly arguments?: readonly string[]
  readonly ifExists?: true
  readonly cascade?: true
}

export interface DropFunction extends DropRoutine {
  readonly kind: 'dropFunction'
  readonly was?: RoutineDefinition
}

export interface DropProcedure extends DropRoutine {
  readonly kind: 'dropProcedure'
  readonly was?: Omit<RoutineDefinition, 'returns'>
}

const procedureShape = without(routineShape, 'returns')
const types = optional({...listOf(text('a type'), 'types'), read: (value: unknown) => [value].flat().map(String)})
const dropFields = {name, arguments: types, ifExists: flag, cascade: flag}

export const createFunction: OperationDefinition<CreateFunction> = {
  kind: 'createFunction',
  parameters: ['name'],
  fields: {name, ...routineShape},
  sql: (record, context) => createRoutineSql('function', record.name, record, context),
  inverse: (record) => [
    {
      kind: 'dropFunction',
      name: record.name,
      arguments: argumentTypes(record, 'function'),
      was: without(record, 'kind', 'name'),
    },
  ],
  effects: effectsOfRoutine,
  change: 'adds',
  stage: 'createRoutine',
  subject: subjectOf('routine'),
  describe: 'added function',
  written: ['function'],
}

export const createProcedure: OperationDefinition<CreateProcedure> = {
  kind: 'createProcedure',
  parameters: ['name'],
  fields: {name, ...procedureShape},
  sql: (record, context) => createRoutineSql('procedure', record.name, record, context),
  inverse: (record) => [
    {
      kind: 'dropProcedure',
      name: record.name,
      arguments: argumentTypes(record, 'procedure'),
      was: without(record, 'kind', 'name'),
    },
  ],
  effects: effectsOfRoutine,
  change: 'adds',
  stage: 'createRoutine',
  subject: subjectOf('routine'),
  describe: 'added procedure',
  written: ['function'],
}

export const dropFunction: OperationDefinition<DropFunction> = {
  kind: 'dropFunction',
  parameters: ['name'],
  fields: {...dropFields, was: optional(object<RoutineDefinition>('a function', routineShape))},
  sql: (record, context) => {
    const args = record.arguments ?? argumentTypes(record.was ?? {}, 'function')
    return dropRoutineSql('function', record.name, args, record, context)
  },
  inverse: ({name: own, was}) =>
    was === undefined
      ? irreversible('the previous function definition is missing; pass it as `was`')
      : [{kind: 'createFunction', name: own, ...was}],
  effects: (record) => ({reads: [], writes: objects('function', record.name)}),
  change: 'removes',
  stage: 'dropRoutine',
  subject: subjectOf('routine'),
  describe: 'removed function',
  written: ['function'],
  oneWay: withWas,
}

export const dropProcedure: OperationDefinition<DropProcedure> = {
  kind: 'dropProcedure',
  parameters: ['name'],
  fields: {...dropFields, was: optional(object<Omit<RoutineDefinition, 'returns'>>('a procedure', procedureShape))},
  sql: (record, context) => {
    const args = record.arguments ?? argumentTypes(record.was ?? {}, 'procedure')
    return dropRoutineSql('procedure', record.name, args, record, context)
  },
  inverse: ({name: own, was}) =>
    was === undefined
      ? irreversible('the previous procedure definition is missing; pass it as `was`')
      : [{kind: 'createProcedure', name: own, ...was}],
  effects: (record) => ({reads: [], writes: objects('function', record.name)}),
  change: 'removes',
  stage: 'dropRoutine',
  subject: subjectOf('routine'),
  describe: 'removed procedure',
  written: ['function'],
  oneWay: withWas,
}

/** The body takes effect when the routine is called, not when it is created. */
function effectsOfRoutine(record: {readonly name: string}): Effects {
  return {reads: [], writes: objects('function', record.name)}
}
