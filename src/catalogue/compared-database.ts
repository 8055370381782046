import type {EntityMetadata} from '@mikro-orm/core'
import type {AbstractSqlConnection, AbstractSqlPlatform, SqlEntityManager} from '@mikro-orm/sql'
import {joinName} from '../operations/names.ts'
import type {Dialect} from '../operations/operation.ts'
import type {Session} from '../runner/connection/session.ts'
import {mikroSql} from '../sql/mikro-sql.ts'
import type {MikroSql} from '../sql/mikro-sql.ts'
import {correctDefaults} from './entity-defaults.ts'

/** A database whose schema is compared, with the project's entities. All queries go through one session. */
export interface ComparedDatabase {
  readonly mikro: MikroSql
  readonly em: SqlEntityManager
  readonly dialect: Dialect
  readonly platform: AbstractSqlPlatform
  /** The connection that MikroORM reads catalogues with. */
  readonly connection: AbstractSqlConnection
  query<Row>(sql: string): Promise<readonly Row[]>
}

/** Wraps a session as the database that entities are compared with. */
export function comparedDatabase(session: Session): ComparedDatabase {
  const connection = session.em.getDriver().getConnection()
  correctDefaults(session.em, session.platform)
  return {
    mikro: mikroSql(),
    em: session.em,
    dialect: session.dialect,
    platform: session.platform,
    // Another session would not see uncommitted changes.
    connection: {
      execute: async (sql: string, params: unknown[] = [], method: 'all' | 'get' | 'run' = 'all') =>
        typed(await connection.execute(withWholeNames(withQuotedNames(sql)), params, method, session.db)),
      getPlatform: () => session.platform,
    } as unknown as AbstractSqlConnection,
    query: async (sql) => session.query(sql),
  }
}

/**
 * MikroORM does not escape the names of tables in a pragma of SQLite, nor where it reads comments on PostgreSQL or the
 * enums of MySQL, which are read of all tables instead.
 */
function withQuotedNames(sql: string): string {
  return sql
    .replace(
      /^(?<start>pragma (?:\S+\.)?table_xinfo\(')(?<name>.*)'\)$/s,
      (_, start: string, name: string) => `${start}${name.replaceAll("'", "''")}')`,
    )
    .replaceAll(
      `('"' || table_schema || '"."' || table_name || '"')::regclass`,
      `(quote_ident(table_schema) || '.' || quote_ident(table_name))::regclass`,
    )
    .replace(/(?<=\swhere data_type = 'enum') and table_name in \(.*\)(?= and table_schema = database\(\)$)/s, '')
}

/** Where MikroORM reads indexes on PostgreSQL, it takes a dot in the name of a table for the end of a schema's name. */
function withWholeNames(sql: string): string {
  return sql.replace(
    /^select indrelid::regclass(?<head> as table_name,.*?\swhere )indrelid in \((?<tables>.*)\)(?=\s+and \(c\.contype )/s,
    (_, head: string, tables: string) =>
      `select (select relname from pg_class where oid = indrelid)${head}${asMikroOrmQuotes} in (${tables.replaceAll("'::regclass", "'")})`,
  )
}

const quotedAtFirstDot = (name: string): string => `regexp_replace(replace(${name}, '"', '""'), '[.]', '"."')`

const asMikroOrmQuotes = `(select '"' || ${quotedAtFirstDot('nspname')} || '"."' || ${quotedAtFirstDot('relname')} || '"'
  from pg_class join pg_namespace on pg_namespace.oid = relnamespace where pg_class.oid = indrelid)`

/** SQLite gives a column without a declared type an empty one, which MikroORM cannot read: it holds any value. */
function typed<Rows>(rows: Rows): Rows {
  if (!Array.isArray(rows) || !rows.some((row) => Object(row).type === '' && 'cid' in Object(row))) return rows
  return rows.map((row: object) => ('type' in row && row.type === '' ? {...row, type: 'blob'} : row)) as Rows
}

/** Returns whether there are entities to compare a database with. */
export function hasEntities(em: SqlEntityManager): boolean {
  return [...em.getMetadata().getAll()].length > 0
}

/** Returns whether all entities have the schema `*`, which stands for that of a tenant. */
export function hasOnlyTenantEntities(em: SqlEntityManager): boolean {
  const stored = storedEntities(em)
  return stored.length > 0 && stored.every(({schema}) => schema === '*')
}

/** Returns the tables and views of entities with a fixed schema, which belong to no tenant. */
export function tablesOfNoTenant(em: SqlEntityManager): readonly string[] {
  const own = em.getPlatform().getDefaultSchemaName()
  return storedEntities(em)
    .flatMap(({schema, tableName}) =>
      schema === undefined || schema === '*' || schema === own ? [] : [joinName(schema, tableName)],
    )
    .toSorted()
}

function storedEntities(em: SqlEntityManager): readonly EntityMetadata[] {
  return [...em.getMetadata().getAll().values()].filter(
    ({abstract, embeddable, virtual, pivotTable}) => !abstract && !embeddable && !virtual && !pivotTable,
  )
}
