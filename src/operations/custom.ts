import {completedDefinition} from './custom-definition.ts'
import type {Effects, Irreversible, OperationRecord, SqlContext, SqlPart, Unsupported} from './definition.ts'

/**
 * Declares the methods that custom operations add to `op`.
 *
 * @example
 *   declare module 'migdag' {
 *     interface CustomOperations {
 *       grantRead(table: string, role: string): void
 *     }
 *   }
 */
// Empty, to be extended by declaration merging.
export interface CustomOperations {}

/** The definition of a custom operation. */
export interface CustomDefinition<Op extends OperationRecord> {
  /** The name of the method of `op`. */
  readonly kind: Op['kind']
  /** The record's fields that are positional arguments of the method, in order. */
  readonly parameters: readonly (keyof Op & string)[]
  /** The fields that can be passed in a trailing options object. */
  readonly options?: readonly (keyof Op & string)[]
  /** Returns the statements for a database, or `{unsupported: 'why'}`. */
  sql(record: Op, context: SqlContext): readonly SqlPart[] | Unsupported
  /** Returns the operations that undo it, or `{irreversible: 'why'}`, which is the default. */
  inverse?(record: Op): readonly (OperationRecord & Readonly<Record<string, unknown>>)[] | Irreversible
  /** Returns the objects that it reads and writes; unknown by default. */
  effects?(record: Op): Effects
  /** Returns a description of the data lost when it is run, if any. */
  losesData?(record: Op): string | undefined
}

/** The definition of any custom operation, as a configuration lists it. */
export interface AnyCustomDefinition extends Omit<CustomDefinition<never>, 'kind' | 'parameters' | 'options'> {
  readonly kind: string
  readonly parameters: readonly string[]
  readonly options?: readonly string[]
}

/**
 * Defines a custom operation for the `operations` of the configuration.
 *
 * @throws MigError INVALID_OPERATION
 */
export function defineOperation<Op extends OperationRecord>(definition: CustomDefinition<Op>): CustomDefinition<Op> {
  completedDefinition(definition)
  return definition
}
