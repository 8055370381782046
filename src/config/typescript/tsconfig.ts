import {basename, dirname, resolve} from 'node:path'
import {createPathsMatcher, getTsconfig} from 'get-tsconfig'

/** Relevant settings of a tsconfig.json, including inherited ones. */
export interface TsConfig {
  /** The absolute path of the project's folder. */
  readonly root: string
  readonly options: Readonly<Record<string, unknown>>
  /** Whether decorators are those from before they came into the language. */
  readonly usesLegacyDecorators: boolean
  /** Returns the absolute paths that an import may mean according to `paths` and `baseUrl`. */
  pathsOf(specifier: string): readonly string[]
}

/**
 * Reads the tsconfig.json of a project.
 *
 * @param name its path, where it is not the one in the folder or above
 */
export function readTsConfig(root: string, name = 'tsconfig.json'): TsConfig {
  const path = resolve(root, name)
  const found = getTsconfig(dirname(path), basename(path))
  const options = {...found?.config.compilerOptions}
  const match = found === null ? null : createPathsMatcher(found)
  return {
    root,
    options,
    usesLegacyDecorators: options.experimentalDecorators === true,
    pathsOf: (specifier) => match?.(specifier) ?? [],
  }
}
