import {snapshotOf} from '../catalogue/snapshot/snapshot.ts'
import type {Query, Snapshot} from '../catalogue/snapshot/snapshot.ts'
import {readSnapshot} from '../catalogue/snapshot/read.ts'
import type {Dialect} from '../dialects/dialect.ts'
import type {SqlContext} from '../operations/definition.ts'
import type {Definitions} from './definitions.ts'
import {readMysqlSource} from './server/mysql.ts'
import {readPostgresSource, schemasOf} from './server/postgres.ts'
import {readSqliteSource} from './server/sqlite.ts'

/** A database as its own server describes it. */
export interface ServerSource {
  /** The objects that a snapshot does not include. */
  readonly further: Snapshot
  /** The statements that create all objects, in the server's own words. */
  readonly definitions: Definitions
  /** The partitioned tables of partitions. */
  readonly parents: ReadonlyMap<string, string>
  /** Objects that are not part of a baseline. */
  readonly omitted: readonly string[]
}

/** Everything that is known of a database. */
export interface DatabaseSource extends ServerSource {
  /** All objects. */
  readonly objects: Snapshot
  /** The schemas, if a database has several. */
  readonly schemas: readonly string[]
}

/** Whether a table belongs to mig itself. */
export type IsOwn = (table: string) => boolean

/** Reads everything of a database but mig's own tables. */
export async function readSource(query: Query, context: SqlContext, isOwn: IsOwn): Promise<DatabaseSource> {
  const all = context.capabilities.schemas ? await schemasOf(query) : []
  const schemas = all.length === 0 ? all : await withoutOwnSchemas(query, all, context, isOwn)
  const snapshot = await readSnapshot(query, context, schemas)
  const source = await readers[context.dialect](query, context, schemas)
  const objects = [...snapshot.values(), ...source.further.values()].filter(({kind, table, name}) => {
    const relation = table ?? (kind === 'table' ? name : undefined)
    return relation === undefined || !isOwn(relation)
  })
  const definitions = new Map([...source.definitions].filter(([owner]) => !isOwn(owner.replace(/^relation /, ''))))
  return {...source, definitions, objects: snapshotOf(objects), schemas}
}

type Reader = (query: Query, context: SqlContext, schemas: readonly string[]) => Promise<ServerSource>

const readers: Readonly<Record<Dialect, Reader>> = {
  postgresql: readPostgresSource,
  sqlite: readSqliteSource,
  mysql: readMysqlSource,
  mariadb: readMysqlSource,
}

/** Returns the schemas without those that have only tables of mig. */
async function withoutOwnSchemas(
  query: Query,
  schemas: readonly string[],
  {platform}: SqlContext,
  isOwn: IsOwn,
): Promise<readonly string[]> {
  const tables = await query<{readonly schema: string; readonly name: string}>(
    `select n.nspname::text as schema, c.relname::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f')`,
  )
  const own = platform.getDefaultSchemaName()
  return schemas.filter((schema) => {
    const names = tables.filter((table) => table.schema === schema).map(({name}) => `${schema}.${name}`)
    return schema === own || names.length === 0 || !names.every(isOwn)
  })
}
