import {sourcesOf} from '../engine/databases.ts'
import {dialectsOf} from '../engine/dialect.ts'
import type {ScriptProject} from '../engine/project.ts'
import type {RunContext} from '../engine/run-context.ts'
import {defaultDialect} from '../dialects/dialect.ts'
import type {Dialect, ServerDatabases} from '../dialects/dialect.ts'
import {dialects} from '../dialects/dialects.ts'
import {driverOfUrl, drivers} from '../dialects/drivers.ts'
import {MigError} from '../errors.ts'
import {connect} from '../runner/connection/connect.ts'
import type {Connection} from '../runner/connection/connect.ts'
import {CreateDatabaseError} from '../runner/connection/connection-errors.ts'
import {onDatabase} from '../runner/connection/other-database.ts'
import type {OptionsSource} from '../runner/connection/orm-options.ts'
import {dialectOf} from '../runner/connection/session.ts'
import {ForeignCodeError} from './errors.ts'
import {ServerGuard} from './server-guard.ts'
import {collationOf, dropStale, temporaryName} from './empty-database.ts'
import {extensionsFor} from './scratch-extensions.ts'
import {driverKindOf} from './scratch.ts'
import type {ScratchSource} from './scratch.ts'
import {fileCopies} from './templates/file-copies.ts'
import {FileTemplates} from './templates/file-templates.ts'
import {cacheFolder, environmentOf, templatesOn} from './templates/project-templates.ts'
import type {ScratchContext} from './templates/project-templates.ts'
import type {Contents, Template} from './templates/template.ts'

const quiet = {entities: [], entitiesTs: [], discovery: {warnWhenNoEntities: false}, logger: () => {}} as const

/**
 * Returns the databases of a project that temporary ones can stand for, without connecting to them.
 *
 * @throws MigError UNTRUSTED_CODE in a workflow of GitHub that has secrets and may be of an unreviewed pull request
 */
