import * as v from 'valibot'
import type {CompareColumn, CustomComparator, Filters, ProcessDirectives, RenderItem} from './autogenerate.ts'
import {hookChecks} from './config.ts'
import type {Config, Settings} from './config.ts'
import type {AnyCustomDefinition} from '../operations/custom.ts'
import {scratchPlaces} from '../dialects/scratch-places.ts'
import {projectFunction} from '../project-code.ts'
import type {Hooks} from '../runner/lifecycle-hooks.ts'
import {unknownTokens} from '../script/file-name.ts'
import {parseDuration} from '../util/duration.ts'
import {hideInAddress} from '../util/secrets.ts'
import {didYouMean, listOf} from '../util/text.ts'
import {isTimeZone} from '../util/zoned-time.ts'

const positive = 'must be a positive integer'
const notNegative = 'must be 0 or a positive integer'
const text = v.pipe(v.string(), v.nonEmpty('must not be empty'))
const identifier = v.pipe(text, v.regex(/^[\p{L}_][\p{L}\p{N}_$]*$/u, 'must be a plain SQL name'))

const orm = v.union(
  [text, v.record(v.string(), v.unknown()), v.function()],
  'must be a path, a URL or the options of MikroORM',
)

const isFunction = (value: unknown): boolean => typeof value === 'function'

/** A number of seconds, or a text such as `500ms`, `10s` or `2min`; milliseconds when it was checked. */
const duration = v.pipe(
  v.union([v.number(), v.string()], 'must be a duration such as 500ms, 10s or 2min'),
  v.check((value) => parseDuration(value) !== undefined, 'must be a duration such as 500ms, 10s or 2min'),
  v.transform((value) => parseDuration(value) ?? 0),
)

/** @param _name for the type alone */
function hookOf<Name extends keyof Hooks>(
  _name: Name,
): v.OptionalSchema<v.GenericSchema<NonNullable<Hooks[Name]>>, undefined> {
  return v.optional(v.custom<NonNullable<Hooks[Name]>>(isFunction, 'must be a function'))
}

const postWriteHook = v.strictObject({
  /** The program and its arguments; `{file}` is the new file. */
  command: v.pipe(v.array(text), v.nonEmpty('must name a program')),
  /** Working directory; default: the folder of the configuration. */
  cwd: v.optional(text),
})

/** A custom operation: what it must have is checked where operations are. */
const customOperation = v.custom<AnyCustomDefinition>(
  (value) => typeof value === 'object' && value !== null && 'kind' in value && 'sql' in value,
  'must be created with defineOperation',
)

/** A function of the project, with errors that name it. */
function functionOf<T extends (...args: never[]) => unknown>(
  name: string,
): v.OptionalSchema<v.GenericSchema<T>, undefined> {
  const isOne = v.custom<T>(isFunction, 'must be a function')
  return v.optional(
    v.pipe(
      isOne,
      v.transform((run) => projectFunction(`\`autogenerate.${name}\``, run) as T),
    ),
  )
}

function namedComparator([name, comparator]: [string, boolean | CustomComparator]): [
  string,
  boolean | CustomComparator,
] {
  if (typeof comparator === 'boolean') return [name, comparator]
  return [name, projectFunction(`\`autogenerate.comparators.${name}\``, comparator)]
}

const autogenerate = v.strictObject({
  /** Tables and views that are compared; `*` is anything. */
  include: v.optional(v.array(text)),
  /** Tables and views that are not. */
  exclude: v.optional(v.array(text), []),
  includeName: functionOf<NonNullable<Filters['includeName']>>('includeName'),
  includeObject: functionOf<NonNullable<Filters['includeObject']>>('includeObject'),
  compareType: functionOf<CompareColumn>('compareType'),
  compareDefault: functionOf<CompareColumn>('compareDefault'),
  renderItem: functionOf<RenderItem>('renderItem'),
  processRevisionDirectives: functionOf<ProcessDirectives>('processRevisionDirectives'),
  /** Comparators of mig's own by their names, and whether they are asked; or functions of the project's own. */
  comparators: v.optional(
    v.pipe(
      v.record(
        text,
        v.union([v.boolean(), v.custom<CustomComparator>(isFunction)], 'must be true, false or a function'),
      ),
      v.transform((comparators) => Object.fromEntries(Object.entries(comparators).map(namedComparator))),
    ),
    {},
  ),
})

