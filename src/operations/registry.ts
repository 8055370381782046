import {bulkInsertDefinition} from './bulk-insert.ts'
import {columnOperations} from './columns/family.ts'
import {constraintOperations} from './constraints/family.ts'
import {completedDefinition} from './custom-definition.ts'
import type {AnyCustomDefinition} from './custom.ts'
import type {AnyDefinition, OperationDefinition, OperationRecord} from './definition.ts'
import {OperationDefinitionError} from './errors.ts'
import {executeDefinition} from './execute.ts'
import {indexOperations} from './indexes/family.ts'
import type {Operation} from './operation.ts'
import {policyOperations} from './policies/family.ts'
import {routineOperations} from './routines/family.ts'
import {schemaOperations} from './schemas/family.ts'
import {batchAlterTableOf} from './tables/batch-alter-table.ts'
import {tableOperations} from './tables/family.ts'
import {typeOperations} from './types/family.ts'

/** The operation definitions of a project: built-in and custom. */
export interface OperationRegistry {
  /** All kinds, in the order of their definition. */
  readonly kinds: readonly string[]
  /**
   * Returns the definition of an operation.
   *
   * @throws MigError INVALID_OPERATION for an unknown kind
   */
  readonly definitionOf: (record: OperationRecord) => AnyDefinition
  /** Returns the definition of a kind; undefined when there is none. */
  readonly find: (kind: string) => AnyDefinition | undefined
}

/**
 * One definition for each kind but `batchAlterTable`, which is composed of others: a missing definition does not
 * compile.
 */
const builtIn: {
  readonly [K in Exclude<Operation['kind'], 'batchAlterTable'>]: OperationDefinition<
    Extract<Operation, {readonly kind: K}>
  >
} = {
  execute: executeDefinition,
  bulkInsert: bulkInsertDefinition,
  ...tableOperations,
  ...columnOperations,
  ...indexOperations,
  ...constraintOperations,
  ...typeOperations,
  ...schemaOperations,
  ...routineOperations,
  ...policyOperations,
}

/**
 * Returns a registry with the built-in operations and those of a project.
 *
 * @throws MigError INVALID_OPERATION
 */
export function createRegistry(custom: readonly AnyCustomDefinition[] = []): OperationRegistry {
  const definitions = new Map<string, AnyDefinition>()
  const registry: OperationRegistry = {
    get kinds() {
      return [...definitions.keys()]
    },
    definitionOf: ({kind}) => {
      const definition = definitions.get(kind)
      if (definition === undefined)
        throw new OperationDefinitionError(kind, 'it is not listed in `operations` of the configuration')
      return definition
    },
    find: (kind) => definitions.get(kind),
  }
  const own = {...builtIn, batchAlterTable: batchAlterTableOf(registry)}
  for (const definition of Object.values(own) as unknown as readonly AnyDefinition[])
    definitions.set(definition.kind, definition)
  for (const definition of custom) {
    if (Object.hasOwn(own, definition.kind))
      throw new OperationDefinitionError(definition.kind, 'mig already has an operation of that name')
    definitions.set(definition.kind, completedDefinition(definition))
  }
  return registry
}
