import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import type {Capabilities} from './capabilities.ts'
import type {DriverDefinition} from './driver.ts'
import type {FindOutside} from './outside.ts'
import type {SessionSql} from './session/session-sql.ts'
import type {StatementPart} from './statement-part.ts'

export const dialectNames = ['postgresql', 'sqlite', 'mariadb', 'mysql'] as const

/** The SQL dialects that mig supports. PGlite uses the PostgreSQL dialect, libSQL the SQLite dialect. */
export type Dialect = (typeof dialectNames)[number]

/** The database used if none is configured. */
export const defaultDatabase = 'pglite:.mig/pgdata'

/** The dialect of the default database, assumed if no database is known. */
export const defaultDialect: Dialect = 'postgresql'

/** Functions that quote names and values for SQL. */
export interface Quoting {
  readonly quote: (name: string) => string
  readonly literal: (value: string) => string
}

/** The name of a table, and of its schema if that is known. */
interface TableName {
  readonly schema: string | undefined
  readonly name: string
}

/** Statement timeouts in milliseconds; undefined for the setting of the database. */
export interface Timeouts {
  /** The timeout for a lock on a table or a row. */
  readonly tableLock: number | undefined
  readonly statement: number | undefined
}

/** SQL that sets timeouts for a whole session. */
export interface SessionTimeouts {
  readonly set: (timeouts: Timeouts) => readonly string[]
  /** A query for the current settings, as one row. */
  readonly read: string
  /** Restores the settings from that row. */
  readonly restore: (row: Readonly<Record<string, number | string>>) => readonly string[]
}

/** SQL about the sessions of a server. */
export interface ServerSessionSql {
  /** A query for the `id` of the session that runs it. */
  readonly id: string
  /** Cancels the statement of another session. */
  readonly cancel: (id: number) => string
  /** A query for whether another session is executing a statement, as `active`. */
  readonly active: (id: number) => string
}

/** SQL about tables without transactions. */
interface NonTransactionalSql {
  /** A query for their `name`. */
  readonly tables: string
  /** A query for views, triggers and routines: the `name` by which a statement uses them, and their `text`. */
  readonly dependents: string
  /** A query after a rollback for warnings, and the `Code` of the one that says that it was incomplete. */
  readonly warnings: {readonly query: string; readonly code: number}
}

/** SQL that begins transactions and sets their timeouts. */
interface TransactionSql {
  readonly begin: string
  /** Sets timeouts that end with the transaction. */
  readonly timeouts: (timeouts: Timeouts) => readonly string[]
  readonly sessionTimeouts: SessionTimeouts | undefined
  /** Sets the lock timeout of a session whose other timeouts are set in transactions. */
  readonly sessionLockTimeout?: {
    /** Returns a query that sets it, and returns its `former` value. */
    readonly set: (timeout: number) => string
    readonly restore: (former: string) => string
  }
  /**
   * A statement that fails in a transaction and does nothing else, and what undoes it outside of one; undefined if only
   * statements that mig refuses can end a transaction.
   */
  readonly probe: {readonly sql: string; readonly undo: readonly string[]} | undefined
  /** Undefined if all tables have transactions. */
  readonly nonTransactional: NonTransactionalSql | undefined
  /** An expression for the milliseconds since the transaction began. */
  readonly elapsed: string | undefined
}

/** Literals whose meaning depends on the mode of a session. */
interface ModalLiterals {
  /** A query for the mode. */
  readonly readMode: string
  /** Makes the literals of a platform right in this mode, or in every mode if it is not known. */
  readonly adapt: (platform: AbstractSqlPlatform, mode: string | undefined) => void
  /** Returns a statement with comments in the form that the database accepts, with statements around it if needed. */
  readonly withComments: (sql: string, platform: AbstractSqlPlatform) => readonly string[]
  /** Whether parameters that the driver writes into a statement would be wrong in the mode of the platform. */
  readonly writesParameters: (platform: AbstractSqlPlatform) => boolean
}

