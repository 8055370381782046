import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {importSource} from '../util/import-source.ts'
import {placeInStack} from '../util/stack.ts'
import {ConfigFailedError, InvalidConfigError, OrmConfigMissingError} from './errors.ts'
import type {OrmSetting, Settings} from './schema.ts'

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
    }
)

/** Where data is kept when nobody says anything else. */
const defaultDatabase = 'pglite:.mig/pgdata'

/**
 * Returns the databases of a configuration. MIG_DATABASE_URL wins over what a configuration of one database says.
 *
 * @throws MigError CONFIG_FAILED, INVALID_CONFIG
 */
export async function databasesOf(
  {orm, databases}: Settings,
  root: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly ConfiguredDatabase[]> {
  const url = environment['MIG_DATABASE_URL'] || undefined
  if (databases === undefined) return [await databaseOf(undefined, orm, root, url)]
  if (url !== undefined)
    throw new InvalidConfigError('MIG_DATABASE_URL', ['it names one database, and the configuration has several'])
  return Promise.all(Object.entries(databases).map(async ([name, one]) => databaseOf(name, one.orm, root, undefined)))
}

async function databaseOf(
  name: string | undefined,
  orm: OrmSetting | undefined,
  root: string,
  url: string | undefined,
): Promise<ConfiguredDatabase> {
  if (orm === undefined) return {name, kind: 'url', url: url ?? defaultDatabase, isDefault: url === undefined}
  if (typeof orm === 'string' && isUrl(orm)) return {name, kind: 'url', url: url ?? orm, isDefault: false}
  const from = typeof orm === 'string' ? orm : 'the `orm` of the configuration'
  const options = typeof orm === 'string' ? await importOptions(resolve(root, orm)) : await valueOf(orm)
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new InvalidConfigError(from, ['it must be, or return, the options of MikroORM'])
  return {name, kind: 'options', options: options as Readonly<Record<string, unknown>>, url, from}
}

function isUrl(text: string): boolean {
  return /^(?:[a-z][a-z+.-]*:\/\/|pglite:|sqlite:|file:)/i.test(text)
}

async function valueOf(orm: unknown): Promise<unknown> {
  return typeof orm === 'function' ? await (orm as () => unknown)() : orm
}

/** Imports a MikroORM configuration: its default export is options, a function that returns them, or a promise. */
async function importOptions(path: string): Promise<unknown> {
  const text = textOf(path)
  try {
    const {default: exported} = await importSource(path, text)
    return await valueOf(exported)
  } catch (error) {
    throw new ConfigFailedError(placeInStack(error, path, path), error)
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new OrmConfigMissingError(path, error)
  }
}
