import {existsSync} from 'node:fs'
import {resolve} from 'node:path'
import {hideInAddress, rememberAddress} from '../util/secrets.ts'
import {InvalidConfigError} from './errors.ts'
import {findOrmConfig} from './find-orm.ts'
import type {OrmPlace, OrmSetting, Settings} from './schema.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** A database that the configuration names. */
export type ConfiguredDatabase = {
  /** Its name, where there are several. */
  readonly name: string | undefined
} & (
  | {readonly kind: 'url'; readonly url: string; readonly isDefault: boolean}
  | {
      readonly kind: 'options'
      readonly options: Readonly<Record<string, unknown>>
      readonly url: string | undefined
      readonly from: string
      /** The kind of the driver, where the options name none. */
      readonly driver?: string | undefined
    }
)

/** Where data is kept when nobody says anything else. */
const defaultDatabase = 'pglite:.mig/pgdata'

/**
 * Returns the databases of a configuration. MIG_DATABASE_URL wins over what a configuration of one database says.
 *
 * @throws MigError CONFIG_FAILED, INVALID_CONFIG, ORM_CONFIG_NOT_FOUND, ORM_CONTEXT_NOT_FOUND, COMPILER_MISSING
 */
export async function databasesOf(
  {orm, databases}: Settings,
  root: string,
  environment: Environment,
): Promise<readonly ConfiguredDatabase[]> {
  if (databases === undefined) return [await databaseOf(undefined, orm, root, environment)]
  if (environment['MIG_DATABASE_URL'])
    throw new InvalidConfigError('MIG_DATABASE_URL', ['it names one database, and the configuration has several'])
  return Promise.all(Object.entries(databases).map(async ([name, one]) => databaseOf(name, one.orm, root, environment)))
}

async function databaseOf(
  name: string | undefined,
  orm: OrmSetting | undefined,
  root: string,
  environment: Environment,
): Promise<ConfiguredDatabase> {
  const url = environment['MIG_DATABASE_URL'] || undefined
  for (const address of [url, orm, environment['MIKRO_ORM_CLIENT_URL']])
    if (typeof address === 'string') rememberAddress(address)
  if (typeof orm === 'string' && (isUrl(orm) || isMeantAsUrl(orm, root)))
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
  const options: unknown = typeof orm === 'function' ? await orm() : orm
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new InvalidConfigError(from, ['it must be, or return, the options of MikroORM'])
  return {name, kind: 'options', options: options as Readonly<Record<string, unknown>>, url, from}
}

/** Returns the absolute path of the MikroORM configuration: the one that is named, or that MikroORM would find. */
function fileOf(orm: OrmSetting | undefined, root: string, environment: Environment): string | undefined {
  if (typeof orm === 'string') return resolve(root, orm)
  if (orm !== undefined && !isPlace(orm)) return undefined
  return orm?.config === undefined ? findOrmConfig(root, environment) : resolve(root, orm.config)
}

/** What MikroORM's own variables say does without a file, as on MikroORM's command line. */
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

function isPlace(orm: OrmSetting | undefined): orm is OrmPlace {
  if (typeof orm !== 'object') return false
  return (
    Object.keys(orm).length > 0 &&
    Object.entries(orm).every(([key, value]) => /^(?:config|context)$/.test(key) && typeof value === 'string')
  )
}

/** What has a password in it, and is the path of no file, is a URL that went wrong. */
function isMeantAsUrl(text: string, root: string): boolean {
  return hideInAddress(text) !== text && !/\.[cm]?[jt]s$/i.test(text) && !existsSync(resolve(root, text))
}

function isUrl(text: string): boolean {
  return /^(?:[a-z][a-z+.-]*:\/\/|(?:pglite|sqlite|libsql|file):)/i.test(text)
}
