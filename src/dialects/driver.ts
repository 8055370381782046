/** MikroORM options, as configured by the user. */
export type OrmOptions = Readonly<Record<string, unknown>>

/** A MikroORM driver. */
export interface DriverDefinition {
  /** Its name in MIKRO_ORM_TYPE and in URLs in messages. */
  readonly kind: string
  readonly package: string
  /** The name of its class. */
  readonly driver: string
  /** The schemes of its URLs, without colon. */
  readonly schemes: readonly string[]
  /** Whether a database is a file or folder. */
  readonly isFile: boolean
  /** Whether an open database excludes other processes. */
  readonly isExclusive: boolean
  /** The kind of a copy of a database: another one of its server, a file, or a folder; undefined without copies. */
  readonly snapshots?: 'database' | 'file' | 'folder'
  /** The package that connects, if rows can be read with it alone. */
  readonly client?: 'pg' | 'better-sqlite3'
  /** The names of the connection timeout in driver options and in URLs; undefined without a server. */
  readonly connectLimit?: {readonly option: string; readonly parameter: string}
  /**
   * Returns the MikroORM options for a URL.
   *
   * @param root the absolute path that relative paths are resolved from
   * @throws MigError INVALID_DATABASE_URL
   */
  readonly address: (url: string, root: string) => OrmOptions
}
