import type {DatabaseSchema} from '@mikro-orm/sql'
import type {ComparedDatabase} from '../mikro.ts'
import {correctMysql} from './mysql.ts'
import {correctPostgres} from './postgres.ts'
import {correctSqlite} from './sqlite.ts'

/**
 * Returns the schema that the entities describe. It is made anew each time: writing SQL of one changes it.
 *
 * @param isForTenants whether entities of any schema, `*`, are there, in the schema of the connection
 */
export function targetSchema({em, platform}: ComparedDatabase, isForTenants: boolean): DatabaseSchema {
  const generator = platform.getSchemaGenerator(em.getDriver(), em)
  return isForTenants ? generator.getTargetSchema(platform.getDefaultSchemaName(), true) : generator.getTargetSchema()
}

/**
 * Reads the schema that a database has.
 *
 * @param schemas those that are looked at, where a database has several
 * @param tables the tables that are looked at; all when left out
 */
export async function databaseSchema(
  database: ComparedDatabase,
  schemas: readonly string[],
  tables?: readonly string[],
): Promise<DatabaseSchema> {
  const {mikro, connection, platform, em, dialect} = database
  const schema = await mikro.DatabaseSchema.create(
    connection,
    platform,
    em.config,
    undefined,
    [...schemas],
    tables && [...tables],
  )
  await schema.loadRoutines(connection, platform, [...schemas])
  if (dialect === 'postgresql') await correctPostgres(schema, database, schemas)
  if (dialect === 'sqlite') await correctSqlite(schema, database)
  if (dialect === 'mysql' || dialect === 'mariadb') await correctMysql(schema, database)
  return schema
}
