import * as v from 'valibot'
import {unknownTokens} from '../script/file-name.ts'
import {didYouMean, listOf} from '../util/text.ts'
import {isTimeZone} from '../util/zoned-time.ts'

const text = v.pipe(v.string(), v.nonEmpty('it is empty'))
const identifier = v.pipe(text, v.regex(/^[\p{L}_][\p{L}\p{N}_$]*$/u, 'it is no plain SQL name'))

/**
 * A MikroORM configuration: the path of a file that exports one, a URL of a database, or options.
 *
 * Options are MikroORM's own and checked by MikroORM, as far as they are.
 */
const orm = v.union(
  [text, v.record(v.string(), v.unknown()), v.function()],
  'it must be a path, a URL or the options of MikroORM',
)

/** What the hooks before a commit and a push look at. */
const hookChecks = ['readable', 'graph', 'published', 'heads', 'headsFile'] as const

const hook = v.strictObject({
  /** The program and its arguments; `{file}` is the new file. */
  command: v.pipe(v.array(text), v.nonEmpty('it names no program')),
  /** Where it runs; the folder of the configuration when left out. */
  cwd: v.optional(text),
})

const policy = v.strictObject({
  /** How many heads there may be; left out, not more than there were. */
  heads: v.optional(v.picklist(['one', 'many'], "it must be 'one' or 'many'")),
  /** Branch labels that may have a head of their own beside it. */
  labels: v.optional(v.array(text), []),
  /** Whether a revision may be edited or deleted that others have already. */
  published: v.optional(v.picklist(['frozen', 'editable'], "it must be 'frozen' or 'editable'"), 'frozen'),
  /** A file of one line with the heads, on which git itself finds a conflict. */
  headsFile: v.optional(text),
})

const gitHooks = v.strictObject({
  /** Whether the hook after a checkout may ask the database what is applied. */
  database: v.optional(v.boolean(), false),
  /** What the hooks before a commit and a push do not look at. */
  skip: v.optional(v.array(v.picklist(hookChecks, `it must be one of ${hookChecks.join(', ')}`)), []),
})

const settings = {
  orm: v.optional(orm),
  databases: v.optional(v.record(text, v.strictObject({orm}))),
  scriptDirectory: v.optional(text, 'migrations'),
  versionLocations: v.optional(v.pipe(v.array(text), v.nonEmpty('it names no folder'))),
  recursiveVersionLocations: v.optional(v.boolean(), false),
  fileTemplate: v.optional(
    v.pipe(
      text,
      v.includes('{revision}', 'it must contain {revision}, or two files could have one name'),
      v.check(
        (template) => unknownTokens(template).length === 0,
        (issue) => `there is no token {${unknownTokens(issue.input)[0]}}`,
      ),
    ),
    '{revision}_{slug}',
  ),
  truncateSlugLength: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 40),
  timezone: v.optional(v.pipe(text, v.check(isTimeZone, 'it is no time zone: say one like Europe/Berlin')), 'UTC'),
  versionTable: v.optional(identifier, 'mig_version'),
  versionTableSchema: v.optional(identifier),
  logTable: v.optional(identifier, 'mig_log'),
  postWriteHooks: v.optional(v.array(hook), []),
  policy: v.optional(policy, {}),
  gitHooks: v.optional(gitHooks, {}),
}

/** What a configuration may say, at the top or in an environment. */
export const settingsSchema = v.strictObject(settings)

/** What a configuration says, with `environments` that say part of it otherwise. */
export const configSchema = v.strictObject({
  ...settings,
  environments: v.optional(v.record(text, settingsSchema), {}),
})

/** A configuration as it is written: everything may be left out. */
export type Config = v.InferInput<typeof configSchema>
/** A configuration that was checked, with defaults filled in, for one environment. */
export type Settings = v.InferOutput<typeof settingsSchema>
export type OrmSetting = v.InferOutput<typeof orm>

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  Array: 'an array',
  Object: 'an object',
}

/** Returns what is wrong with a configuration, one sentence an issue, each with the path of the key. */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return issues.map((issue) => {
    const path = v.getDotPath(issue)
    if (path === null) return `it must be an object, or a function that returns one`
    if (issue.type === 'strict_object' && issue.expected === 'never') {
      const keys = path.startsWith('environments.') ? Object.keys(settings) : Object.keys(configSchema.entries)
      return `there is no key ${path}. ${didYouMean(path.split('.').at(-1) ?? '', keys, `Known keys are ${listOf(keys)}.`)}`
    }
    const isOwnMessage = issue.kind === 'validation' || issue.type === 'union'
    return isOwnMessage
      ? `${path} is wrong: ${issue.message}`
      : `${path} must be ${kinds[issue.expected ?? ''] ?? issue.expected}, but is ${issue.received}`
  })
}
