import type {Dialect, Operation} from '../../operations/operation.ts'
import {joinName, nextTo, splitName} from '../../operations/names.ts'
import type {OperationRegistry} from '../../operations/registry.ts'
import {changesOfText} from './changes-of-text.ts'
import type {DataChange} from './data-change.ts'

type ChangesOf = {
  readonly [Kind in Operation['kind']]?: (operation: Extract<Operation, {readonly kind: Kind}>) => readonly DataChange[]
}

/** The kinds that create, drop, empty, or rename what holds data; `batchAlterTable` consists of others. */
const changesOf: ChangesOf = {
  createTable: ({table, ifNotExists}) => (ifNotExists ? [] : [{kind: 'create table', table}]),
  dropTable: ({table}) => [{kind: 'drop table', table}],
  renameTable: ({table, to}) => [{kind: 'rename table', table, to: nextTo(table, to)}],
  moveTable: ({table, to}) => [{kind: 'rename table', table, to: joinName(to, splitName(table).name)}],
  dropPartition: ({table, name}) => [
    {kind: 'drop table', table: splitName(name).schema === undefined ? nextTo(table, name) : name},
  ],
  addColumn: ({table, column, ifNotExists}) => (ifNotExists ? [] : [{kind: 'add column', table, column}]),
  // The values of a generated column can be computed again.
  dropColumn: ({table, column, was}) => (was?.generated === undefined ? [{kind: 'drop column', table, column}] : []),
  renameColumn: ({table, column, to}) => [{kind: 'rename column', table, column, to}],
  dropSchema: ({name, cascade}) => (cascade ? [{kind: 'drop schema', schema: name}] : []),
}

/** Returns the changes of operations that decide about data, in order. */
export async function changesOfOperations(
  operations: readonly Operation[],
  dialect: Dialect,
  registry: OperationRegistry,
): Promise<readonly DataChange[]> {
  const found: DataChange[] = []
  for (const operation of operations) {
    const {text} = registry.definitionOf(operation)
    if (operation.kind === 'batchAlterTable')
      found.push(...(await changesOfOperations(operation.operations, dialect, registry)))
    else if (text !== undefined) found.push(...(await changesOfText(text(operation as never, dialect) ?? '', dialect)))
    else found.push(...(changesOf[operation.kind]?.(operation as never) ?? []))
  }
  return found
}
