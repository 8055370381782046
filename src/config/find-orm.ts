import {existsSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {readRegularFile} from '../util/regular-file.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Settings of MikroORM's CLI, from `"mikro-orm"` in package.json and the environment. */
export interface OrmSettings {
  readonly configPaths: readonly string[]
  readonly preferTs: boolean | undefined
  readonly tsLoader: string | undefined
  readonly tsConfigPath: string | undefined
}

/**
 * Returns the absolute path of the MikroORM configuration that MikroORM's own command line would read in a folder.
 *
 * @see https://mikro-orm.io/docs/quick-start#setting-up-the-commandline-tool
 */
export function findOrmConfig(root: string, environment: Environment): string | undefined {
  return ormConfigPaths(root, environment)
    .map((path) => resolve(root, path))
    .find((path) => existsSync(path))
}

/** Returns the settings: the environment comes before package.json. */
export function ormSettings(root: string, environment: Environment): OrmSettings {
  const written = manifestOf(root)['mikro-orm']
  const settings = isObject(written) ? written : {}
  const preferTs = environment['MIKRO_ORM_CLI_PREFER_TS']
  const {configPaths, tsLoader, tsConfigPath} = settings
  return {
    configPaths: Array.isArray(configPaths) ? configPaths.filter((path) => typeof path === 'string') : [],
    preferTs: preferTs === undefined ? booleanOr(settings['preferTs']) : /^(?:true|t|1)$/i.test(preferTs),
    tsLoader: environment['MIKRO_ORM_CLI_TS_LOADER'] ?? stringOr(tsLoader),
    tsConfigPath: environment['MIKRO_ORM_CLI_TS_CONFIG_PATH'] ?? stringOr(tsConfigPath),
  }
}

/** The same files in the same order as in CLIHelper.getConfigPaths of @mikro-orm/cli, which need not be installed. */
function ormConfigPaths(root: string, environment: Environment): readonly string[] {
  const named = environment['MIKRO_ORM_CLI_CONFIG']
  const {configPaths, preferTs} = ormSettings(root, environment)
  // mig needs no loader for TypeScript, so TypeScript is preferred unless disabled.
  const takesTypeScript = preferTs !== false || named?.endsWith('.ts') === true
  const output = ['dist', 'build'].find((folder) => existsSync(join(root, folder))) ?? 'src'
  const paths = [
    ...(named ? [named] : []),
    ...configPaths,
    './src/mikro-orm.config.ts',
    './mikro-orm.config.ts',
    `./${output}/mikro-orm.config.js`,
    './mikro-orm.config.js',
  ]
  return paths.filter((path) => takesTypeScript || !/\.[mc]?ts$/.test(path))
}

/** Returns the nearest package.json, upwards from a folder. */
function manifestOf(folder: string): Readonly<Record<string, unknown>> {
  const path = join(folder, 'package.json')
  if (!existsSync(path)) return folder === dirname(folder) ? {} : manifestOf(dirname(folder))
  try {
    const manifest: unknown = JSON.parse(readRegularFile(path))
    return isObject(manifest) ? manifest : {}
  } catch {
    return {}
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function stringOr(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function booleanOr(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

/** Returns the packages of MikroORM that a project depends on. */
export function driverPackages(root: string): readonly string[] {
  const {dependencies, devDependencies} = manifestOf(root)
  return [dependencies, devDependencies]
    .flatMap((all) => (isObject(all) ? Object.keys(all) : []))
    .filter((name) => name.startsWith('@mikro-orm/'))
}
