import type {CompareColumn, CustomComparator, Filters, ProcessDirectives, RenderItem} from './autogenerate.ts'
import type {AnyCustomDefinition} from '../operations/custom.ts'
import type {Hooks} from '../runner/lifecycle-hooks.ts'

/** Location of a MikroORM configuration: its file, unless MikroORM would find it, and the context in it. */
export type OrmPlace = Readonly<Partial<Record<'config' | 'context', string>>>

/**
 * A MikroORM configuration: the path of a file that exports one, its place, a URL of a database, options, or a function
 * that returns options. The options are MikroORM's own and checked by MikroORM.
 */
export type OrmSetting = string | Record<string, unknown> | ((...args: unknown[]) => unknown)

/** Seconds, or a text such as `500ms`, `10s` or `2min`. */
type Duration = number | string

/** Checks of the pre-commit and pre-push hooks. */
export const hookChecks = ['readable', 'graph', 'published', 'heads', 'headsFile'] as const

interface Policy {
  /** Allowed number of heads; default: no more than before. */
  heads?: 'one' | 'many' | undefined
  /** Branch labels that may have an additional head. */
  labels?: string[] | undefined
  /** Whether revisions that the upstream branch already has may be edited or deleted; default: `frozen`. */
  published?: 'frozen' | 'editable' | undefined
  /** Whether a database may have revisions that are missing from the files; default: `refuse`. */
  unknown?: 'refuse' | 'allow' | undefined
  /** The level of the finding for revisions of the two sides of a merge that collide; default: `warning`. */
  collisions?: 'error' | 'warning' | 'off' | undefined
  /** Whether an upgrade that loses data reports it, or asks first; default: `report`. */
  loss?: 'report' | 'ask' | undefined
  /** A file of one line with the heads, on which git itself finds a conflict. */
  headsFile?: string | undefined
}

interface AutogenerateSettings extends Pick<Filters, 'includeName' | 'includeObject'> {
  /** Tables and views that are compared, in which `*` matches anything; default: all. */
  include?: string[] | undefined
  /** Tables and views that are not compared. */
  exclude?: string[] | undefined
  compareType?: CompareColumn | undefined
  compareDefault?: CompareColumn | undefined
  renderItem?: RenderItem | undefined
  processRevisionDirectives?: ProcessDirectives | undefined
  /** mig's comparators by name, and whether they are used; or functions of the project. */
  comparators?: Record<string, boolean | CustomComparator> | undefined
}

interface GitHooks {
  /** Whether the hook after a checkout may query the database; default: `false`. */
  database?: boolean | undefined
  /** Checks that the pre-commit and pre-push hooks skip. */
  skip?: (typeof hookChecks)[number][] | undefined
}

interface Cache {
  /** The size of the databases that are kept for rehearsals, a text such as `500 MB`; default: `1 GB`. */
  maxSize?: number | string | undefined
}

interface PostWriteHook {
  /** The program and its arguments; `{file}` is the new file. */
  command: string[]
  /** Working directory; default: the folder of the configuration. */
  cwd?: string | undefined
}

