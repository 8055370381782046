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
import {rowOperations} from './policies/family.ts'
import {programOperations} from './programs/family.ts'
import {schemaOperations} from './schemas/family.ts'
import {batchAlterTableOf} from './tables/batch-alter-table.ts'
import {tableOperations} from './tables/family.ts'
import {typeOperations} from './types/family.ts'

/** One definition for each kind: an operation without one does not compile. */
const builtIn: {readonly [K in Operation['kind']]: OperationDefinition<Extract<Operation, {readonly kind: K}>>} = {
  execute: executeDefinition,
  bulkInsert: bulkInsertDefinition,
  ...tableOperations,
  batchAlterTable: batchAlterTableOf((record) => definitionOf(record), tableKinds),
  ...columnOperations,
  ...indexOperations,
  ...constraintOperations,
  ...typeOperations,
  ...schemaOperations,
  ...programOperations,
  ...rowOperations,
}

const definitions = new Map<string, AnyDefinition>(Object.entries(builtIn as unknown as Record<string, AnyDefinition>))

/** The kinds that mig has itself. */
export const builtInKinds: readonly string[] = Object.keys(builtIn)

/** Returns all kinds, with those of custom operations. */
export function knownKinds(): readonly string[] {
  return [...definitions.keys()]
}

/**
 * Returns the definition of an operation.
 *
 * @throws MigError INVALID_OPERATION when no operation is called so
 */
export function definitionOf({kind}: OperationRecord): AnyDefinition {
  const definition = definitions.get(kind)
  if (definition === undefined) throw new OperationDefinitionError(kind, 'nothing says what it is')
  return definition
}

/**
 * Makes custom operations known: `op` has them from then on. A later one of the same kind takes its place.
 *
 * @throws MigError INVALID_OPERATION
 */
export function registerOperations(custom: readonly AnyCustomDefinition[]): void {
  for (const definition of custom) {
    if (builtInKinds.includes(definition.kind))
      throw new OperationDefinitionError(definition.kind, 'mig has an operation of that name')
    definitions.set(definition.kind, completedDefinition(definition))
  }
}

/** Returns the kinds that are of a table, which `op.batchAlterTable` has, too. */
function tableKinds(): readonly string[] {
  return [...definitions.values()]
    .filter(({kind, fields}) => 'table' in fields && kind !== 'batchAlterTable')
    .map(({kind}) => kind)
}
