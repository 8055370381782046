import type {SchemaDifference, SqlRoutineDef} from '@mikro-orm/sql'
import {joinName} from '../../operations/names.ts'
import type {Operation} from '../../operations/operation.ts'
import type {RoutineDefinition} from '../../operations/routines/routine.ts'
import {without} from '../../util/objects.ts'
import type {Producing} from './producing.ts'

/** Adds the operations for functions and procedures. */
export function produceRoutines(
  {newRoutines, changedRoutines, removedRoutines}: SchemaDifference,
  {context, stages}: Producing,
): void {
  const changed = Object.values(changedRoutines)
  for (const routine of [...Object.values(removedRoutines), ...changed.map(({from}) => from)])
    stages.add(dropOf(routine, context))
  for (const routine of [...Object.values(newRoutines), ...changed.map(({to}) => to)])
    stages.addAt('createRoutine', createOf(routine, context))
}

function createOf(routine: SqlRoutineDef, context: Producing['context']): Operation {
  const {type, expression} = routine
  const name = nameOf(routine, context)
  if (expression)
    return {kind: 'execute', sql: expression, parameters: [], inverse: `drop ${type} ${context.quote(name)}`}
  const definition = definitionOf(routine)
  return type === 'procedure'
    ? {kind: 'createProcedure', name, ...without(definition, 'returns')}
    : {kind: 'createFunction', name, ...definition}
}

function dropOf(routine: SqlRoutineDef, context: Producing['context']): Operation {
  const name = nameOf(routine, context)
  const was = definitionOf(routine)
  return routine.type === 'procedure'
    ? {kind: 'dropProcedure', name, was: without(was, 'returns')}
    : {kind: 'dropFunction', name, was}
}

function definitionOf(routine: SqlRoutineDef): RoutineDefinition {
  const {params, returns, language, body = '', security, deterministic, dataAccess, comment} = routine
  return {
    ...(params.length > 0 && {
      parameters: params.map(({name, type, direction, defaultRaw}) => ({
        name,
        type,
        ...(direction !== 'in' && {direction}),
        ...(defaultRaw !== undefined && {default: defaultRaw}),
      })),
    }),
    ...(returns && {returns: returns.type}),
    ...(language !== undefined && {language: language.toLowerCase()}),
    body,
    ...(security === 'definer' && {security}),
    ...(deterministic !== undefined && {deterministic}),
    ...(dataAccess !== undefined && {dataAccess}),
    ...(comment && {comment}),
  }
}

function nameOf({name, schema}: SqlRoutineDef, {platform}: Producing['context']): string {
  return joinName(schema === platform.getDefaultSchemaName() ? undefined : schema, name)
}
