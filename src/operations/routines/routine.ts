import {boolean, listOf, name, object, oneOf, optional, sqlText, text} from '../fields.ts'
import type {Shape} from '../fields.ts'

/** A parameter of a function or a procedure. */
export interface RoutineParameter {
  readonly name: string
  readonly type: string
  readonly direction?: 'in' | 'out' | 'inout'
  /** The default value, as SQL. */
  readonly default?: string
}

/** A function or procedure as data, without its name. */
export interface RoutineDefinition {
  readonly parameters?: readonly RoutineParameter[]
  /** The return type of a function; `void` by default. */
  readonly returns?: string
  /** PostgreSQL; by default `sql` for functions and `plpgsql` for procedures. */
  readonly language?: string
  readonly body: string
  /** Whether it runs with the rights of the caller or of its owner. */
  readonly security?: 'invoker' | 'definer'
  /** Whether the same arguments always give the same result. */
  readonly deterministic?: boolean
  /** MySQL. */
  readonly dataAccess?: 'contains-sql' | 'no-sql' | 'reads-sql-data' | 'modifies-sql-data'
  readonly comment?: string
}

const parameter = object<RoutineParameter>('a parameter, as in {name: …, type: …}', {
  name,
  type: text('a type'),
  direction: optional(oneOf('in', 'out', 'inout')),
  default: optional(sqlText),
})

export const routineShape: Shape<RoutineDefinition> = {
  parameters: optional({...listOf(parameter, 'parameters'), read: readParameters}),
  returns: optional(text('a type')),
  language: optional(text('a language')),
  body: sqlText,
  security: optional(oneOf('invoker', 'definer')),
  deterministic: optional(boolean),
  dataAccess: optional(oneOf('contains-sql', 'no-sql', 'reads-sql-data', 'modifies-sql-data')),
  comment: optional(text('a comment')),
}

/** An empty parameter list is equivalent to none. */
function readParameters(value: unknown): readonly RoutineParameter[] {
  const isEmpty = Array.isArray(value) && value.length === 0
  return isEmpty ? [] : listOf(parameter, 'parameters').read(value)
}
