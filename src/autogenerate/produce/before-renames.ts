import {nextTo} from '../../operations/names.ts'
import type {Operation} from '../../operations/operation.ts'
import type {Stages} from './stages.ts'

/** Names the tables of operations that run before tables are renamed as they are called then. */
export function nameBeforeRenames(stages: Stages): void {
  const old = new Map(
    stages
      .at('renameTable')
      .flatMap((operation) =>
        operation.kind === 'renameTable' ? [[nextTo(operation.table, operation.to), operation.table]] : [],
      ),
  )
  if (old.size === 0) return
  const named = (operation: Operation): Operation =>
    operation.kind === 'dropTrigger' || operation.kind === 'dropPolicy'
      ? {...operation, table: old.get(operation.table) ?? operation.table}
      : operation
  for (const stage of ['dropTrigger', 'dropPolicy'] as const) stages.replace(stage, stages.at(stage).map(named))
}
