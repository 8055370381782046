import type {Column, DatabaseSchema, DatabaseTable, SchemaDifference, TableDifference} from '@mikro-orm/sql'
import type {SqlContext} from '../../operations/definition.ts'
import type {ComparedDatabase} from '../../catalogue/compared-database.ts'
import type {Stages} from '../produce/stages.ts'

/** What a comparator looks at, and changes. */
export interface ComparatorInput {
  readonly database: ComparedDatabase
  readonly live: DatabaseSchema
  readonly target: DatabaseSchema
  /** What MikroORM has found; a comparator adds to it, or takes away what is no difference. */
  readonly difference: SchemaDifference
  readonly context: SqlContext
  /** Where operations go that stand for no difference that MikroORM knows. */
  readonly stages: Stages
}

/** Sees what MikroORM does not, or sees wrongly. None reports a difference where there is none. */
export interface Comparator {
  compare(input: ComparatorInput): void | Promise<void>
}

/** Returns the tables that are there on both sides. */
export function commonTables({live, target}: ComparatorInput): readonly (readonly [DatabaseTable, DatabaseTable])[] {
  const there = new Map(live.getTables().map((table) => [table.getShortestName(), table]))
  return target.getTables().flatMap((table) => {
    const found = there.get(table.getShortestName())
    return found === undefined ? [] : [[found, table] as const]
  })
}

/** Returns the difference of a table, made if there is none yet. */
export function differenceOf(
  {changedTables}: SchemaDifference,
  fromTable: DatabaseTable,
  toTable: DatabaseTable,
): TableDifference {
  const name = toTable.getShortestName(false)
  return (changedTables[name] ??= {
    name: fromTable.getShortestName(),
    fromTable,
    toTable,
    ...{addedColumns: {}, changedColumns: {}, removedColumns: {}, renamedColumns: {}},
    ...{addedIndexes: {}, changedIndexes: {}, removedIndexes: {}, renamedIndexes: {}},
    ...{addedChecks: {}, changedChecks: {}, removedChecks: {}},
    ...{addedTriggers: {}, changedTriggers: {}, removedTriggers: {}},
    ...{addedPolicies: {}, removedPolicies: {}},
    ...{addedForeignKeys: {}, changedForeignKeys: {}, removedForeignKeys: {}},
  })
}

/** Says that a column differs in some respect, or that it does not. */
export function markColumn(
  difference: SchemaDifference,
  [fromTable, toTable]: readonly [DatabaseTable, DatabaseTable],
  [fromColumn, column]: readonly [Column, Column],
  property: string,
  isDifferent: boolean,
): void {
  const known = difference.changedTables[toTable.getShortestName(false)]?.changedColumns[column.name]
  if (known !== undefined) {
    if (isDifferent) known.changedProperties.add(property)
    else known.changedProperties.delete(property)
  } else if (isDifferent) {
    const {changedColumns} = differenceOf(difference, fromTable, toTable)
    changedColumns[column.name] = {
      oldColumnName: column.name,
      fromColumn,
      column,
      changedProperties: new Set([property]),
    }
  }
}

/** Returns the columns that are there on both sides of a table. */
export function commonColumns([from, to]: readonly [DatabaseTable, DatabaseTable]): readonly (readonly [
  Column,
  Column,
])[] {
  return to.getColumns().flatMap((column) => {
    const found = from.getColumn(column.name)
    return found === undefined ? [] : [[found, column] as const]
  })
}