const policy = v.strictObject({
  /** Allowed number of heads; default: no more than before. */
  heads: v.optional(v.picklist(['one', 'many'], "must be 'one' or 'many'")),
  /** Branch labels that may have a head of their own beside it. */
  labels: v.optional(v.array(text), []),
  /** Whether a revision may be edited or deleted that others have already. */
  published: v.optional(v.picklist(['frozen', 'editable'], "must be 'frozen' or 'editable'"), 'frozen'),
  /** Whether revisions of both sides of a merge that collide are an error, also where it cannot be told. */
  collisions: v.optional(v.picklist(['error', 'warning', 'off'], "must be 'error', 'warning' or 'off'"), 'warning'),
  /** Whether the database may have revisions that are missing from the files, as after a release was rolled back. */
  unknown: v.optional(v.picklist(['refuse', 'allow'], "must be 'refuse' or 'allow'"), 'refuse'),
  /** Whether an upgrade that loses data reports it, or asks first. */
  loss: v.optional(v.picklist(['report', 'ask'], "must be 'report' or 'ask'"), 'report'),
  /** A file of one line with the heads, on which git itself finds a conflict. */
  headsFile: v.optional(text),
})

const gitHooks = v.strictObject({
  /** Whether the hook after a checkout may ask the database what is applied. */
  database: v.optional(v.boolean(), false),
  /** Checks that the pre-commit and pre-push hooks skip. */
  skip: v.optional(v.array(v.picklist(hookChecks, `must be one of ${hookChecks.join(', ')}`)), []),
})

const scratch = v.pipe(
  text,
  v.check(
    (value) => scratchPlaces.some((name) => name === value) || /^[a-z][a-z+.-]*:/i.test(value),
    `must be ${scratchPlaces.map((name) => `'${name}'`).join(', ')} or the URL of a database`,
  ),
)

const sizeText = 'must be a size such as 500 MB'
const units = {b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12} as const

/** Returns a number of bytes; undefined for a text that is no size. */
function bytesOf(size: number | string): number | undefined {
  if (typeof size === 'number') return size >= 0 ? size : undefined
  const {number = '', unit = 'b'} = /^(?<number>\d+(?:\.\d+)?)\s*(?<unit>[kmgt]?b)?$/i.exec(size.trim())?.groups ?? {}
  return number === '' ? undefined : Number(number) * units[unit.toLowerCase() as keyof typeof units]
}

const cache = v.strictObject({
  /** Size of the databases that are kept for rehearsals. */
  maxSize: v.optional(
    v.pipe(
      v.union([v.number(), v.string()], sizeText),
      v.check((value) => bytesOf(value) !== undefined, sizeText),
      v.transform((value) => bytesOf(value) ?? 0),
    ),
    '1 GB',
  ),
})

const settings = {
  orm: v.optional(orm),
  databases: v.optional(v.record(text, v.strictObject({orm}))),
  scriptDirectory: v.optional(text, 'migrations'),
  versionLocations: v.optional(v.pipe(v.array(text), v.nonEmpty('must name a folder'))),
  recursiveVersionLocations: v.optional(v.boolean(), false),
  fileTemplate: v.optional(
    v.pipe(
      text,
      v.includes('{revision}', 'must contain {revision}, so that file names are unique'),
      v.check(
        (template) => unknownTokens(template).length === 0,
        (issue) => `has the unknown token {${unknownTokens(issue.input)[0]}}`,
      ),
    ),
    '{revision}_{slug}',
  ),
  truncateSlugLength: v.optional(v.pipe(v.number(), v.integer(positive), v.minValue(1, positive)), 40),
  timezone: v.optional(v.pipe(text, v.check(isTimeZone, 'must be a time zone such as Europe/Berlin')), 'UTC'),
  versionTable: v.optional(identifier, 'mig_version'),
  versionTableSchema: v.optional(identifier),
  logTable: v.optional(identifier, 'mig_log'),
  /** Schemas that each have tables and a version table of their own; databases on MySQL and MariaDB. */
  tenants: v.optional(
    v.union(
      [v.array(text), v.custom<() => readonly string[] | Promise<readonly string[]>>(isFunction)],
      'must be names, or a function that returns them',
    ),
  ),
  /** Schemas after the tenant's own in the search path. */
  sharedSchemas: v.optional(v.array(text), []),
  postWriteHooks: v.optional(v.array(postWriteHook), []),
  /** Whether revisions are in one transaction each, or all in one. */
  transaction: v.optional(v.picklist(['each', 'all'], "must be 'each' or 'all'"), 'each'),
  /** Timeout for connecting. */
  connectTimeout: v.optional(duration, '10s'),
  /** Timeout for waiting for another run. */
  lockTimeout: v.optional(duration, '60s'),
  /** Kind of lock: a session lock, or a table row for connections through a pooler. */
  lock: v.optional(v.picklist(['session', 'table'], "must be 'session' or 'table'"), 'session'),
  /** Timeout for table locks. */
  tableLockTimeout: v.optional(duration, '10s'),
  /** Number of retries after a lock timeout. */
  lockRetries: v.optional(v.pipe(v.number(), v.integer(notNegative), v.minValue(0, notNegative)), 4),
  /** Statement timeout. */
  statementTimeout: v.optional(duration),
  /** Whether the downgrade SQL of a revision is recorded in the version table. */
  recordDowngrade: v.optional(v.boolean('must be true or false'), true),
  beforeRun: hookOf('beforeRun'),
  onVersionApply: hookOf('onVersionApply'),
  afterEach: hookOf('afterEach'),
  afterRun: hookOf('afterRun'),
  operations: v.optional(v.array(customOperation), []),
  policy: v.optional(policy, {}),
  /** Autogenerate settings. */
  autogenerate: v.optional(autogenerate, {}),
  gitHooks: v.optional(gitHooks, {}),
  scratch: v.optional(scratch),
  cache: v.optional(cache, {}),
}