/** SQL for the tenants of a database. `names` are the tenant followed by shared schemas. */
export interface TenantSql {
  /** Whether names are also looked up in other schemas. */
  readonly hasSearchPath: boolean
  /** Returns a query for one row: whether the tenant is `found`, and the session's `former` schema. */
  readonly find: (tenant: string, quoting: Quoting) => string
  readonly create: (tenant: string, quoting: Quoting) => string
  /** @param isLocal whether the setting ends with the current transaction */
  readonly enter: (names: readonly string[], quoting: Quoting, isLocal: boolean) => string
  readonly leave: (former: string, quoting: Quoting, isLocal: boolean) => string
  /** Enters a tenant for the current transaction only; undefined if not supported. */
  readonly enterTransaction: ((names: readonly string[], quoting: Quoting) => string) | undefined
}

/** A condition that a script requires of the database. */
interface ScriptCondition {
  readonly condition: string
  /** A description of the required state. */
  readonly place: string
}

/** Script syntax of the database's command-line client. */
export interface ScriptSyntax {
  /** A client command to stop at the first error; undefined if the client stops by default. */
  readonly stopOnError: string | undefined
  /** Whether a statement can check the number of rows it changed. */
  readonly checksRows: boolean
  /** Whether a statement that contains semicolons needs another delimiter. */
  readonly needsDelimiter: boolean
  /** Returns statements that fail unless the condition is met. */
  readonly guard: (condition: ScriptCondition, quoting: Quoting) => readonly string[]
}

/** Databases of a server. */
export interface ServerDatabases {
  /** The database that every server has. */
  readonly maintenance: string
  /** Returns a statement that drops a database, if it exists and even if it is in use. */
  readonly drop: (quoted: string) => string
  /** A query for the `name` of each database, if statements can name another one than their own. */
  readonly names: string | undefined
  readonly outside: FindOutside
}

/** The way to create a temporary database. */
type ScratchDatabase =
  /** In memory, with a different driver; where a server of the project is asked for, on that. */
  | {readonly kind: 'driver'; readonly driver: string; readonly server: ServerDatabases}
  /** In memory, with the project's driver. */
  | {readonly kind: 'memory'; readonly outside: FindOutside}
  /** On the project's server, dropped afterwards. */
  | {readonly kind: 'server'; readonly server: ServerDatabases}

/** The properties of a dialect. */
export interface DialectDefinition {
  readonly name: Dialect
  /** The MikroORM drivers of the dialect, the default one first. */
  readonly drivers: readonly [DriverDefinition, ...DriverDefinition[]]
  /** The names of MikroORM's platform classes. */
  readonly platforms: readonly string[]
  /** A placeholder URL, used without a connection. */
  readonly offlineUrl: string
  /** A query that fails if the database is not usable. */
  readonly probe: string
  /** Undefined if the database runs in the process. */
  readonly sessions: ServerSessionSql | undefined
  readonly capabilities: Capabilities
  readonly transaction: TransactionSql
  /** Literals that depend on the mode of the session; undefined if they never do. */
  readonly literals: ModalLiterals | undefined
  readonly session: SessionSql
  /** The type of the run lock: an advisory lock, a named lock, or a row in a table. */
  readonly lock: 'advisory' | 'named' | 'row'
  /** Matches a statement without comments that releases all locks of a session; undefined without session locks. */
  readonly releasesLocks: RegExp | undefined
  /** Undefined if tenants are not supported. */
  readonly tenants: TenantSql | undefined
  readonly script: ScriptSyntax
  readonly scratch: ScratchDatabase
  /** Replacements for type names that the database does not support. */
  readonly types: Readonly<Record<string, string>>
  /** Type names for revision files, by their catalogue names. */
  readonly spellings: Readonly<Record<string, string>>
  /** Returns the type of an autoincrement column for revision files. */
  readonly counterType: (type: string) => string
  /** Returns a query for the number of rows of a table by the server's statistics, as `estimate`; undefined without any. */
  readonly rowEstimate: ((table: TableName, quoting: Quoting) => string) | undefined
  /** Returns an expression in the syntax of a column default. */
  readonly defaultExpression: (sql: string) => string
  /**
   * Splits a text into statements.
   *
   * @param isFile whether the text is a file, which may use MySQL's `DELIMITER`; for MySQL, any other text is a single
   *   statement
   * @param platform the platform of the session, for the `sql_mode` of MySQL
   */
  readonly split: (text: string, isFile: boolean, platform?: AbstractSqlPlatform) => Promise<readonly StatementPart[]>
  /** Returns a statement without comments and needless white space, to be compared. */
  readonly condense: (sql: string) => Promise<string>
}
