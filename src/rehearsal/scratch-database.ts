import {sourcesOf} from '../engine/databases.ts'
import {dialectsOf} from '../engine/dialect.ts'
import type {ScriptProject} from '../engine/project.ts'
import type {RunContext} from '../engine/run-context.ts'
import {defaultDialect} from '../dialects/dialect.ts'
import type {ServerDatabases} from '../dialects/dialect.ts'
import {dialects} from '../dialects/dialects.ts'
import {driverOfUrl, drivers} from '../dialects/drivers.ts'
import {MigError} from '../errors.ts'
import {connect} from '../runner/connection/connect.ts'
import type {Connection} from '../runner/connection/connect.ts'
import {CreateDatabaseError} from '../runner/connection/connection-errors.ts'
import {onDatabase} from '../runner/connection/other-database.ts'
import type {OptionsSource} from '../runner/connection/orm-options.ts'
import {dialectOf} from '../runner/connection/session.ts'
import {collationOf, dropStale, temporaryName} from './empty-database.ts'
import {extensionsFor} from './scratch-extensions.ts'
import {driverKindOf} from './scratch.ts'
import type {ScratchSource} from './scratch.ts'

const quiet = {entities: [], entitiesTs: [], discovery: {warnWhenNoEntities: false}, logger: () => {}} as const

/** Returns the databases of a project that temporary ones can stand for, without connecting to them. */
export async function scratchSourcesOf(context: RunContext<ScriptProject>): Promise<readonly ScratchSource[]> {
  const configured = context.em === undefined ? await dialectsOf(context.project) : []
  // A note about the default database would be wrong: it is not used.
  return (await sourcesOf({...context, onEvent: () => {}})).map(({name, source}, i) => {
    const dialect = configured[i]?.dialect ?? defaultDialect
    switch (source.kind) {
      case 'url': {
        const {url} = source
        return {name, dialect, source: {kind: 'options', options: quiet, url, from: 'the configuration'}}
      }
      case 'options':
        return {name, dialect, source}
      case 'em': {
        const own = {
          kind: 'options',
          options: {...source.em.config.getAll(), preferEnvVars: false},
          from: 'the MikroORM instance',
        } as const
        return {name, dialect: dialectOf(source.em.getDriver().getPlatform()), source: own}
      }
    }
  })
}

/**
 * Creates an empty database that is dropped when it is closed: where the setting `scratch` says, or else on the configured
 * server, or in memory where databases are files. For PostgreSQL it is PGlite if the server cannot be used.
 *
 * @throws MigError as `connect`; CREATE_DATABASE_FAILED
 */
export async function openScratchDatabase(
  {project, signal}: Pick<RunContext<ScriptProject>, 'project' | 'signal'>,
  wanted: ScratchSource,
): Promise<Connection> {
  const {scratch} = project.settings
  const place = dialects[wanted.dialect].scratch
  const embedded = place.kind === 'driver' ? place.driver : undefined
  if (embedded !== undefined && scratch === embedded) return inMemory(project, wanted, embedded)
  const other = scratch === undefined ? undefined : driverOfUrl(scratch)
  const isElsewhere = other?.dialect === wanted.dialect
  const kind = isElsewhere ? other.kind : driverKindOf(wanted.source, wanted.dialect)
  if (place.kind === 'memory' || drivers.find((driver) => driver.kind === kind)?.isFile === true)
    return inMemory(project, wanted, kind)
  const source = isElsewhere ? {...wanted.source, url: scratch} : wanted.source
  try {
    return await onServer(project, {...wanted, source}, place.server, signal)
  } catch (error) {
    const mayFallBack = scratch === undefined && embedded !== undefined && error instanceof MigError
    if (!mayFallBack || signal?.aborted === true) throw error
    return await inMemory(project, wanted, embedded).catch(() => {
      throw error
    })
  }
}

async function inMemory(project: ScriptProject, {source, dialect}: ScratchSource, driver: string): Promise<Connection> {
  const url = `${driver}::memory:`
  if (!dialects[dialect].capabilities.extensions) return connect({...source, url}, project.root)
  // Options for a server do not apply to a database in memory.
  const options = {...source.options, driver: undefined, driverOptions: undefined}
  return connect({...source, options, url}, project.root, {
    complete: async (em) => ({driverOptions: {extensions: await extensionsFor(project, em)}}),
  })
}

async function onServer(
  {root, settings}: ScriptProject,
  {source, dialect}: ScratchSource,
  server: ServerDatabases,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  const timeout = settings.connectTimeout
  const admin = await connectToServer(source, server, root, timeout)
  const execute = async (sql: string): Promise<unknown> => admin.em.getDriver().getConnection().execute(sql)
  const name = temporaryName()
  const quoted = admin.em.getDriver().getPlatform().quoteIdentifier(name)
  const drop = async (): Promise<void> => {
    await execute(server.drop(quoted)).finally(async () => admin.close())
  }
  try {
    await dropStale(admin)
    const query = async <Row>(sql: string): Promise<readonly Row[]> =>
      admin.em.getDriver().getConnection().execute<Row[]>(sql)
    const collation = await collationOf(dialect, query)
    await execute(`create database ${quoted}${collation}`).catch((error: unknown) => {
      throw new CreateDatabaseError(`the temporary database ${name}`, error)
    })
    signal?.throwIfAborted()
    const connection = await connect(onDatabase(source, name), root, {timeout})
    const close = async (): Promise<void> => connection.close().finally(drop)
    return {...connection, close}
  } catch (error) {
    await drop().catch(() => {})
    throw error
  }
}

/** Connects to the configured database, or to the one that every server has if it does not exist. */
async function connectToServer(
  source: OptionsSource,
  {maintenance}: ServerDatabases,
  root: string,
  timeout: number,
): Promise<Connection> {
  const plain = {...source, options: {...source.options, ...quiet}}
  try {
    return await connect(plain, root, {timeout})
  } catch (error) {
    if (!(error instanceof MigError) || error.code !== 'DATABASE_MISSING') throw error
    return connect(onDatabase(plain, maintenance), root, {timeout})
  }
}
