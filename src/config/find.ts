import {existsSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {ConfigNotFoundError} from './errors.ts'
import {readRegularFile} from '../util/regular-file.ts'

/** Names of modules that have a configuration. */
export const configModules = ['mig.config.ts', 'mig.config.js', 'mig.config.mjs'] as const

/** Location of a configuration. */
export interface ConfigPlace {
  readonly kind: 'module' | 'package.json' | 'bundle' | 'none'
  /** The absolute path of the file, or of the folder where there is none; of a bundle, the working directory. */
  readonly path: string
  /** The absolute path of the folder that paths in it are relative to. */
  readonly root: string
}

/**
 * Finds the configuration: the file that is named, or the nearest one from the working directory upwards, where
 * `"mig"` in a package.json counts as one. A folder with a script directory in it can do without.
 *
 * @throws MigError CONFIG_NOT_FOUND
 */
export function findConfig(cwd: string, named: string | undefined): ConfigPlace {
  if (named !== undefined) {
    const path = resolve(cwd, named)
    return {kind: path.endsWith('package.json') ? 'package.json' : 'module', path, root: dirname(path)}
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const module = configModules.map((name) => join(folder, name)).find((path) => existsSync(path))
    if (module !== undefined) return {kind: 'module', path: module, root: folder}
    const manifest = join(folder, 'package.json')
    if (hasConfig(manifest)) return {kind: 'package.json', path: manifest, root: folder}
    if (folder === dirname(folder)) break
  }
  if (existsSync(join(cwd, 'migrations'))) return {kind: 'none', path: resolve(cwd), root: resolve(cwd)}
  throw new ConfigNotFoundError([...configModules, '"mig" in package.json'], cwd)
}

function hasConfig(manifest: string): boolean {
  try {
    const parsed: unknown = JSON.parse(readRegularFile(manifest))
    return typeof parsed === 'object' && parsed !== null && 'mig' in parsed && typeof parsed.mig === 'object'
  } catch {
    return false
  }
}
