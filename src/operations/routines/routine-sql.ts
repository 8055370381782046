import type {SqlRoutineDef} from '@mikro-orm/sql'
import {unsupported} from '../definition.ts'
import type {SqlContext, StatementsResult} from '../definition.ts'
import {dollarQuoted} from '../postgres-only.ts'
import type {RoutineDefinition, RoutineParameter} from './routine.ts'

export type RoutineType = 'function' | 'procedure'

/** Writes `create function` or `create procedure`. */
export function createRoutineSql(
  type: RoutineType,
  name: string,
  routine: RoutineDefinition,
  context: SqlContext,
): StatementsResult {
  switch (context.dialect) {
    case 'postgresql':
      return postgres(type, name, routine, context)
    case 'sqlite':
      return unsupported('functions and procedures are not supported on SQLite')
    case 'mysql':
    case 'mariadb':
      return mysql(type, name, routine, context)
  }
}

function mysql(type: RoutineType, name: string, routine: RoutineDefinition, context: SqlContext): StatementsResult {
  const {parameters = [], returns, body, security, deterministic, dataAccess, comment} = routine
  const definition: SqlRoutineDef = {
    name,
    type,
    body,
    params: parameters.map((parameter) => ({
      name: parameter.name,
      type: context.type(parameter.type),
      direction: parameter.direction ?? 'in',
    })),
    ...(returns !== undefined && {returns: {type: returns}}),
    ...(security !== undefined && {security}),
    ...(deterministic !== undefined && {deterministic}),
    ...(dataAccess !== undefined && {dataAccess}),
    ...(comment !== undefined && {comment}),
  }
  return [context.helper.createRoutine(definition)]
}

/** Writes `drop function` or `drop procedure`. */
export function dropRoutineSql(
  type: RoutineType,
  name: string,
  types: readonly string[],
  options: {readonly ifExists?: true; readonly cascade?: true},
  {capabilities, quote}: SqlContext,
): StatementsResult {
  if (!capabilities.routines) return unsupported('functions and procedures are not supported on SQLite')
  const words = `drop ${type} ${options.ifExists ? 'if exists ' : ''}${quote(name)}`
  const signature = capabilities.overloadsRoutines ? `(${types.join(', ')})` : ''
  return [`${words}${signature}${options.cascade && capabilities.cascade ? ' cascade' : ''}`]
}

/** Returns the argument types that distinguish overloaded functions on PostgreSQL. */
export function argumentTypes(
  {parameters = []}: Pick<RoutineDefinition, 'parameters'>,
  type: RoutineType,
): readonly string[] {
  const isIdentifying = (parameter: RoutineParameter): boolean => type === 'procedure' || parameter.direction !== 'out'
  return parameters.filter(isIdentifying).map((parameter) => parameter.type)
}

/** MikroORM's statement changes the line endings of the body, and fails on a body that contains `$$`. */
function postgres(
  type: RoutineType,
  name: string,
  routine: RoutineDefinition,
  {quote, list, literal}: SqlContext,
): StatementsResult {
  const {
    parameters = [],
    language = type === 'function' ? 'sql' : 'plpgsql',
    security,
    deterministic,
    comment,
  } = routine
  const params = parameters.map((parameter) => {
    const direction = parameter.direction === undefined || parameter.direction === 'in' ? '' : `${parameter.direction} `
    return `${direction}${list([parameter.name])} ${parameter.type}${parameter.default === undefined ? '' : ` default ${parameter.default}`}`
  })
  const isBlock = language !== 'plpgsql' || /^\s*(?:begin|declare|<<)/i.test(routine.body)
  const body = isBlock ? routine.body : `begin\n${routine.body.trim().replace(/([^;])$/, '$1;')}\nend`
  const words = [
    `create or replace ${type} ${quote(name)}(${params.join(', ')})`,
    ...(type === 'function' ? [`returns ${routine.returns ?? 'void'}`] : []),
    `language ${language}`,
    ...(deterministic === undefined || type === 'procedure' ? [] : [deterministic ? 'immutable' : 'volatile']),
    ...(security === undefined ? [] : [`security ${security}`]),
    `as ${dollarQuoted(body)}`,
  ]
  const types = argumentTypes(routine, type).join(', ')
  return [
    words.join(' '),
    ...(comment === undefined ? [] : [`comment on ${type} ${quote(name)}(${types}) is ${literal(comment)}`]),
  ]
}
