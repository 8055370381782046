import type {DatabaseSchema, DatabaseTable} from '@mikro-orm/sql'
import type {ComparedDatabase} from '../../catalogue/compared-database.ts'
import {tableNameOf} from '../../catalogue/definitions/table.ts'
import {databaseSchema, targetSchema} from '../../catalogue/read.ts'
import {splitName} from '../../operations/names.ts'
import type {Operation} from '../../operations/operation.ts'
import type {SqlContext} from '../../operations/definition.ts'
import {sqlContext} from '../../sql/context.ts'
import type {IsKnown} from '../unknown.ts'
import {parseRename, UnknownAnswerError} from './answers.ts'
import type {Rename} from './answers.ts'
import {dropBefore} from './drop-before.ts'
import {hasEnum, renameEnum, renameEnumValue} from './enum-value.ts'
import {renameTables} from './rename-tables.ts'
import type {Names} from './rename-tables.ts'
import {createUsers, dropUsers, renameWithin, usersOf} from './rename-used-column.ts'

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
  isKnown: IsKnown,
): Promise<readonly Operation[]> {
  if (renames.length === 0) return []
  const context = sqlContext(database.dialect, database.platform)
  const target = targetSchema(database, isForTenants)
  const schema = await databaseSchema(database, target.getNamespaces())
  const live = namesOf(schema, database)
  const wanted = namesOf(target, database)
  const tables = new Map(schema.getTables().map((table) => [tableNameOf(table, context), table]))
  const parsed = renames.map((text) => parseRename(text, (name) => live.has(name) || hasEnum(schema, name)))
  const names = parsed.map(({table, column}) => column ?? splitName(table).name)
  const whole = parsed.filter(({column}) => column === undefined)
  const isEnum = ({table}: Rename): boolean => !live.has(table) && hasEnum(schema, table)
  const enums = whole.filter(isEnum)
  return [
    ...(await dropBefore(names, schema, target, database, context, isKnown)),
    ...enums.map((rename) => renameEnum(rename, schema, target)),
    ...renameTables(
      whole.filter((rename) => !enums.includes(rename)),
      {live, wanted, tables, schemas: new Set(schema.getNamespaces()), context},
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
