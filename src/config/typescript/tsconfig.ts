import {basename, dirname, join, resolve} from 'node:path'
import {createFilesMatcher, createPathsMatcher, findTsconfig, parseTsconfig} from 'get-tsconfig'
import type {TsConfigResult} from 'get-tsconfig'

/** Relevant settings of a tsconfig.json, including inherited ones. */
export interface TsConfig {
  /** Its absolute path. */
  readonly path: string
  readonly options: Readonly<Record<string, unknown>>
  /** Whether decorators are those from before they came into the language. */
  readonly usesLegacyDecorators: boolean
  /** Whether class fields are defined on the object, as in the language, and not assigned. */
  readonly definesFields: boolean
  /** Whether `paths` has an import. */
  isMapped(specifier: string): boolean
  /** Returns the absolute paths that an import may mean according to `paths` and `baseUrl`. */
  pathsOf(specifier: string): readonly string[]
}

const parsed = new Map<string, TsConfigResult>()
const settings = new Map<TsConfigResult, TsConfig>()

/**
 * Reads the tsconfig.json of a file: the one that is named, or the nearest one in its folder or above.
 *
 * @param file absolute
 * @param root the absolute path of the project's folder
 * @param name the path of the tsconfig.json, relative to the root
 */
export function tsConfigOf(file: string, root: string, name: string | undefined): TsConfig {
  const named = name === undefined ? undefined : resolve(root, name)
  const path = named === undefined ? findTsconfig(dirname(file)) : findTsconfig(dirname(named), basename(named))
  if (path === undefined)
    return settingsOf(memoized(parsed, root, () => ({path: join(root, 'tsconfig.json'), config: {}})))
  const found = read(path)
  return settingsOf(named === undefined ? (referenced(found, file) ?? found) : found)
}

function read(path: string): TsConfigResult {
  return memoized(parsed, path, () => ({path, config: parseTsconfig(path)}))
}

/** Returns the configuration that compiles a file where the nearest one only refers to others, as in Nx and Vite. */
function referenced({path, config}: TsConfigResult, file: string): TsConfigResult | undefined {
  if (config.files?.length !== 0 || (config.include?.length ?? 0) > 0) return undefined
  const others = (config.references ?? []).map((reference) => {
    const target = resolve(dirname(path), reference.path)
    return read(target.endsWith('.json') ? target : join(target, 'tsconfig.json'))
  })
  return others.find((other) => createFilesMatcher(other)(file) !== undefined) ?? others[0]
}

function settingsOf(found: TsConfigResult): TsConfig {
  return memoized(settings, found, () => {
    const options: Readonly<Record<string, unknown>> = {...found.config.compilerOptions}
    const match = createPathsMatcher(found)
    const patterns = Object.keys(found.config.compilerOptions?.paths ?? {}).map((pattern) => pattern.split('*'))
    return {
      path: found.path,
      options,
      usesLegacyDecorators: options['experimentalDecorators'] === true,
      definesFields: definesFields(options),
      isMapped: (specifier) =>
        patterns.some(([start = '', end]) =>
          end === undefined ? specifier === start : specifier.startsWith(start) && specifier.endsWith(end),
        ),
      pathsOf: (specifier) => match?.(specifier) ?? [],
    }
  })
}

/** The default depends on the target, whose own default is ES5 for CommonJS. */
function definesFields({useDefineForClassFields, target, module}: Readonly<Record<string, unknown>>): boolean {
  if (typeof useDefineForClassFields === 'boolean') return useDefineForClassFields
  if (typeof target !== 'string') return module !== 'commonjs'
  return !/^es(?:3|5|6|20(?:1\d|2[01]))$/i.test(target)
}

function memoized<Key, Value>(values: Map<Key, Value>, key: Key, make: () => Value): Value {
  const before = values.get(key)
  if (before !== undefined) return before
  const value = make()
  values.set(key, value)
  return value
}
