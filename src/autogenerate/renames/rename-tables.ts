import type {DatabaseTable} from '@mikro-orm/sql'
import {tableNameOf} from '../../catalogue/definitions/table.ts'
import type {SqlContext} from '../../operations/definition.ts'
import {joinName, splitName} from '../../operations/names.ts'
import type {Operation} from '../../operations/operation.ts'
import {moveOperations} from '../move-table.ts'
import {UnknownAnswerError} from './answers.ts'
import type {Rename} from './answers.ts'

/** The names of the columns of each table. */
export type Names = Map<string, ReadonlySet<string>>

/** The tables on both sides; those of the database are updated with each rename. */
interface Tables {
  readonly live: Names
  readonly wanted: Names
  readonly tables: Map<string, DatabaseTable>
  /** The schemas of the database. */
  readonly schemas: Set<string>
  readonly context: SqlContext
}

/**
 * Returns the operations for renames of tables. A table can take the name that another one gives up.
 *
 * @throws MigError UNKNOWN_ANSWER
 */
export function renameTables(renames: readonly Rename[], both: Tables): readonly Operation[] {
  const waiting = [...renames]
  const operations: Operation[] = []
  while (waiting.length > 0) {
    const next = Math.max(
      waiting.findIndex((rename) => !both.live.has(newNameOf(rename, both))),
      0,
    )
    for (const rename of waiting.splice(next, 1)) {
      const isReplaced = waiting.some((other) => newNameOf(other, both) === rename.table)
      operations.push(...renameTable(rename, isReplaced, both))
    }
  }
  return operations
}

/** Returns the new name of a table. Without a schema, it is in the schema of the old one or, failing that, the default one. */
function newNameOf({table, to}: Rename, {wanted, context}: Tables): string {
  const {schema, name} = splitName(to)
  if (schema !== undefined)
    return joinName(schema === context.platform.getDefaultSchemaName() ? undefined : schema, name)
  const beside = joinName(splitName(table).schema, name)
  return !wanted.has(beside) && wanted.has(joinName(undefined, name)) ? joinName(undefined, name) : beside
}

/** @param isReplaced whether another table takes the name of this one */
function renameTable(rename: Rename, isReplaced: boolean, both: Tables): readonly Operation[] {
  const {live, wanted, tables, schemas, context} = both
  const {text, table} = rename
  const after = newNameOf(rename, both)
  const columns = live.get(table)
  if (columns === undefined || (wanted.has(table) && !isReplaced))
    throw new UnknownAnswerError(text, `no table ${table} was removed`, missingFrom(wanted, live))
  if (!wanted.has(after) || live.has(after))
    throw new UnknownAnswerError(text, `no table ${after} was added`, missingFrom(live, wanted))
  live.delete(table)
  live.set(after, columns)
  const {schema, name} = splitName(after)
  const place = schema ?? context.platform.getDefaultSchemaName()
  const isTaken = (other: string): boolean => live.has(other)
  const moves = [...moveOperations(table, after, isTaken, context)]
  const found = tables.get(table)
  if (found !== undefined) {
    if (splitName(table).schema !== schema) moves.push(...movePartitions(found, schema, context))
    // The names are declared readonly in MikroORM, but this schema object belongs to us.
    tables.set(after, Object.assign(found, {name, ...(place !== undefined && {schema: place})}))
  }
  if (!context.capabilities.schemas || place === undefined || schemas.has(place)) return moves
  schemas.add(place)
  return [{kind: 'createSchema', name: place}, ...moves]
}

/** Returns the operations that move the partitions which are in the schema of their table. */
function movePartitions(table: DatabaseTable, schema: string | undefined, context: SqlContext): readonly Operation[] {
  const partitions = context.capabilities.partitions ? (table.getPartitioning()?.partitions ?? []) : []
  return partitions
    .filter((part) => (part.schema ?? table.schema) === table.schema)
    .flatMap(({name}) => {
      const before = tableNameOf({name, schema: table.schema}, context)
      return moveOperations(before, joinName(schema, name), () => false, context)
    })
}

/** Returns the tables of `other` that `names` lacks. */
function missingFrom(names: Names, other: Names): readonly string[] {
  return [...other.keys()].filter((name) => !names.has(name))
}
