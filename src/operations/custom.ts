import {completedDefinition} from './custom-definition.ts'
import type {Effects, Irreversible, OperationRecord, SqlContext, SqlPart, Unsupported} from './definition.ts'

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
