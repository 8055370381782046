import {InvalidBundleError} from './errors.ts'
import type {RunSettings} from '../../config/run-settings.ts'
import type {BundledFile} from '../../script/bundle-tree.ts'

/** The format that this mig reads and writes. */
export const bundleFormat = 1

/** A history in one module, as `mig bundle` writes it. */
export interface Bundle {
  readonly format: number
  /** Settings of the configuration that are not the defaults. */
  readonly settings: Readonly<Record<string, unknown>>
  /** The names of settings that are code, which the caller must pass. */
  readonly code: readonly string[]
  /** The version locations. */
  readonly locations: readonly string[]
  /** The revision files by path. */
  readonly files: Readonly<Record<string, BundledFile>>
}

/** Options of functions that run a bundle instead of the files of a project. */
export interface BundleOptions {
  /** The default export of a file that `mig bundle` wrote. No configuration and no revision files are read. */
  readonly bundle?: Bundle | undefined
  /** Settings of the configuration for a bundle: those that are code, and others instead of its own. */
  readonly settings?: RunSettings | undefined
}

/** @throws MigError INVALID_BUNDLE */
export function checkBundle(bundle: Bundle): void {
  const given: Partial<Readonly<Record<keyof Bundle | 'default', unknown>>> = bundle
  if (given.format === undefined && isObject(given.default))
    throw new InvalidBundleError('is a module', "Import its default export: `import bundle from './history.mjs'`.")
  if (typeof given.format !== 'number')
    throw new InvalidBundleError('is not a bundle', 'Pass the default export of a file that `mig bundle` wrote.')
  if (given.format !== bundleFormat)
    throw new InvalidBundleError(
      `has the format ${given.format}, and this version of mig runs format ${bundleFormat}`,
      'Write it with the version of mig that runs it: `mig bundle --out FILE`.',
    )
  const {settings, code, locations, files} = given
  const isWhole =
    isObject(settings) && isTexts(code) && isTexts(locations) && isObject(files) && Object.values(files).every(isFile)
  if (!isWhole) throw new InvalidBundleError('is incomplete', 'Write it again: `mig bundle --out FILE`.')
}

function isFile(file: unknown): boolean {
  if (!isObject(file)) return false
  const {text, load} = file as Partial<Readonly<Record<keyof BundledFile, unknown>>>
  return typeof text === 'string' && (load === undefined || typeof load === 'function')
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string')
}
