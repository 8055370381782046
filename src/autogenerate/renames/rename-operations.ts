import type {DatabaseSchema, DatabaseTable} from '@mikro-orm/sql'
import type {ComparedDatabase} from '../../catalogue/compared-database.ts'
import {tableNameOf} from '../../catalogue/definitions/table.ts'
import {databaseSchema, targetSchema} from '../../catalogue/read.ts'
import {joinName, splitName} from '../../operations/names.ts'
import type {Operation} from '../../operations/operation.ts'
import type {SqlContext} from '../../operations/definition.ts'
import {sqlContext} from '../../sql/context.ts'
import {parseRename, UnknownAnswerError} from './answers.ts'
import type {Rename} from './answers.ts'
import {dropBefore} from './drop-before.ts'
import {renameEnumValue} from './enum-value.ts'
import {createUsers, dropUsers, renameWithin, usersOf} from './rename-used-column.ts'

/** The names of the columns of each table. */
type Names = Map<string, ReadonlySet<string>>

/**
 * Returns the operations for given renames: tables first, then columns, which are named in the renamed tables. They are
 * the first of a revision, so that everything after them is named as in the entities.
 *
 * @throws MigError UNKNOWN_ANSWER
 */
export async function renameOperations(
  database: ComparedDatabase,
  renames: readonly string[],
  isForTenants: boolean,
): Promise<readonly Operation[]> {
  if (renames.length === 0) return []
  const context = sqlContext(database.dialect, database.platform)
  const target = targetSchema(database, isForTenants)
  const schema = await databaseSchema(database, target.getNamespaces())
  const live = namesOf(schema, database)
  const wanted = namesOf(target, database)
  const tables = new Map(schema.getTables().map((table) => [tableNameOf(table, context), table]))
  const parsed = renames.map((text) => parseRename(text, (name) => live.has(name)))
  const names = parsed.map(({table, column}) => column ?? splitName(table).name)
  return [
    ...dropBefore(names, schema, target, database, context),
    ...renameTables(
      parsed.filter(({column}) => column === undefined),
      live,
      wanted,
      tables,
    ),
    ...parsed.flatMap((rename) => {
      const value = live.has(rename.table) ? undefined : renameEnumValue(rename, schema, target)
      return value === undefined ? renameColumn(rename, live, wanted, tables.get(rename.table), context) : [value]
    }),
  ]
}

function namesOf(schema: DatabaseSchema, {dialect, platform}: ComparedDatabase): Names {
  const context = sqlContext(dialect, platform)
  return new Map(
    schema.getTables().map((table) => [tableNameOf(table, context), new Set(table.getColumns().map(({name}) => name))]),
  )
}

/** A table can take the name that another one gives up. */
function renameTables(
  renames: readonly Rename[],
  live: Names,
  wanted: Names,
  tables: Map<string, DatabaseTable>,
): readonly Operation[] {
  const waiting = [...renames]
  const operations: Operation[] = []
  while (waiting.length > 0) {
    const isFree = ({table, to}: Rename): boolean => !live.has(joinName(splitName(table).schema, splitName(to).name))
    const next = Math.max(waiting.findIndex(isFree), 0)
    for (const rename of waiting.splice(next, 1)) operations.push(renameTable(rename, live, wanted, tables))
  }
  return operations
}

function renameTable(
  {text, table, to}: Rename,
  live: Names,
  wanted: Names,
  tables: Map<string, DatabaseTable>,
): Operation {
  const plain = splitName(to).name
  const after = joinName(splitName(table).schema, plain)
  const columns = live.get(table)
  if (columns === undefined || wanted.has(table))
    throw new UnknownAnswerError(text, `no table ${table} was removed`, missingFrom(wanted, live))
  if (!wanted.has(after) || live.has(after))
    throw new UnknownAnswerError(text, `no table ${after} was added`, missingFrom(live, wanted))
  live.delete(table)
  live.set(after, columns)
  const found = tables.get(table)
  // The name is declared readonly in MikroORM, but this schema object belongs to us.
  if (found !== undefined) tables.set(after, Object.assign(found, {name: plain}))
  return {kind: 'renameTable', table, to: plain}
}

function renameColumn(
  {text, table, column, to}: Rename,
  live: Names,
  wanted: Names,
  definition: DatabaseTable | undefined,
  context: SqlContext,
): readonly Operation[] {
  if (column === undefined) return []
  const before = live.get(table) ?? new Set()
  const after = wanted.get(table) ?? new Set()
  if (!before.has(column) || after.size === 0 || after.has(column))
    throw new UnknownAnswerError(text, `no column ${table}.${column} was removed`, [...before.difference(after)])
  if (!after.has(to) || before.has(to))
    throw new UnknownAnswerError(text, `no column ${table}.${to} was added`, [...after.difference(before)])
  live.set(table, new Set([...before].map((name) => (name === column ? to : name))))
  const renamed: Operation = {kind: 'renameColumn', table, column, to}
  if (definition === undefined) return [renamed]
  const users = usersOf(definition, column, context)
  const dropped = dropUsers(definition, users, context)
  renameWithin(definition, column, to)
  return [...dropped, renamed, ...createUsers(definition, users, context)]
}

/** Returns the tables of `other` that `names` lacks. */
function missingFrom(names: Names, other: Names): readonly string[] {
  return [...other.keys()].filter((name) => !names.has(name))
}
