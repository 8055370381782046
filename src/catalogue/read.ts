import type {DatabaseSchema} from '@mikro-orm/sql'
import type {Dialect} from '../dialects/dialect.ts'
import type {ComparedDatabase} from './compared-database.ts'
import {removeDuplicateChecks} from './duplicate-checks.ts'
import {guardInheritedNames} from './inherited-names.ts'
import {correctMariadb, correctMysql} from './mysql.ts'
import {correctPostgres} from './postgres.ts'
import {correctSqlite} from './sqlite.ts'
import {dialects} from '../dialects/dialects.ts'
import {removeOtherDatabases} from './other-databases.ts'
import {shortenNames} from './shortened-names.ts'
import {lookUpTablesExactly} from './table-lookup.ts'
import {correctTextDefaults} from './text-defaults.ts'
import {removeUnsupportedKeys} from './unsupported-names.ts'

/**
 * Returns the schema that the entities describe. It is rebuilt on each call, because generating SQL modifies it.
 *
 * @param isForTenants whether entities of any schema, `*`, are placed in the schema of the connection
 * @param quote writes the text of a default as a literal; by default as any database reads it
 */
export function targetSchema(
  {em, platform, dialect}: ComparedDatabase,
  isForTenants: boolean,
  quote = (text: string): string => `'${text.replaceAll("'", "''")}'`,
): DatabaseSchema {
  // MikroORM looks tables up by name in this object: a table called `constructor` would find an inherited property.
  const settings = em.config.get('schemaGenerator')
  em.config.set('schemaGenerator', {...settings, skipColumns: withoutPrototype(settings.skipColumns ?? {})})
  const generator = platform.getSchemaGenerator(em.getDriver(), em)
  const schema = isForTenants
    ? generator.getTargetSchema(platform.getDefaultSchemaName(), true)
    : generator.getTargetSchema()
  lookUpTablesExactly(schema, platform)
  correctTextDefaults(schema, em, quote)
  nameIndexes(schema)
  const {cutsNames} = dialects[dialect].capabilities
  if (cutsNames !== undefined) shortenNames(schema, cutsNames)
  removeDuplicateChecks(schema, !platform.supportsSchemas())
  guardInheritedNames(schema)
  removeUnsupportedKeys(schema, em)
  if (!platform.supportsSchemas()) removeOtherDatabases(schema)
  if (settings.createForeignKeyConstraints === false) removeForeignKeys(schema)
  return schema
}

/**
 * Reads the schema of a database.
 *
 * @param schemas the schemas to read, if a database has several
 * @param tables the tables to read; all when omitted
 */
export async function databaseSchema(
  database: ComparedDatabase,
  schemas: readonly string[],
  tables?: readonly string[],
): Promise<DatabaseSchema> {
  const {mikro, connection, platform, em, dialect} = database
  // Objects that MikroORM is configured to skip are skipped here, too.
  const {skipTables, skipViews} = em.config.get('schemaGenerator')
  const schema = await mikro.DatabaseSchema.create(
    connection,
    platform,
    em.config,
    undefined,
    [...schemas],
    tables && [...tables],
    skipTables,
    skipViews,
  )
  lookUpTablesExactly(schema, platform)
  await schema.loadRoutines(connection, platform, [...schemas])
  if (em.config.get('schemaGenerator').createForeignKeyConstraints === false) removeForeignKeys(schema)
  skipColumns(schema, withoutPrototype(em.config.get('schemaGenerator').skipColumns ?? {}))
  await corrections[dialect](schema, database, schemas)
  guardInheritedNames(schema)
  return schema
}

/** MikroORM is configured to leave foreign keys alone. */
function removeForeignKeys(schema: DatabaseSchema): void {
  for (const table of schema.getTables()) table.setForeignKeys({})
}

const createdName =
  /^\s*create\s+(?:unique\s+)?index\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?(?:"(?<double>(?:[^"]|"")+)"|`(?<backtick>[^`]+)`|(?<plain>[\w$]+))\s+on\b/i

/** An index that an entity gives as a statement has the name in the statement, whatever the property is called. */
function nameIndexes(schema: DatabaseSchema): void {
  for (const table of schema.getTables())
    for (const index of table.getIndexes()) {
      const {double, backtick, plain} = createdName.exec(index.expression ?? '')?.groups ?? {}
      index.keyName = double?.replaceAll('""', '"') ?? backtick ?? plain?.toLowerCase() ?? index.keyName
    }
}

function withoutPrototype<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.assign(Object.create(null) as Record<string, T>, record)
}

/** Corrections to the schema that MikroORM reads, by dialect. */
const corrections: Readonly<
  Record<Dialect, (schema: DatabaseSchema, database: ComparedDatabase, schemas: readonly string[]) => Promise<void>>
> = {
  postgresql: correctPostgres,
  sqlite: correctSqlite,
  mysql: correctMysql,
  mariadb: correctMariadb,
}

/**
 * MikroORM omits skipped columns from the target schema and would drop the existing ones, with their indexes and keys.
 */
function skipColumns(schema: DatabaseSchema, skipped: Readonly<Record<string, readonly (string | RegExp)[]>>): void {
  for (const table of schema.getTables()) {
    const patterns = skipped[table.name] ?? skipped[`${table.schema}.${table.name}`] ?? []
    const isSkipped = (name: string): boolean =>
      patterns.some((pattern) =>
        typeof pattern === 'string' ? pattern.toLowerCase() === name.toLowerCase() : pattern.test(name),
      )
    const gone = new Set(
      table
        .getColumns()
        .map(({name}) => name)
        .filter(isSkipped),
    )
    if (gone.size === 0) continue
    const isOfThem = (names: readonly string[]): boolean => names.some((name) => gone.has(name))
    for (const name of gone) table.removeColumn(name)
    table.setIndexes(table.getIndexes().filter(({columnNames}) => !isOfThem(columnNames)))
    const keys = Object.entries(table.getForeignKeys()).filter(([, {columnNames}]) => !isOfThem(columnNames))
    table.setForeignKeys(Object.fromEntries(keys))
  }
}
