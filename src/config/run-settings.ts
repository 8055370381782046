import * as v from 'valibot'
import type {Config, Settings} from './config.ts'
import {InvalidConfigError} from './errors.ts'
import {describeIssues, settingsSchema} from './schema.ts'

/**
 * The ways of settings into a bundle: as a value; as a name, because the setting is code that the caller must pass; or none,
 * because it concerns files, connections or other commands.
 */
const ways = {
  versionTable: 'value',
  versionTableSchema: 'value',
  logTable: 'value',
  sharedSchemas: 'value',
  transaction: 'value',
  lock: 'value',
  lockRetries: 'value',
  recordDowngrade: 'value',
  lockTimeout: 'duration',
  tableLockTimeout: 'duration',
  statementTimeout: 'duration',
  policy: 'policy',
  tenants: 'value or code',
  operations: 'code',
  beforeRun: 'code',
  onVersionApply: 'code',
  afterEach: 'code',
  afterRun: 'code',
  orm: 'none',
  databases: 'none',
  connectTimeout: 'none',
  scriptDirectory: 'none',
  versionLocations: 'none',
  recursiveVersionLocations: 'none',
  fileTemplate: 'none',
  truncateSlugLength: 'none',
  timezone: 'none',
  postWriteHooks: 'none',
  autogenerate: 'none',
  gitHooks: 'none',
  scratch: 'none',
  cache: 'none',
} as const satisfies Readonly<Record<keyof Settings, string>>

type Ways = typeof ways
type RunKey = {[Key in keyof Ways]: Ways[Key] extends 'none' ? never : Key}[keyof Ways]

/** Settings that a run depends on, with a connection of the caller. */
export type RunSettings = Pick<Config, RunKey>

const runKeys = (Object.keys(ways) as (keyof Ways)[]).filter((key): key is RunKey => ways[key] !== 'none')
const runSchema = v.pick(settingsSchema, runKeys as [RunKey, ...RunKey[]])

/** The settings of a run as a file can contain them. */
export interface WrittenRunSettings {
  /** Values that are not the defaults. */
  readonly values: Readonly<Record<string, unknown>>
  /** The names of settings that are code. */
  readonly code: readonly string[]
}

/** Returns the settings that a run depends on. */
export function writtenRunSettings(settings: Settings): WrittenRunSettings {
  const defaults = v.parse(settingsSchema, {})
  const values: Record<string, unknown> = {}
  const code: string[] = []
  for (const key of runKeys) {
    const value = writtenValue(key, settings)
    if (value === 'code') code.push(key)
    else if (JSON.stringify(value) !== JSON.stringify(writtenValue(key, defaults))) values[key] = value
  }
  return {values, code}
}

/** Returns a setting as a configuration has it, or `code`. */
function writtenValue(key: RunKey, settings: Settings): unknown {
  const way = ways[key]
  const value = settings[key]
  switch (way) {
    case 'value':
      return value
    case 'duration':
      return value === undefined ? undefined : `${Number(value)}ms`
    case 'policy':
      return {unknown: settings.policy.unknown, loss: settings.policy.loss}
    case 'value or code':
      return typeof value === 'function' ? 'code' : value
    case 'code':
      return value === undefined || (Array.isArray(value) && value.length === 0) ? undefined : 'code'
  }
}

/**
 * Returns settings with the defaults of all others.
 *
 * @param written the values in a bundle
 * @param given those of the caller, which take precedence
 * @throws MigError INVALID_CONFIG
 */
export function parseRunSettings(written: object, given: object): Settings {
  const merged = {...written, ...given}
  const parsed = v.safeParse(runSchema, merged)
  if (!parsed.success) throw new InvalidConfigError('`settings`', describeIssues(parsed.issues))
  return v.parse(settingsSchema, merged)
}
