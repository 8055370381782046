import {randomBytes} from 'node:crypto'
import type {Query} from '../catalogue/snapshot/snapshot.ts'
import type {Dialect} from '../dialects/dialect.ts'
import {dialects} from '../dialects/dialects.ts'
import {driverOfClass} from '../dialects/drivers.ts'
import {connect} from '../runner/connection/connect.ts'
import type {Connection} from '../runner/connection/connect.ts'
import {onDatabase} from '../runner/connection/other-database.ts'
import type {OptionsSource} from '../runner/connection/orm-options.ts'
import type {Session} from '../runner/connection/session.ts'

/** Limits of a temporary database. */
export interface EmptyDatabaseOptions {
  /** The folder that drivers are resolved from. */
  readonly root: string
  /** The connection timeout in milliseconds. */
  readonly timeout: number
  /** Extensions for PGlite, which loads them at startup. */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined
}

/**
 * Creates an empty database of the same kind and version as that of a session, calls `use`, and drops it: a database on
 * the same server, or one in memory where databases are files.
 *
 * @throws MigError as `connect`; CREATE_DATABASE_FAILED
 */
export async function withEmptyDatabase<Result>(
  session: Session,
  {root, timeout, extensions}: EmptyDatabaseOptions,
  use: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const {em} = session
  const driver = driverOfClass(em.getDriver().constructor)
  const options = {...em.config.getAll(), entities: [], entitiesTs: [], discovery: {warnWhenNoEntities: false}}
  const source: OptionsSource = {kind: 'options', options, from: 'a temporary database'}
  if (driver?.isFile === true) {
    const driverOptions = extensions === undefined ? {} : {extensions}
    return using(
      await connect({...source, options: {...options, driverOptions}, url: `${driver.kind}::memory:`}, root),
      use,
    )
  }
  const name = temporaryName()
  const admin = await connect(source, root, {timeout})
  return using(admin, async () => {
    const execute = async (sql: string): Promise<unknown> => admin.em.getDriver().getConnection().execute(sql)
    const quoted = session.platform.quoteIdentifier(name)
    await dropStale(admin)
    const collation = await collationOf(session.dialect, async (sql) => session.query(sql))
    await execute(`create database ${quoted}${collation}`)
    try {
      return await using(await connect(onDatabase(source, name), root, {timeout}), use)
    } finally {
      await execute(`drop database if exists ${quoted}`)
    }
  })
}

/** Returns the clause by which a new database has the same collation as the current one. */
export async function collationOf(dialect: Dialect, query: Query): Promise<string> {
  if (dialects[dialect].capabilities.schemas) return ''
  const [row] = await query<{readonly charset: string; readonly collation: string}>(
    `select default_character_set_name as charset, default_collation_name as collation
     from information_schema.schemata where schema_name = database()`,
  )
  return row === undefined ? '' : ` character set ${row.charset} collate ${row.collation}`
}

async function using<Result>(
  connection: Connection,
  use: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  try {
    return await use(connection)
  } finally {
    await connection.close()
  }
}

/** A killed process leaves its database behind; no comparison takes this many seconds. */
const staleAfter = 3600

/** A regular expression for the names of temporary databases. */
export const temporaryNames = String.raw`mig_(?:scratch|rehearsal)_(?<seconds>\d+)_[0-9a-f]{8}`

/** Returns a new name of a temporary database: it contains the time, by which later runs recognise stale ones. */
export function temporaryName(prefix = 'mig_scratch_'): string {
  const seconds = Math.floor(Date.now() / 1000)
  return `${prefix}${seconds}_${randomBytes(4).toString('hex')}`
}

/** Drops temporary databases that processes have left on a server. */
export async function dropStale({em}: Connection): Promise<void> {
  const platform = em.getDriver().getPlatform()
  const connection = em.getDriver().getConnection()
  const names = platform.supportsSchemas()
    ? `select datname as name from pg_database where datname like 'mig\\_scratch\\_%'`
    : `select schema_name as name from information_schema.schemata
       where (schema_name like 'mig\\_scratch\\_%' or schema_name like 'mig\\_rehearsal\\_%')
       and schema_name not in (select db from information_schema.processlist where db is not null)`
  const rows: readonly {readonly name: string}[] = await connection.execute(names)
  for (const {name} of rows) {
    const seconds = Number(new RegExp(`^${temporaryNames}$`).exec(name)?.groups?.['seconds'])
    if (!(Date.now() / 1000 - seconds > staleAfter)) continue
    // It may be in use, or belong to somebody else.
    await connection.execute(`drop database ${platform.quoteIdentifier(name)}`).catch(() => {})
  }
}
