import * as v from 'valibot'
import {MigError} from '../errors.ts'
import {awaitProject} from '../project-promises.ts'
import {importSource} from '../util/import-source.ts'
import {placeInStack} from '../util/stack.ts'
import {currentGate, watchImports} from './code-gate.ts'
import {ConfigFailedError, ConfigUnreadableError, InvalidConfigError, UnknownEnvironmentError} from './errors.ts'
import {findConfig} from './find.ts'
import type {ConfigPlace} from './find.ts'
import {configSchema, describeIssues, settingsSchema} from './schema.ts'
import type {Config, Settings} from './config.ts'
import {readRegularFile} from '../util/regular-file.ts'

/** Argument of a configuration function. */
export interface ConfigContext {
  /** The name given with `-n`, if any. */
  readonly environment: string | undefined
  /** Arguments passed with `-x key=value`. */
  readonly x: Readonly<Record<string, string>>
}

export interface LoadOptions {
  readonly cwd: string
  /** Path of the configuration; found by default. */
  readonly config?: string | undefined
  readonly environment?: string | undefined
  readonly x?: Readonly<Record<string, string>> | undefined
  /** Whether what git hooks need is read from literals where possible, without running the configuration. */
  readonly literals?: boolean | undefined
}

/** A loaded and validated configuration. */
export interface LoadedConfig {
  readonly settings: Settings
  /** The absolute path of the folder that paths in the settings are relative to. */
  readonly root: string
  readonly place: ConfigPlace
  /** Names of its environments. */
  readonly environments: readonly string[]
}

/**
 * Finds, runs and checks the configuration, and lays the named environment over it.
 *
 * @throws MigError CONFIG_NOT_FOUND, CONFIG_FAILED, INVALID_CONFIG, UNKNOWN_ENVIRONMENT
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const place = findConfig(options.cwd, options.config)
  const written = await read(place, {environment: options.environment, x: options.x ?? {}}, options.literals === true)
  // Getters run when they are read.
  const settings = await attempt(place.path, () => {
    const parsed = v.safeParse(configSchema, written)
    if (!parsed.success) throw new InvalidConfigError(place.path, describeIssues(parsed.issues))
    return laidOver(written as Config, options.environment, place.path)
  })
  if (settings.orm !== undefined && settings.databases !== undefined)
    throw new InvalidConfigError(place.path, [
      'orm and databases cannot be combined: use orm for one database, databases for several',
    ])
  if (settings.fileTemplate.includes('/') && !settings.recursiveVersionLocations)
    throw new InvalidConfigError(place.path, [
      'recursiveVersionLocations must be true, because fileTemplate creates folders',
    ])
  return {
    settings,
    root: place.root,
    place,
    environments: Object.keys((written as Config).environments ?? {}),
  }
}

/** An environment replaces whole keys; keys it omits are inherited. */
function laidOver(config: Config, name: string | undefined, file: string): Settings {
  const {environments = {}, ...common} = config
  if (name === undefined) return v.parse(settingsSchema, common)
  const overrides = Object.hasOwn(environments, name) ? environments[name] : undefined
  if (overrides === undefined) throw new UnknownEnvironmentError(name, Object.keys(environments), file)
  return v.parse(settingsSchema, {...common, ...overrides})
}

async function read(place: ConfigPlace, context: ConfigContext, literals: boolean): Promise<unknown> {
  if (place.kind === 'none') return {}
  const text = textOf(place.path)
  return attempt(place.path, async () => {
    if (place.kind === 'package.json') {
      const {mig} = JSON.parse(text) as {readonly mig?: unknown}
      if (!literals) await currentGate()?.configuration(`${place.path}#mig`, JSON.stringify(mig) ?? '')
      currentGate()?.configured()
      return mig
    }
    const settings = literals ? await literalSettings(text, context.environment) : undefined
    if (settings !== undefined) return settings
    await currentGate()?.configuration(place.path, text)
    const config = await runConfig(place, text, context)
    currentGate()?.configured()
    return config
  })
}

/** The keys that say when git hooks concern a project. */
const placeKeys = ['scriptDirectory', 'versionLocations', 'recursiveVersionLocations', 'policy', 'gitHooks'] as const

/** The keys that git hooks and completions need. */
const neededKeys = [...placeKeys, 'operations'] as const

/** Whether the text of a configuration shows where revisions are and what git hooks report, without running it. */
export async function hasLiteralPlaces(place: ConfigPlace, environment: string | undefined): Promise<boolean> {
  if (place.kind !== 'module') return true
  const {writtenSettings} = await import('./written-settings.ts')
  return writtenSettings(textOf(place.path), placeKeys, environment) !== undefined
}

/** Returns what hooks need of a configuration, unless it depends on code. */
async function literalSettings(text: string, environment: string | undefined): Promise<object | undefined> {
  const {writtenSettings} = await import('./written-settings.ts')
  const settings = writtenSettings(text, neededKeys, environment)
  // Those of the environment are among them.
  if (settings === undefined || environment === undefined) return settings
  return {...settings, environments: {[environment]: {}}}
}

async function runConfig({path, root}: ConfigPlace, text: string, context: ConfigContext): Promise<unknown> {
  const hasImports = /(?:from|import)\s*\(?\s*['"][^'"]*['"]/.test(text)
  // Its functions may import more when they are called.
  if (hasImports || /\bimport\b|[rR]equire\b/.test(text)) watchImports()
  // It may import TypeScript that Node cannot run without a compiler.
  if (hasImports) (await import('./typescript/module-hooks.ts')).hookTypeScript(root)
  return awaitProject(`The configuration ${path}`, async () => {
    const {default: exported} = await importSource(path, text)
    return typeof exported === 'function' ? (exported as (context: ConfigContext) => unknown)(context) : exported
  })
}

/** Runs code of a configuration. */
async function attempt<T>(path: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof MigError) throw error
    throw new ConfigFailedError(placeInStack(error, path, path), error)
  }
}

function textOf(path: string): string {
  try {
    return readRegularFile(path)
  } catch (error) {
    throw new ConfigUnreadableError(path, error)
  }
}
