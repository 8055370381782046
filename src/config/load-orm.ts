import {existsSync} from 'node:fs'
import {pathToFileURL} from 'node:url'
import {withVariables} from '../runner/connection/orm-variables.ts'
import {MigError} from '../errors.ts'
import {checkRegularFile, readRegularFile} from '../util/regular-file.ts'
import {contentIdOf} from '../script/content-id.ts'
import {awaitProject} from '../project-promises.ts'
import {placeInProject} from '../util/stack.ts'
import {ConfigFailedError, InvalidConfigError, OrmConfigMissingError, OrmContextNotFoundError} from './errors.ts'
import {ormSettings} from './find-orm.ts'
import {hookTypeScript} from './typescript/module-hooks.ts'
import {runOtherwise} from './typescript/project.ts'

/** Options of MikroORM. */
export type OrmOptions = Readonly<Record<string, unknown>>

/**
 * Imports a MikroORM configuration and returns the options of one context.
 *
 * @param path absolute
 * @param root the absolute path of the folder that is the project
 * @param context the name of the context; `default` when left out
 * @throws MigError ORM_CONFIG_NOT_FOUND, ORM_CONTEXT_NOT_FOUND, CONFIG_FAILED, COMPILER_MISSING, INVALID_CONFIG
 */
export async function loadOrmConfig(
  path: string,
  root: string,
  context: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<OrmOptions> {
  if (!existsSync(path)) throw new OrmConfigMissingError(path, undefined)
  await attempt(path, root, async () => checkRegularFile(path))
  const settings = ormSettings(root, environment)
  hookTypeScript(root, settings)
  const name = context ?? environment['MIKRO_ORM_CONTEXT_NAME'] ?? 'default'
  // Copying runs getters.
  const options = await attempt(path, root, async () => ({
    ...(await optionsOf(await exported(path, root), name, path)),
  }))
  const runsTypeScript = /\.[cm]?ts$/.test(path) && settings.preferTs !== false
  return withVariables(
    {
      // Entity paths are relative to the project, not to the working directory.
      baseDir: root,
      ...(runsTypeScript ? {preferTs: true} : {}),
      ...options,
    },
    root,
    environment,
  )
}

async function attempt<T>(path: string, root: string, run: () => Promise<T>): Promise<T> {
  try {
    return await awaitProject(`The configuration ${path}`, run)
  } catch (error) {
    if (error instanceof MigError) throw error
    throw new ConfigFailedError(placeInProject(error, root, path), error)
  }
}

/** Returns what a configuration exports, which may be a promise. */
async function exported(path: string, root: string): Promise<unknown> {
  const module = await imported(path, root)
  const {default: value = module} = module
  // A CommonJS module that a compiler has written has its default export in its exports.
  const isCompiled = typeof value === 'object' && value !== null && '__esModule' in value && 'default' in value
  return isCompiled ? value.default : value
}

/**
 * Imports a file. Where that fails because of an import, of a type as if it were a value or of a name that only CommonJS has,
 * the compiler of the project helps.
 */
async function imported(path: string, root: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(urlOf(path))) as Readonly<Record<string, unknown>>
  } catch (error) {
    if (!(error instanceof SyntaxError) || !runOtherwise(root)) throw error
    return imported(path, root)
  }
}

/** The content ids of the files that were imported first, by path. */
const first = new Map<string, string>()

/** Returns the URL of a file, which is another one if a checkout has changed the file since: modules are imported once. */
function urlOf(path: string): string {
  const url = pathToFileURL(path)
  const id = contentIdOf(readRegularFile(path))
  if (!first.has(path)) first.set(path, id)
  if (first.get(path) !== id) url.searchParams.set('mig', id)
  return url.href
}

/** Returns the options of a context, out of one configuration, several, or functions of the name that return one. */
async function optionsOf(config: unknown, context: string, path: string): Promise<OrmOptions> {
  if (!Array.isArray(config))
    return checked(await valueOf(config, context), context, path, typeof config === 'function')
  const several = config as readonly unknown[]
  const [found, ...more] = several.filter((options) => isObject(options) && nameOf(options) === context) as OrmOptions[]
  if (more.length > 0) throw new InvalidConfigError(path, [`duplicate context ${context}`])
  if (found !== undefined) return found
  for (const candidate of several) {
    const made = typeof candidate === 'function' ? await valueOf(candidate, context) : undefined
    if (isObject(made) && nameOf(made, context) === context) return made
  }
  throw new OrmContextNotFoundError(
    context,
    several.filter(isObject).map((options) => nameOf(options)),
    path,
  )
}

function checked(config: unknown, context: string, path: string, isMade: boolean): OrmOptions {
  if (!isObject(config)) throw new InvalidConfigError(path, ['it must export or return MikroORM options'])
  // A function returns the options of the requested context.
  const name = nameOf(config, isMade ? context : 'default')
  if (name !== context) throw new OrmContextNotFoundError(context, [name], path)
  return config
}

async function valueOf(config: unknown, context: string): Promise<unknown> {
  return typeof config === 'function' ? await (config as (context: string) => unknown)(context) : await config
}

function nameOf({contextName}: OrmOptions, otherwise = 'default'): string {
  return typeof contextName === 'string' ? contextName : otherwise
}

function isObject(value: unknown): value is OrmOptions {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