export async function scratchSourcesOf(context: RunContext<ScriptProject>): Promise<readonly ScratchSource[]> {
  const event = process.env['GITHUB_EVENT_NAME']
  if (event === 'pull_request_target') throw new ForeignCodeError(event)
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

/** A temporary database, empty or a copy of a template. */
export interface ScratchDatabase {
  /** Dropped when it is closed. */
  readonly connection: Connection
  /** Set on the server of the project's own databases. */
  readonly guard?: ServerGuard
  /** The template that it is a copy of. */
  readonly template?: Template & {
    /** Removes the template, which is wrong. */
    readonly forget: () => Promise<void>
  }
  /**
   * Keeps the database as a template.
   *
   * @param closeSessions closes the sessions, if that is necessary
   * @returns whether the database is closed, which does not mean that it is kept
   */
  readonly keep?: (template: Template, closeSessions: () => Promise<void>) => Promise<boolean>
}

/**
 * Creates a database that is dropped when it is closed: where the setting `scratch` says, or else on the configured server,
 * or in memory where databases are files. For PostgreSQL it is PGlite if the server cannot be used.
 *
 * @param contents the revisions that it is wanted for: it is a copy of a template with as many of them as possible; without
 *   any, it is empty
 * @throws MigError as `connect`; CREATE_DATABASE_FAILED
 */
export async function openScratchDatabase(
  context: ScratchContext,
  wanted: ScratchSource,
  contents: Contents = new Map(),
): Promise<ScratchDatabase> {
  const {project, signal} = context
  const {scratch} = project.settings
  const place = dialects[wanted.dialect].scratch
  const embedded = place.kind === 'driver' ? place.driver : undefined
  if (embedded !== undefined && scratch === embedded) return inMemory(context, wanted, embedded, contents)
  const other = scratch === undefined ? undefined : driverOfUrl(scratch)
  const isElsewhere = other?.dialect === wanted.dialect
  const kind = isElsewhere ? other.kind : driverKindOf(wanted.source, wanted.dialect)
  if (place.kind === 'memory' || drivers.find((driver) => driver.kind === kind)?.isFile === true)
    return inMemory(context, wanted, kind, contents)
  const source = isElsewhere ? {...wanted.source, url: scratch} : wanted.source
  try {
    return await onServer(context, {...wanted, source}, place.server, contents, isElsewhere)
  } catch (error) {
    const mayFallBack = scratch === undefined && embedded !== undefined && error instanceof MigError
    if (!mayFallBack || signal?.aborted === true) throw error
    return await inMemory(context, wanted, embedded, contents).catch(() => {
      throw error
    })
  }
}

async function inMemory(
  context: ScratchContext,
  wanted: ScratchSource,
  driver: string,
  contents: Contents,
): Promise<ScratchDatabase> {
  const {project} = context
  const {source, dialect} = wanted
  const url = `${driver}::memory:`
  const copies = fileCopies[drivers.find(({kind}) => kind === driver)?.snapshots ?? 'database']
  const {maxSize} = project.settings.cache
  const files = new FileTemplates(cacheFolder(project), environmentOf(context, driver), maxSize)
  const found = copies === undefined || contents.size === 0 ? undefined : files.find(contents)
  const copied = copies === undefined || found === undefined ? {} : copies.options(found.bytes)
  const opening = dialects[dialect].capabilities.extensions
    ? // Options for a server do not apply to a database in memory.
      connect(
        {...source, options: {...source.options, driver: undefined, driverOptions: undefined}, url},
        project.root,
        {
          complete: async (em) => ({driverOptions: {...copied, extensions: await extensionsFor(project, em)}}),
        },
      )
    : connect(
        {
          ...source,
          options: {...source.options, driverOptions: {...Object(source.options['driverOptions']), ...copied}},
          url,
        },
        project.root,
      )
  let connection: Connection
  try {
    connection = await opening
  } catch (error) {
    if (found === undefined) throw error
    // It is of another version of the database.
    found.forget()
    return inMemory(context, wanted, driver, new Map())
  }
  const place = dialects[dialect].scratch
  return {
    connection,
    ...(place.kind === 'memory' && {guard: new ServerGuard({names: undefined, outside: place.outside})}),
    ...(found !== undefined && {template: {...found.template, forget: async () => found.forget()}}),
    ...(copies !== undefined && {
      keep: async (template, closeSessions) => {
        if (!files.keep(template, await copies.bytesOf(connection))) return false
        await closeSessions()
        await connection.close()
        return true
      },
    }),
  }
}

async function onServer(
  context: ScratchContext,
  {source, dialect}: ScratchSource,
  server: ServerDatabases,
  contents: Contents,
  isElsewhere: boolean,
): Promise<ScratchDatabase> {
  const {project, signal} = context
  const {root, settings} = project
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
    const templates = templatesOn(context, admin, dialect)
    const copied = contents.size === 0 ? undefined : await templates?.copy(name, contents)
    if (copied?.failure !== undefined)
      context.onEvent({
        kind: 'note',
        text: `A kept database cannot be copied (${copied.failure}); the history is replayed instead.`,
      })
    const template = copied?.failure === undefined ? copied?.template : undefined
    if (template === undefined) await create(admin, dialect, name)
    signal?.throwIfAborted()
    const guard = isElsewhere ? undefined : new ServerGuard(server)
    const own = onDatabase(source, name)
    const connection = await connect(guard?.guarded(own) ?? own, root, {timeout})
    await guard?.learn(connection, name)
    const close = async (): Promise<void> => connection.close().finally(drop)
    return {
      connection: {...connection, close},
      ...(guard !== undefined && {guard}),
      ...(template !== undefined && {template: {...template, forget: async () => templates?.forget(template)}}),
      ...(templates !== undefined && {
        keep: async (kept, closeSessions) => {
          if (!(await templates.mayKeep(name))) return false
          await closeSessions()
          await connection.close()
          if (await templates.keep(name, kept)) await admin.close()
          else await drop()
          return true
        },
      }),
    }
  } catch (error) {
    await drop().catch(() => {})
    throw error
  }
}

async function create(admin: Connection, dialect: Dialect, name: string): Promise<void> {
  const connection = admin.em.getDriver().getConnection()
  const collation = await collationOf(dialect, async <Row>(sql: string) => connection.execute<Row[]>(sql))
  const quoted = admin.em.getDriver().getPlatform().quoteIdentifier(name)
  await connection.execute(`create database ${quoted}${collation}`).catch((error: unknown) => {
    throw new CreateDatabaseError(`the temporary database ${name}`, error)
  })
}

/** Connects to the configured database, or to the one that every server has if it does not exist. */
export async function connectToServer(
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
