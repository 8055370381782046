import {defaultDialect} from '../dialects/dialect.ts'
import type {Dialect} from '../dialects/dialect.ts'
import {dialects} from '../dialects/dialects.ts'
import {driverOfClass, driverOfUrl} from '../dialects/drivers.ts'
import {planUpgrade} from '../graph/plan.ts'
import {connect} from '../runner/connection/connect.ts'
import type {Connection} from '../runner/connection/connect.ts'
import {onDatabase} from '../runner/connection/other-database.ts'
import type {OptionsSource} from '../runner/connection/orm-options.ts'
import {dialectOf} from '../runner/connection/session.ts'
import {InterruptedError} from '../runner/run-errors.ts'
import {hasEntities} from '../catalogue/compared-database.ts'
import {temporaryName} from './empty-database.ts'
import {NoEntitiesError} from './errors.ts'
import {appliedSetOf} from '../engine/database-state.ts'
import {sourcesOf, withDatabases} from '../engine/databases.ts'
import type {OpenDatabase} from '../engine/databases.ts'
import {dialectsOf} from '../engine/dialect.ts'
import {runOf} from '../engine/migrate.ts'
import type {ScriptProject} from '../engine/project.ts'
import type {RunContext} from '../engine/run-context.ts'
import {ServerGuard} from './server-guard.ts'
import {extensionsFor} from './scratch-extensions.ts'

/**
 * Creates a temporary database for each database with entities, replays the history on them, calls `use`, and drops them.
 * It is PGlite for PostgreSQL, in memory for SQLite, and on the same server for MySQL and MariaDB.
 *
 * @throws MigError NO_ENTITIES, REVISION_FAILED, INTERRUPTED, and as `connect`
 */
export async function withScratch<Result>(
  context: RunContext<ScriptProject>,
  use: (databases: readonly OpenDatabase[]) => Promise<Result>,
): Promise<Result> {
  try {
    return await openEach(context, await optionSources(context), [], async (databases) => {
      if (databases.length === 0) throw new NoEntitiesError()
      return use(databases)
    })
  } catch (error) {
    // Where a temporary database was at that moment is of no use to anybody.
    throw context.signal?.aborted ? new InterruptedError('nothing was written.', undefined) : error
  }
}

async function openEach<Result>(
  context: RunContext<ScriptProject>,
  [first, ...others]: readonly ScratchSource[],
  opened: readonly OpenDatabase[],
  use: (databases: readonly OpenDatabase[]) => Promise<Result>,
): Promise<Result> {
  if (first === undefined) return use(opened)
  const {name, source, dialect} = first
  const scratch = await openScratch(context.project, source, dialect)
  try {
    if (!hasEntities(scratch.em)) return await openEach(context, others, opened, use)
    const scratchContext = {...context, em: scratch.em}
    return await withDatabases(scratchContext, async ([only]) => {
      const database = {...(only as OpenDatabase), name}
      await replay(scratchContext, database, 'heads')
      return openEach(context, others, [...opened, database], use)
    })
  } finally {
    await scratch.close()
  }
}

/** A database of a project that a temporary one stands for. */
export interface ScratchSource {
  readonly name: string | undefined
  readonly source: OptionsSource
  readonly dialect: Dialect
}

async function optionSources(context: RunContext<ScriptProject>): Promise<readonly ScratchSource[]> {
  const configured = await dialectsOf(context.project)
  return (await sourcesOf(context)).flatMap(({name, source}, i) => {
    // A URL has no entities.
    if (source.kind === 'url') return []
    if (source.kind === 'options') return {name, source, dialect: configured[i]?.dialect ?? defaultDialect}
    const {em} = source
    const own = {
      kind: 'options',
      options: {...em.config.getAll(), preferEnvVars: false},
      from: 'the MikroORM instance',
    } as const
    return {name, source: own, dialect: dialectOf(em.getDriver().getPlatform())}
  })
}

async function openScratch(project: ScriptProject, source: OptionsSource, dialect: Dialect): Promise<Connection> {
  const {root, settings} = project
  const {scratch} = dialects[dialect]
  switch (scratch.kind) {
    case 'driver': {
      // Options for another driver do not apply to this one.
      const options = {...source.options, driver: undefined, driverOptions: undefined}
      return connect({...source, options, url: `${scratch.driver}::memory:`}, root, {
        complete: async (em) => ({driverOptions: {extensions: await extensionsFor(project, em)}}),
      })
    }
    case 'memory':
      return connect({...source, url: `${driverKindOf(source, dialect)}::memory:`}, root)
    case 'server': {
      const name = temporaryName()
      const guard = new ServerGuard(scratch.server)
      const connection = await connect(guard.guarded(onDatabase(source, name)), root, {
        createDatabase: true,
        timeout: settings.connectTimeout,
      })
      await guard.learn(connection, name)
      const drop = `drop database ${connection.em.getDriver().getPlatform().quoteIdentifier(name)}`
      return {
        ...connection,
        close: async () => {
          guard.lift()
          await connection.em.getDriver().getConnection().execute(drop)
          await connection.close()
        },
      }
    }
  }
}

/** Returns the driver kind of the project, or the default one of the dialect. */
export function driverKindOf({url, options}: OptionsSource, dialect: Dialect): string {
  const known = url === undefined ? driverOfClass(options['driver']) : driverOfUrl(url)
  return known?.dialect === dialect ? known.kind : dialects[dialect].drivers[0].kind
}

/** Runs the history up to a target, without hooks, which must not run for temporary databases. */
export async function replay(
  context: RunContext<ScriptProject>,
  database: OpenDatabase,
  target: string,
): Promise<void> {
  const {graph} = context.project.scripts
  const applied = appliedSetOf(graph, database)
  const plan = planUpgrade(graph, applied, target)
  const run = await runOf(context, database, {graph, applied})
  const quiet = {
    ...run,
    context: {...run.context, rehearsing: true},
    policy: {...run.policy, hooks: {}},
    caller: {...run.caller, onEvent: () => {}},
    // No other run uses this database.
    fence: [],
  }
  const {prepareRun, runSteps} = await import('../runner/runner.ts')
  await runSteps(quiet, await prepareRun(quiet, plan.steps))
}
