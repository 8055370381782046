import {unsupported} from '../definition.ts'
import type {AnyDefinition, Inverse, OperationDefinition, SqlPart, SqlResult} from '../definition.ts'
import {UnfitValue} from '../errors.ts'
import {columnNames, oneOf, optional, tableName} from '../fields.ts'
import type {Field} from '../fields.ts'
import {inverseOfOne} from '../inverse.ts'
import type {Operation} from '../operation.ts'
import {callSource, recordOf} from '../record.ts'
import type {OperationRegistry} from '../registry.ts'
import {tableSubject} from '../subject.ts'
import {without} from '../../util/objects.ts'

/** Several changes to one table, as one operation. */
export interface BatchAlterTable {
  readonly kind: 'batchAlterTable'
  readonly table: string
  readonly operations: readonly Operation[]
  /** SQLite: whether the table is rebuilt; by default, only if necessary. */
  readonly recreate?: 'always' | 'never'
  /** SQLite: the new column order, for which the table is rebuilt. */
  readonly columnOrder?: readonly string[]
}

/** Returns the definition of `op.batchAlterTable`, which is composed of other operations of a registry. */
export function batchAlterTableOf(registry: OperationRegistry): OperationDefinition<BatchAlterTable> {
  const {definitionOf} = registry
  const kinds = (): readonly string[] =>
    registry.kinds.filter((kind) => kind !== 'batchAlterTable' && 'table' in definitionOf({kind}).fields)
  const operations: Field<readonly Operation[]> = {
    expects: 'a function that makes the changes, as in (table) => table.dropColumn(…)',
    read: (value) => {
      if (Array.isArray(value)) return value as readonly Operation[]
      if (typeof value !== 'function') throw new UnfitValue(operations.expects, value)
      const recorded: {readonly kind: string; readonly args: readonly unknown[]}[] = []
      const batch = Object.fromEntries(
        kinds().map((kind) => [kind, (...args: readonly unknown[]) => void recorded.push({kind, args})]),
      )
      ;(value as (batch: object) => void)(batch)
      return recorded as unknown as readonly Operation[]
    },
    print: (list) => ({
      open: '(table) => [',
      items: list.map((operation) => {
        const definition = definitionOf(operation)
        return isFirst(definition)
          ? callSource(definition, operation as never, 'table', 1)
          : callSource(
              definition,
              without(operation as Operation & {readonly table?: string}, 'table') as never,
              'table',
            )
      }),
      close: ']',
    }),
  }
  return {
    kind: 'batchAlterTable',
    parameters: ['table', 'operations'],
    fields: {
      table: tableName,
      operations,
      recreate: optional(oneOf('always', 'never')),
      columnOrder: optional(columnNames),
    },
    shorthand: {
      expand: (record) => ({
        ...record,
        operations: record.operations.map((operation) => complete(operation, record.table)),
      }),
      shorten: (record) => record,
    },
    sql: (record, context): SqlResult => {
      const results = record.operations.map((operation) => definitionOf(operation).sql(operation as never, context))
      const wrong = results.find((result) => 'unsupported' in result || 'text' in result)
      if (wrong !== undefined) return wrong
      const isReordered = record.columnOrder !== undefined
      if (isReordered && !context.capabilities.rebuildsTables)
        return unsupported('`columnOrder` is only supported on SQLite')
      if (context.capabilities.rebuildsTables) {
        const isRebuilt = isReordered || results.some((result) => 'rebuilds' in result)
        if (isRebuilt && record.recreate === 'never') return unsupported('the table would have to be rebuilt')
        if (isRebuilt || record.recreate === 'always') return {rebuilds: record.table}
      }
      return results.flatMap((result) => result as readonly SqlPart[])
    },
    inverse: ({table, operations: list}): Inverse => {
      const inverses = list.toReversed().map((operation) => inverseOfOne(operation, registry))
      const wrong = inverses.find((inverse) => 'irreversible' in inverse)
      return (
        wrong ?? [
          {kind: 'batchAlterTable', table, operations: inverses.flatMap((inverse) => inverse as readonly Operation[])},
        ]
      )
    },
    effects: ({operations: list}) => {
      const all = list.map((operation) => definitionOf(operation).effects(operation as never))
      return {reads: all.flatMap(({reads}) => reads), writes: all.flatMap(({writes}) => writes)}
    },
    losesData: ({operations: list}, dialect) => {
      const lost = list
        .map((operation) => definitionOf(operation).losesData?.(operation as never, dialect))
        .filter((loss) => loss !== undefined)
      return lost.length === 0 ? undefined : lost.join(', ')
    },
    change: 'alters',
    stage: 'alterColumn',
    subject: tableSubject,
    describe: 'changed table',
    written: ['table'],
    batch: (record) => record,
  }

  /** Adds the table to an operation recorded within the batch. */
  function complete(
    operation: Operation | {readonly kind: string; readonly args: readonly unknown[]},
    table: string,
  ): Operation {
    if (!('args' in operation)) return operation
    const definition = definitionOf(operation)
    const {parameters} = definition
    if (isFirst(definition)) return recordOf(definition, [table, ...operation.args]) as unknown as Operation
    const options = {table, ...(operation.args[parameters.length] as object | undefined)}
    return recordOf(definition, [...operation.args.slice(0, parameters.length), options]) as unknown as Operation
  }
}

/** Whether the table is the first argument rather than an option. */
const isFirst = ({parameters}: AnyDefinition): boolean => parameters[0] === 'table'
