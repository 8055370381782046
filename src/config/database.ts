import {existsSync} from 'node:fs'
import {resolve} from 'node:path'
import {defaultDatabase} from '../dialects/dialect.ts'
import {isDatabaseUrl} from '../dialects/drivers.ts'
import {MigError} from '../errors.ts'
import {awaitProject} from '../project-promises.ts'
import {hideInAddress, rememberAddress} from '../util/secrets.ts'
import {placeInProject} from '../util/stack.ts'
import {ConfigFailedError, InvalidConfigError} from './errors.ts'
import {findOrmConfig} from './find-orm.ts'
import type {OrmPlace, OrmSetting, Settings} from './config.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A configured database. */
export type ConfiguredDatabase = {
  /** Its name, if there are several. */
  readonly name: string | undefined
} & (
  | {readonly kind: 'url'; readonly url: string; readonly isDefault: boolean}
  | {
      readonly kind: 'options'
      readonly options: Readonly<Record<string, unknown>>
      readonly url: string | undefined
      readonly from: string
      /** Kind of the driver, if the options name none. */
      readonly driver?: string | undefined
    }
)

/**
 * Returns the databases of a configuration. MIG_DATABASE_URL overrides a configuration with a single database.
 *
 * @throws MigError CONFIG_FAILED, INVALID_CONFIG, ORM_CONFIG_NOT_FOUND, ORM_CONTEXT_NOT_FOUND, COMPILER_MISSING
 */
export async function databasesOf(
  {orm, databases}: Settings,
  root: string,
  environment: Environment,
): Promise<readonly ConfiguredDatabase[]> {
  // A secret that is not set must not lead to another database.
  if (environment['MIG_DATABASE_URL'] === '')
    throw new InvalidConfigError('MIG_DATABASE_URL', ['it is empty; unset it to use the database of the configuration'])
  if (databases === undefined) return [await databaseOf(undefined, orm, root, environment)]
  if (environment['MIG_DATABASE_URL'])
    throw new InvalidConfigError('MIG_DATABASE_URL', ['it names a single database, but the configuration has several'])
  return Promise.all(
    Object.entries(databases).map(async ([name, database]) => databaseOf(name, database.orm, root, environment)),
  )
}

async function databaseOf(
  name: string | undefined,
  orm: OrmSetting | undefined,
  root: string,
  environment: Environment,
): Promise<ConfiguredDatabase> {
  const url = environment['MIG_DATABASE_URL']
  for (const address of [url, orm, environment['MIKRO_ORM_CLIENT_URL']])
    if (typeof address === 'string') rememberAddress(address)
  if (typeof orm === 'string' && (isDatabaseUrl(orm) || isMeantAsUrl(orm, root)))
    return {name, kind: 'url', url: url ?? orm, isDefault: false}
  const file = fileOf(orm, root, environment)
  if (file !== undefined) {
    const {loadOrmConfig} = await import('./load-orm.ts')
    const context = isPlace(orm) ? orm.context : undefined
    const options = await loadOrmConfig(file, root, context, environment)
    return {name, kind: 'options', options, url, from: file, driver: environment['MIKRO_ORM_TYPE']}
  }
  if (orm === undefined || isPlace(orm)) return withoutConfig(name, url, environment)
  const from = 'the `orm` of the configuration'
  const options: unknown = typeof orm === 'function' ? await made(orm, root) : orm
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new InvalidConfigError(from, ['it must be or return MikroORM options'])
  const own = options as Readonly<Record<string, unknown>>
  if (own['preferEnvVars'] !== true) return {name, kind: 'options', options: own, url, from}
  const {withVariables} = await import('../runner/connection/orm-variables.ts')
  return {name, kind: 'options', options: await withVariables(own, root, environment), url, from}
}

/** @throws MigError CONFIG_FAILED */
async function made(orm: () => unknown, root: string): Promise<unknown> {
  try {
    return await awaitProject('`orm` in the configuration', orm)
  } catch (error) {
    if (error instanceof MigError) throw error
    throw new ConfigFailedError(placeInProject(error, root, '`orm`'), error)
  }
}

/** Returns the absolute path of the named MikroORM configuration, or of the one that MikroORM would find. */
export function fileOf(orm: OrmSetting | undefined, root: string, environment: Environment): string | undefined {
  if (typeof orm === 'string') return resolve(root, orm)
  if (orm !== undefined && !isPlace(orm)) return undefined
  return orm?.config === undefined ? findOrmConfig(root, environment) : resolve(root, orm.config)
}

/** As in MikroORM's CLI, MikroORM's environment variables can replace a file. */
function withoutConfig(
  name: string | undefined,
  url: string | undefined,
  environment: Environment,
): ConfiguredDatabase {
  const {MIKRO_ORM_TYPE: driver, MIKRO_ORM_CLIENT_URL: clientUrl} = environment
  if (url !== undefined || (!driver && !clientUrl))
    return {name, kind: 'url', url: url ?? defaultDatabase, isDefault: url === undefined}
  const options = {...(clientUrl ? {clientUrl} : {}), entities: [], discovery: {warnWhenNoEntities: false}}
  return {name, kind: 'options', options, url, from: 'the MIKRO_ORM_ variables', driver}
}

/** Whether a setting names a file of MikroORM's configuration. */
export function isPlace(orm: OrmSetting | undefined): orm is OrmPlace {
  if (typeof orm !== 'object') return false
  return (
    Object.keys(orm).length > 0 &&
    Object.entries(orm).every(([key, value]) => /^(?:config|context)$/.test(key) && typeof value === 'string')
  )
}

/** Whether a text with a password in it, which is not the path of a file, is a malformed URL. */
function isMeantAsUrl(text: string, root: string): boolean {
  return hideInAddress(text) !== text && !/\.[cm]?[jt]s$/i.test(text) && !existsSync(resolve(root, text))
}
