import type {DatabaseTable, TableDifference} from '@mikro-orm/sql'
import {tableNameOf} from '../../catalogue/definitions/table.ts'
import {nextTo} from '../../operations/names.ts'
import type {Operation} from '../../operations/operation.ts'
import {moveOperations} from '../move-table.ts'
import type {Producing} from './producing.ts'

type Partition = NonNullable<ReturnType<DatabaseTable['getPartitioning']>>['partitions'][number]

/** Adds the operations for the partitions of a new table. */
export function createPartitions(table: DatabaseTable, {context, stages}: Producing): void {
  if (context.capabilities.partitions) stages.add(...partitionsOf(table).map((part) => createOf(table, part, context)))
}

/** Adds the operations for the partitions of a table that is dropped. */
export function dropPartitions(table: DatabaseTable, {context, stages}: Producing): void {
  if (context.capabilities.partitions)
    stages.add(
      ...partitionsOf(table)
        .toReversed()
        .map((part) => dropOf(table, part, context)),
    )
}

/**
 * Adds the operations for partitions that come and go. A table that becomes partitioned, or is partitioned otherwise,
 * would have to be rebuilt.
 */
export function changePartitions(
  {changedPartitioning, fromTable, toTable}: TableDifference,
  {context, stages}: Producing,
): void {
  if (changedPartitioning === undefined || !context.capabilities.partitions) return
  const [before, after] = [partitionsOf(fromTable), partitionsOf(toTable)]
  if (before.length === 0 && fromTable.getPartitioning() === undefined) return
  const key = (table: DatabaseTable, part: Partition): string => `${nameIn(table, part, context)} ${plain(part.bound)}`
  const there = new Set(before.map((part) => key(fromTable, part)))
  const wanted = new Set(after.map((part) => key(toTable, part)))
  const gone = before.filter((part) => !wanted.has(key(fromTable, part)))
  const added = after.filter((part) => !there.has(key(toTable, part)))
  // A partition of the same rows under another name is renamed, as when its table was.
  const renamed = gone.flatMap((from) => {
    const to = added.find(({bound}) => plain(bound) === plain(from.bound))
    return to === undefined ? [] : [{from, to}]
  })
  stages.add(
    ...renamed.flatMap(({from, to}) => {
      const oldName = tableNameOf({name: from.name, schema: from.schema ?? fromTable.schema}, context)
      const newName = tableNameOf({name: to.name, schema: to.schema ?? toTable.schema}, context)
      return moveOperations(oldName, newName, () => false, context)
    }),
    ...gone.filter((part) => !renamed.some(({from}) => from === part)).map((part) => dropOf(fromTable, part, context)),
    ...added.filter((part) => !renamed.some(({to}) => to === part)).map((part) => createOf(toTable, part, context)),
  )
}

const plain = (bound: string): string => bound.replaceAll(/["\s]/g, '').toLowerCase()

function partitionsOf(table: DatabaseTable): readonly Partition[] {
  return (table.getPartitioning()?.partitions ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function createOf(table: DatabaseTable, part: Partition, context: Producing['context']): Operation {
  const name = nameIn(table, part, context)
  return {kind: 'createPartition', table: tableNameOf(table, context), name, bound: part.bound}
}

function dropOf(table: DatabaseTable, part: Partition, context: Producing['context']): Operation {
  const name = nameIn(table, part, context)
  return {kind: 'dropPartition', table: tableNameOf(table, context), name, was: part.bound}
}

/** Returns the name of a partition, with its schema if that is not the one of the table. */
function nameIn(table: DatabaseTable, {name, schema}: Partition, context: Producing['context']): string {
  const own = tableNameOf({name, schema: schema ?? table.schema}, context)
  const sibling = nextTo(tableNameOf(table, context), name)
  return own === sibling ? name : own
}
