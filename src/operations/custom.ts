import type {
  AnyDefinition,
  Effects,
  Irreversible,
  OperationRecord,
  SqlContext,
  SqlPart,
  Unsupported,
} from './definition.ts'
import {OperationDefinitionError} from './errors.ts'
import {field, optional} from './fields.ts'

/**
 * What custom operations add to `op`: declare their methods here.
 *
 * @example
 *   declare module 'mig' {
 *     interface CustomOperations {
 *       grantRead(table: string, role: string): void
 *     }
 *   }
 */
// It is empty for others to fill.
export interface CustomOperations {}

/** What a project says of an operation of its own. */
export interface CustomDefinition<Op extends OperationRecord> {
  /** The name of the method of `op`. */
  readonly kind: Op['kind']
  /** The fields of the record that the method takes as arguments, in order. */
  readonly parameters: readonly (keyof Op & string)[]
  /** The fields that can be given in an object behind them. */
  readonly options?: readonly (keyof Op & string)[]
  /** Returns the statements for a database, or `{unsupported: 'why'}`. */
  sql(record: Op, context: SqlContext): readonly SqlPart[] | Unsupported
  /** Returns the records of the operations that undo it, or `{irreversible: 'why'}`, as is said when it is left out. */
  inverse?(record: Op): readonly (OperationRecord & Readonly<Record<string, unknown>>)[] | Irreversible
  /** Returns what it reads and writes; unknown when it is left out. */
  effects?(record: Op): Effects
  /** Returns what is lost when it is run, if anything can be. */
  losesData?(record: Op): string | undefined
}

/** A definition of any custom operation, as a configuration has it. */
export interface AnyCustomDefinition extends Omit<CustomDefinition<never>, 'kind' | 'parameters' | 'options'> {
  readonly kind: string
  readonly parameters: readonly string[]
  readonly options?: readonly string[]
}

/**
 * Defines an operation of the project's own, for the `operations` of the configuration.
 *
 * @throws MigError INVALID_OPERATION
 */
export function defineOperation<Op extends OperationRecord>(definition: CustomDefinition<Op>): CustomDefinition<Op> {
  completedDefinition(definition)
  return definition
}

/** What `op` has that is no operation. */
const taken: ReadonlySet<string> = new Set([
  ...['query', 'flush', 'autocommit', 'kysely', 'entityManager', 'dialect', 'database', 'x', 'offline'],
  ...['start', 'proceed', 'close', 'known', 'constructor'],
])

/** Returns the definition as the registry has it. */
export function completedDefinition(definition: AnyCustomDefinition): AnyDefinition {
  const {kind, parameters, options = []} = definition
  if (!/^[a-z][A-Za-z0-9]*$/.test(kind)) throw new OperationDefinitionError(kind, '`kind` is no name for a method')
  if (taken.has(kind)) throw new OperationDefinitionError(kind, '`op` has something else of that name')
  if (!Array.isArray(parameters)) throw new OperationDefinitionError(kind, '`parameters` must be an array')
  if (typeof definition.sql !== 'function') throw new OperationDefinitionError(kind, '`sql` must be a function')
  const required = parameters.map((name) => [name, field(name, (value) => value !== undefined)] as const)
  const free = options.map((name) => [name, optional(field(name, () => true))] as const)
  const completed = {
    kind,
    parameters,
    fields: Object.fromEntries([...required, ...free]),
    sql: (record: never, context: SqlContext) => definition.sql(record, context),
    inverse: (record: never) => definition.inverse?.(record) ?? {irreversible: 'its definition has no inverse'},
    effects: (record: never): Effects =>
      definition.effects?.(record) ?? {reads: [], writes: [{kind: 'unknown', name: `op.${kind}`}]},
    losesData: (record: never) => definition.losesData?.(record),
  }
  return completed as unknown as AnyDefinition
}
