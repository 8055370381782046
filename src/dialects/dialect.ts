import type {Capabilities} from './capabilities.ts'
import type {DriverDefinition} from './driver.ts'
import type {StatementPart} from './statement-part.ts'

export const dialectNames = ['postgresql', 'sqlite', 'mariadb', 'mysql'] as const

/** The databases that mig supports, by the SQL that they understand. PGlite understands PostgreSQL's, libSQL SQLite's. */
export type Dialect = (typeof dialectNames)[number]

/** Where data is kept unless a database is configured. */
export const defaultDatabase = 'pglite:.mig/pgdata'

/** The dialect of the default database, which is assumed where no database is known. */
export const defaultDialect: Dialect = 'postgresql'

/** Writes names and values into SQL. */
export interface Quoting {
  readonly quote: (name: string) => string
  readonly literal: (value: string) => string
}

/** How long statements may take, in milliseconds; undefined for the setting of the database. */
export interface Timeouts {
  /** How long they wait for a lock on a table or a row. */
  readonly tableLock: number | undefined
  readonly statement: number | undefined
}

/** SQL that sets timeouts for a whole session. */
export interface SessionTimeouts {
  readonly set: (timeouts: Timeouts) => readonly string[]
  /** Reads the present settings, as one row. */
  readonly read: string
  /** Restores the settings from that row. */
  readonly restore: (row: Readonly<Record<string, number | string>>) => readonly string[]
}

/** SQL that begins transactions, and limits what runs in them. */
interface TransactionSql {
  readonly begin: string
  /** Sets timeouts that end with the transaction. */
  readonly timeouts: (timeouts: Timeouts) => readonly string[]
  readonly sessionTimeouts: SessionTimeouts | undefined
  /** An expression for the milliseconds since the transaction began. */
  readonly elapsed: string | undefined
}

/** SQL for one of many tenants in a database. `names` begin with the tenant; shared schemas follow. */
export interface TenantSql {
  /** Whether names that the tenant does not have are looked up in other schemas. */
  readonly hasSearchPath: boolean
  /** Returns one row: whether the tenant is `found`, and the `former` place of the session. */
  readonly find: (tenant: string, quoting: Quoting) => string
  readonly create: (tenant: string, quoting: Quoting) => string
  /** @param isLocal whether the setting ends with the present transaction */
  readonly enter: (names: readonly string[], quoting: Quoting, isLocal: boolean) => string
  readonly leave: (former: string, quoting: Quoting, isLocal: boolean) => string
  /** Enters a tenant for the present transaction only, where that is possible. */
  readonly enterTransaction: ((names: readonly string[], quoting: Quoting) => string) | undefined
}

/** A condition that a database must meet, for a script. */
interface ScriptCondition {
  readonly condition: string
  /** Where the database must be, in words. */
  readonly place: string
}

/** Syntax of scripts for the command-line client of the database. */
export interface ScriptSyntax {
  /** A command that makes the client stop at the first error, and whether a script of transactions alone can do without it. */
  readonly stopOnError: {readonly command: string; readonly isForTransactions: boolean} | undefined
  /** Whether a statement can check by itself how many rows it has changed. */
  readonly checksRows: boolean
  /** Whether a statement that contains semicolons needs another delimiter. */
  readonly needsDelimiter: boolean
  /** Returns statements that fail unless the condition is met. */
  readonly guard: (condition: ScriptCondition, quoting: Quoting) => readonly string[]
}

/** How an empty database for one run is made. */
type ScratchDatabase =
  /** With another driver, in the memory of this process. */
  | {readonly kind: 'driver'; readonly driver: string}
  /** With the driver of the project, in the memory of this process. */
  | {readonly kind: 'memory'}
  /** As a database beside the project's, which is dropped afterwards. */
  | {readonly kind: 'server'}

/** What mig has to know of a database. */
export interface DialectDefinition {
  readonly name: Dialect
  /** The drivers of MikroORM that speak it, the usual one first. */
  readonly drivers: readonly [DriverDefinition, ...DriverDefinition[]]
  /** Names of MikroORM's platform classes. */
  readonly platforms: readonly string[]
  /** A URL that stands for any database where none is connected to. */
  readonly offlineUrl: string
  /** A query that fails when the database cannot be used. */
  readonly probe: string
  /** A query for the `id` by which a second session can cancel the statement of this one. */
  readonly sessionId: string | undefined
  readonly capabilities: Capabilities
  readonly transaction: TransactionSql
  /** Which lock a run takes: an advisory or a named one of the session, or a row of a table. */
  readonly lock: 'advisory' | 'named' | 'row'
  /** Undefined where a database has no schemas that tenants could have. */
  readonly tenants: TenantSql | undefined
  readonly script: ScriptSyntax
  readonly scratch: ScratchDatabase
  /** The nearest types of the database, by the names that it does not know. */
  readonly types: Readonly<Record<string, string>>
  /** The names of revision files for types, by those of the catalogue. */
  readonly spellings: Readonly<Record<string, string>>
  /** Returns the type of a column that counts rows, as revision files have it. */
  readonly counterType: (type: string) => string
  /** Returns an expression in the form that a column default needs. */
  readonly defaultExpression: (sql: string) => string
  /**
   * Divides a text into statements.
   *
   * @param isFile whether the text is a file, in which MySQL's `DELIMITER` says where a routine ends; any other text for
   *   MySQL is one statement, since only its author knows
   */
  readonly split: (text: string, isFile: boolean) => Promise<readonly StatementPart[]>
}
