import {SwitchRefusedError} from '../../git/errors.ts'
import type {ConfiguredDatabase} from '../../config/database.ts'
import {hideInAddress} from '../../util/secrets.ts'
import {openScripts} from '../project.ts'
import type {ProjectOptions} from '../project.ts'
import {contextOf} from '../run-context.ts'
import type {RunContext} from '../run-context.ts'

/** The options by which MikroORM finds a database. */
const address = ['driver', 'clientUrl', 'host', 'port', 'user', 'dbName', 'schema'] as const

/**
 * Refuses to go on with the databases of the configuration that was checked out, if it is not those that were planned for.
 *
 * @throws MigError SWITCH_REFUSED
 */
export async function refuseOtherDatabases(before: RunContext, options: ProjectOptions): Promise<void> {
  if (before.em !== undefined) return
  const now = contextOf(await openScripts(options), options)
  const [planned, found] = [await before.configured(), await now.configured()]
  if (keyOf(planned) === keyOf(found)) return
  const names = found.map((database) => (database.kind === 'url' ? hideInAddress(database.url) : database.from))
  throw new SwitchRefusedError(
    `the configuration that was checked out names another database, for which nothing was planned: ${names.join(', ')}`,
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
