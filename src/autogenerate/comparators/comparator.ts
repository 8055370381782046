import type {Column, DatabaseSchema, DatabaseTable, SchemaDifference, TableDifference} from '@mikro-orm/sql'
import type {SqlContext} from '../../operations/definition.ts'
import type {ComparedDatabase} from '../../catalogue/compared-database.ts'
import type {Stages} from '../produce/stages.ts'

/** The input that a comparator reads and modifies. */
export interface ComparatorInput {
  readonly database: ComparedDatabase
  readonly live: DatabaseSchema
  readonly target: DatabaseSchema
  /** The difference found by MikroORM; a comparator adds missing differences and removes false ones. */
  readonly difference: SchemaDifference
  readonly context: SqlContext
  /** Receives operations for differences that MikroORM does not model. */
  readonly stages: Stages
}

/** Corrects what MikroORM misses or misreports. A comparator never reports a false difference. */
export interface Comparator {
  compare(input: ComparatorInput): void | Promise<void>
}

/** Returns the tables that exist on both sides. */
export function commonTables({live, target}: ComparatorInput): readonly (readonly [DatabaseTable, DatabaseTable])[] {
  const there = new Map(live.getTables().map((table) => [table.getShortestName(), table]))
  return target.getTables().flatMap((table) => {
    const found = there.get(table.getShortestName())
    return found === undefined ? [] : [[found, table] as const]
  })
}

/** Returns the difference of a table, creating it if necessary. */
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

/** Marks whether a property of a column differs. */
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

/** Returns the columns that exist on both sides of a table. */
export function commonColumns([from, to]: readonly [DatabaseTable, DatabaseTable]): readonly (readonly [
  Column,
  Column,
])[] {
  return to.getColumns().flatMap((column) => {
    const found = from.getColumn(column.name)
    return found === undefined ? [] : [[found, column] as const]
  })
}
