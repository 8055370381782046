import type {Dialect} from '../../dialects/dialect.ts'
import type {SqlContext} from '../../operations/definition.ts'
import {readMysql} from './mysql.ts'
import {readPostgres} from './postgres.ts'
import {snapshotOf} from './snapshot.ts'
import type {CatalogueObject, Query, Snapshot} from './snapshot.ts'
import {readSqlite} from './sqlite.ts'

/** Changes whenever a reader does, so that nothing that an older one read is compared with what a newer one reads. */
export const snapshotFormat = 1

/**
 * Reads the snapshot of a database.
 *
 * @param schemas the schemas to read, if a database has several
 */
export async function readSnapshot(query: Query, context: SqlContext, schemas: readonly string[]): Promise<Snapshot> {
  return snapshotOf(await readers[context.dialect](query, context, schemas))
}

type Reader = (query: Query, context: SqlContext, schemas: readonly string[]) => Promise<readonly CatalogueObject[]>

const readers: Readonly<Record<Dialect, Reader>> = {
  postgresql: async (query, {platform}, schemas) => {
    const defaultSchema = platform.getDefaultSchemaName() ?? ''
    const all = [...new Set([defaultSchema, ...schemas])]
    return readPostgres(query, {schemas: all, defaultSchema, quote: (value) => platform.quoteValue(value)})
  },
  sqlite: readSqlite,
  mysql: readMysql,
  mariadb: readMysql,
}

/** Returns the version of the server: another one may write definitions differently. */
export async function serverVersion(query: Query, dialect: Dialect): Promise<string> {
  const [row] = await query<{readonly version: string}>(versions[dialect])
  return row?.version ?? ''
}

const versions: Readonly<Record<Dialect, string>> = {
  postgresql: `select current_setting('server_version') as version`,
  sqlite: 'select sqlite_version() as version',
  mysql: 'select version() as version',
  mariadb: 'select version() as version',
}