/** Settings allowed at the top level and in environments. */
export const settingsSchema = v.strictObject(settings)

const mergeSettings = v.object({
  policy: settings.policy,
  scriptDirectory: settings.scriptDirectory,
  versionLocations: settings.versionLocations,
  recursiveVersionLocations: settings.recursiveVersionLocations,
})

/** Checks settings that were read from the text of a configuration. */
export function parseSettings(written: object): {readonly settings: Settings} | {readonly issues: readonly string[]} {
  const parsed = v.safeParse(settingsSchema, written)
  return parsed.success ? {settings: parsed.output} : {issues: describeIssues(parsed.issues)}
}

/** Returns the settings that decide on a merge, with their defaults, or what is wrong with them. */
export function parseMergeSettings(
  written: object,
): {readonly settings: v.InferOutput<typeof mergeSettings>} | {readonly issues: readonly string[]} {
  const parsed = v.safeParse(mergeSettings, written)
  return parsed.success ? {settings: parsed.output} : {issues: describeIssues(parsed.issues)}
}

/** A configuration with `environments` that override parts of it. */
export const configSchema = v.strictObject({
  ...settings,
  environments: v.optional(v.record(text, settingsSchema), {}),
})

type Same<One, Other> = [One, Keys<One>] extends [Other, Keys<Other>]
  ? [Other, Keys<Other>] extends [One, Keys<One>]
    ? true
    : false
  : false
/** The keys of a configuration and of its sections: optional ones may be missing from types that are assignable. */
type Keys<T> =
  T extends Pick<Config, Section> ? readonly [keyof T, {readonly [Key in Section]: keyof NonNullable<T[Key]>}] : never
type Section = 'policy' | 'autogenerate' | 'gitHooks'

// The types are written by hand, so that a project needs no library to read them.
true satisfies Same<v.InferInput<typeof configSchema>, Config>
true satisfies Same<v.InferOutput<typeof settingsSchema>, Settings>

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  Array: 'an array',
  Object: 'an object',
}

/** Returns the issues of a configuration, one sentence each, with the path of the key. */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return issues.map((issue) => {
    const path = v.getDotPath(issue)
    if (path === null) return 'its default export must be an object, or a function that returns one'
    if (issue.type === 'strict_object' && issue.expected === 'never') {
      if (/^(?!environments\.[^.]+\.[^.]+$).*\./.test(path)) return `unknown key ${path}`
      const keys = path.startsWith('environments.') ? Object.keys(settings) : Object.keys(configSchema.entries)
      return `unknown key ${path}. ${didYouMean(path.split('.').at(-1) ?? '', keys, `Known keys are ${listOf(keys)}.`)}`
    }
    if (issue.type === 'strict_object' && issue.received === 'undefined') return `${path} is missing`
    const isOwnMessage = issue.kind === 'validation' || ['union', 'picklist', 'custom'].includes(issue.type)
    return isOwnMessage
      ? `${path} ${issue.message}`
      : `${path} must be ${kinds[issue.expected ?? ''] ?? issue.expected}, but is ${hideInAddress(issue.received)}`
  })
}
