import {randomBytes} from 'node:crypto'
import {planUpgrade} from '../graph/plan.ts'
import {connect} from '../runner/connection/connect.ts'
import type {Connection, DatabaseSource} from '../runner/connection/connect.ts'
import type {OptionsSource} from '../runner/connection/orm-options.ts'
import {dialectOf} from '../runner/connection/session.ts'
import {NoEntitiesError} from './errors.ts'
import {appliedSetOf, sourcesOf, withDatabases} from '../engine/databases.ts'
import type {DatabaseOptions, OpenDatabase} from '../engine/databases.ts'
import {dialectsOf} from '../engine/dialect.ts'
import {runOf} from '../engine/migrate.ts'
import type {ScriptProject} from '../engine/project.ts'
import {extensionsFor} from './scratch-extensions.ts'

/**
 * Makes a database for each one of a project, empty but for what the history of the project does, passes it on, and
 * removes it: PGlite for PostgreSQL, one in memory for SQLite, a temporary one on the server of MySQL or MariaDB.
 *
 * @throws MigError NO_ENTITIES, REVISION_FAILED, and as `connect`
 */
export async function withScratch<Result>(
  project: ScriptProject,
  options: DatabaseOptions,
  use: (database: OpenDatabase) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = []
  for (const {name, source, dialect} of await optionSources(project, options)) {
    const scratch = await openScratch(project, source, dialect)
    try {
      const its = {...options, orm: undefined, em: scratch.em}
      const result = await withDatabases(project, its, async ([opened]) => {
        const database = {...(opened as OpenDatabase), name}
        await replay(project, its, database)
        return use(database)
      })
      results.push(result)
    } finally {
      await scratch.close()
    }
  }
  return results
}

interface ScratchSource {
  readonly name: string | undefined
  readonly source: OptionsSource
  readonly dialect: ReturnType<typeof dialectOf>
}

async function optionSources(project: ScriptProject, options: DatabaseOptions): Promise<readonly ScratchSource[]> {
  const dialects = await dialectsOf(project)
  return (await sourcesOf(project, options)).map(({name, source}, i) => {
    if (source.kind === 'url') throw new NoEntitiesError()
    if (source.kind === 'options') return {name, source, dialect: dialects[i]?.dialect ?? 'postgresql'}
    const {em} = source
    const own = {kind: 'options', options: {...em.config.getAll()}, from: 'the instance of MikroORM'} as const
    return {name, source: own, dialect: dialectOf(em.getDriver().getPlatform())}
  })
}

async function openScratch(
  project: ScriptProject,
  source: OptionsSource,
  dialect: ScratchSource['dialect'],
): Promise<Connection> {
  const {root} = project
  switch (dialect) {
    case 'postgresql': {
      // What the options say of another driver is nothing to PGlite.
      const driverOptions = {extensions: await extensionsFor(project)}
      const options = {...source.options, driver: undefined, driverOptions}
      return connect({...source, options, url: 'pglite::memory:'}, root)
    }
    case 'sqlite':
      return connect({...source, url: `${driverNameOf(source)}::memory:`}, root)
    case 'mysql':
    case 'mariadb': {
      const name = `mig_scratch_${randomBytes(6).toString('hex')}`
      const connection = await connect(onDatabase(source, name), root, {createDatabase: true})
      const drop = `drop database ${connection.em.getDriver().getPlatform().quoteIdentifier(name)}`
      return {
        ...connection,
        close: async () => {
          await connection.em.getDriver().getConnection().execute(drop)
          await connection.close()
        },
      }
    }
  }
}

/** What is SQLite to MikroORM: the package that the project has. */
function driverNameOf({url = '', options}: OptionsSource): 'libsql' | 'sqlite' {
  const {driver} = options
  const isLibsql =
    url === '' ? typeof driver === 'function' && driver.name === 'LibSqlDriver' : url.startsWith('libsql:')
  return isLibsql ? 'libsql' : 'sqlite'
}

/** Returns a source of the same server, with another database. */
function onDatabase(source: OptionsSource, name: string): DatabaseSource {
  const renamed = (url: string): string => {
    const changed = new URL(url)
    changed.pathname = name
    return changed.href
  }
  const {clientUrl} = source.options
  return {
    ...source,
    ...(source.url !== undefined && {url: renamed(source.url)}),
    options: {
      ...source.options,
      dbName: name,
      ...(typeof clientUrl === 'string' && {clientUrl: renamed(clientUrl)}),
    },
  }
}

/** Runs the whole history, without the hooks of the configuration: they are for databases that somebody uses. */
async function replay(project: ScriptProject, options: DatabaseOptions, database: OpenDatabase): Promise<void> {
  const {settings, scripts} = project
  const applied = appliedSetOf(database)
  const plan = planUpgrade(scripts.graph, applied, 'heads')
  const {beforeRun: _, onVersionApply: __, afterEach: ___, afterRun: ____, ...quiet} = settings
  const its = {...options, onEvent: () => {}}
  // Nobody else knows of this database: there is nothing to be kept away.
  const run = {...(await runOf({...project, settings: quiet}, its, database, applied)), fence: () => []}
  const {prepareRun, runSteps} = await import('../runner/runner.ts')
  await runSteps(run, await prepareRun(run, plan.steps))
}