/** Settings that may differ in each environment. All keys are optional. */
interface ConfiguredSettings extends Hooks {
  /** The database; default: the MikroORM configuration of the project, or else `pglite:.mig/pgdata`. */
  orm?: OrmSetting | undefined
  /** Several databases with one history, by name. */
  databases?: Record<string, {orm: OrmSetting}> | undefined
  /** The folder with the template, and with the revisions in `versions`; default: `migrations`. */
  scriptDirectory?: string | undefined
  /** Folders with revisions, instead of `versions`. */
  versionLocations?: string[] | undefined
  /** Whether subfolders are read, too; default: `false`. */
  recursiveVersionLocations?: boolean | undefined
  /** The name of a new file; default: `{revision}_{slug}`. */
  fileTemplate?: string | undefined
  /** The maximum length of the slug; default: 40. */
  truncateSlugLength?: number | undefined
  /** The time zone of dates in files and file names, an IANA name; default: `UTC`. */
  timezone?: string | undefined
  /** The table of the applied revisions; default: `mig_version`. */
  versionTable?: string | undefined
  /** The schema of both tables; default: the schema of the connection. */
  versionTableSchema?: string | undefined
  /** The table of the log; default: `mig_log`. */
  logTable?: string | undefined
  /** Schemas that each have tables and a version table of their own; databases on MySQL and MariaDB. */
  tenants?: string[] | (() => readonly string[] | Promise<readonly string[]>) | undefined
  /** Schemas after the tenant's own in the search path. */
  sharedSchemas?: string[] | undefined
  /** Programs to run on new revision files. */
  postWriteHooks?: PostWriteHook[] | undefined
  /** Whether revisions are in one transaction each, or all in one; default: `each`. */
  transaction?: 'each' | 'all' | undefined
  /** Timeout for connecting; default: `10s`. */
  connectTimeout?: Duration | undefined
  /** Timeout for waiting for another run; default: `60s`. */
  lockTimeout?: Duration | undefined
  /** A session lock, or a table row for connections through a pooler; default: `session`. */
  lock?: 'session' | 'table' | undefined
  /** Timeout for table locks, after which the revision is rolled back and retried; default: `10s`. */
  tableLockTimeout?: Duration | undefined
  /** The number of retries after a timeout of a table lock; default: 4. */
  lockRetries?: number | undefined
  /** Timeout of a statement; default: the setting of the database. */
  statementTimeout?: Duration | undefined
  /** Whether the SQL that reverts a revision is recorded in the version table; default: `true`. */
  recordDowngrade?: boolean | undefined
  /** Custom operations. */
  operations?: AnyCustomDefinition[] | undefined
  /** The team's policy. */
  policy?: Policy | undefined
  /** Settings of autogenerate. */
  autogenerate?: AutogenerateSettings | undefined
  gitHooks?: GitHooks | undefined
  /** Temporary PostgreSQL databases: in PGlite, on the configured server, or on the server of a URL. */
  scratch?: string | undefined
  /** Copies of databases that make rehearsals faster. */
  cache?: Cache | undefined
}

/** A configuration as written. */
export interface Config extends ConfiguredSettings {
  /** Settings by environment name, each replacing the whole key. */
  environments?: Record<string, ConfiguredSettings> | undefined
}

type WithDefaults<T, Keys extends keyof T> = Omit<T, Keys> & {readonly [Key in Keys]-?: NonNullable<T[Key]>}

type Timeout = 'connectTimeout' | 'lockTimeout' | 'tableLockTimeout'
type Section = 'policy' | 'autogenerate' | 'gitHooks' | 'cache'

/** A validated configuration for one environment, with defaults. */
export interface Settings extends Readonly<
  WithDefaults<
    Omit<ConfiguredSettings, Timeout | 'statementTimeout' | Section>,
    | 'scriptDirectory'
    | 'recursiveVersionLocations'
    | 'fileTemplate'
    | 'truncateSlugLength'
    | 'timezone'
    | 'versionTable'
    | 'logTable'
    | 'sharedSchemas'
    | 'postWriteHooks'
    | 'transaction'
    | 'lock'
    | 'lockRetries'
    | 'recordDowngrade'
    | 'operations'
  >
> {
  /** In milliseconds, as all timeouts. */
  readonly connectTimeout: number
  readonly lockTimeout: number
  readonly tableLockTimeout: number
  readonly statementTimeout?: number | undefined
  readonly policy: WithDefaults<Policy, 'labels' | 'published' | 'unknown' | 'collisions' | 'loss'>
  readonly autogenerate: WithDefaults<AutogenerateSettings, 'exclude' | 'comparators'>
  readonly gitHooks: WithDefaults<GitHooks, 'database' | 'skip'>
  /** In bytes. */
  readonly cache: {readonly maxSize: number}
}
