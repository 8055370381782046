import {databasesOf} from '../../config/database.ts'
import type {ConfiguredDatabase} from '../../config/database.ts'
import {parseSettings} from '../../config/schema.ts'
import {isDatabaseUrl} from '../../dialects/drivers.ts'
import {SwitchRefusedError, SwitchStoppedError} from '../../git/errors.ts'
import {hideInAddress} from '../../util/secrets.ts'
import {shellWord} from '../../util/shell.ts'
import {openScripts} from '../project.ts'
import type {Project, ProjectOptions, ScriptProject} from '../project.ts'
import {contextOf} from '../run-context.ts'
import type {RunContext} from '../run-context.ts'
import type {Destination} from './destination.ts'
import {refuseOtherTables, refuseOtherTablesHere, tableKeys} from './same-tables.ts'

/** The options by which MikroORM finds a database. */
const address = ['driver', 'clientUrl', 'host', 'port', 'user', 'dbName', 'schema'] as const

/**
 * Refuses a destination whose configuration, or whose MikroORM configuration, names another database or other tables of mig, if
 * that can be read without running it. Otherwise a note says that it is known only after the checkout.
 *
 * @throws MigError SWITCH_REFUSED
 */
export async function refuseOtherDestination(
  context: RunContext<ScriptProject>,
  options: ProjectOptions,
  {checkout}: Destination,
): Promise<void> {
  if (checkout === undefined) return
  const {repository, commit, name} = checkout
  const {CommittedSettings} = await import('../merge-settings.ts')
  const committed = new CommittedSettings(context.project, repository, options)
  const tables = await committed.keysAt(commit, tableKeys)
  if (typeof tables === 'object') refuseOtherTables(context.project.settings, tables.values, name)
  const written = context.em === undefined ? await committed.keysAt(commit, ['orm', 'databases']) : undefined
  if (tables === 'code' && written !== 'code')
    context.onEvent({kind: 'note', text: unreadable(`The configuration of ${name}`, 'tables of mig')})
  if (written === undefined) return
  if (written === 'loaded' || (written !== 'code' && namesSameFile(written.values, context.project))) {
    await refuseOtherFile(context, checkout)
    return
  }
  const there = written === 'code' ? undefined : await writtenDatabases(written, name, context.project.root)
  if (there === undefined) context.onEvent({kind: 'note', text: unreadable(`The configuration of ${name}`, 'database')})
  else if (keyOf(await context.configured()) !== keyOf(there))
    throw otherDatabase(`the configuration of ${name}`, name, namesOf(there))
}

/** Refuses a MikroORM configuration that names another database, where its text shows that. */
async function refuseOtherFile(
  context: RunContext<ScriptProject>,
  {repository, commit, name}: NonNullable<Destination['checkout']>,
): Promise<void> {
  const {ormDifference} = await import('./written-orm.ts')
  const difference = await ormDifference(repository, commit, await context.configured())
  switch (difference.kind) {
    case 'none':
      return
    case 'unknown':
      context.onEvent({kind: 'note', text: unreadable(`${difference.file} of ${name}`, 'database')})
      return
    case 'database':
      throw otherDatabase(`${difference.file} of ${name}`, name, difference.database)
  }
}

/** Whether a configuration names the same MikroORM configuration as that of the checkout, or none. */
function namesSameFile(
  {orm, databases}: {readonly orm?: unknown; readonly databases?: unknown},
  project: Project,
): boolean {
  const {settings} = project
  const isFile = orm === undefined || (typeof orm === 'string' && !isDatabaseUrl(orm))
  return isFile && orm === settings.orm && databases === undefined && settings.databases === undefined
}

function unreadable(what: string, named: 'database' | 'tables of mig'): string {
  return `${what} differs and cannot be read without running it: which ${named} it names is known only after the checkout.`
}

function otherDatabase(what: string, name: string, databases: string): SwitchRefusedError {
  return new SwitchRefusedError(
    `${what} names another database: ${databases}`,
    `Run \`git switch ${shellWord(name)}\`, then \`mig status\`, which shows what that database needs.`,
  )
}

/** Returns the databases that a configuration names, if all of them are literal addresses. */
async function writtenDatabases(
  {file, values}: {readonly file: string; readonly values: object},
  name: string,
  root: string,
): Promise<readonly ConfiguredDatabase[] | undefined> {
  const parsed = parseSettings(values)
  if ('issues' in parsed)
    throw new SwitchRefusedError(
      `the configuration ${file} of ${name} is invalid: ${parsed.issues.join('; ')}`,
      `Correct it on ${name}.`,
    )
  const {orm, databases} = parsed.settings
  const orms = databases === undefined ? [orm] : Object.values(databases).map((database) => database.orm)
  const isLiteral = orms.every((each) => typeof each === 'string' && isDatabaseUrl(each))
  return isLiteral ? databasesOf(parsed.settings, root, process.env) : undefined
}

function namesOf(databases: readonly ConfiguredDatabase[]): string {
  return databases.map((database) => (database.kind === 'url' ? hideInAddress(database.url) : database.from)).join(', ')
}

/**
 * Refuses to go on with the databases and tables of the configuration that was checked out, if they are not those that were
 * planned for.
 *
 * @throws MigError SWITCH_REFUSED
 */
export async function refuseOtherDatabases(before: RunContext, options: ProjectOptions): Promise<void> {
  const now = contextOf(await openScripts(options), options)
  refuseOtherTablesHere(before.project.settings, now.project.settings)
  if (before.em !== undefined) return
  const [planned, found] = [await before.configured(), await now.configured()]
  if (keyOf(planned) === keyOf(found)) return
  throw new SwitchStoppedError(
    `the configuration that was checked out names another database, for which nothing was planned: ${namesOf(found)}`,
    'See what that database needs before anything runs on it.',
  )
}

function keyOf(databases: readonly ConfiguredDatabase[]): string {
  return JSON.stringify(
    databases.map((database) => {
      if (database.kind === 'url' || database.url !== undefined) return [database.name, database.url]
      const {name, options} = database
      const {driver, ...rest} = options
      const driverName = typeof driver === 'function' ? driver.name : undefined
      return [name, driverName, ...address.slice(1).map((key) => rest[key])]
    }),
  )
}
