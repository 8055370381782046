/** Options of MikroORM, as the user writes them. */
export type OrmOptions = Readonly<Record<string, unknown>>

/** A driver of MikroORM. */
export interface DriverDefinition {
  /** Its name in MIKRO_ORM_TYPE, and in the URLs that messages show. */
  readonly kind: string
  readonly package: string
  /** The name of its class. */
  readonly driver: string
  /** The schemes of its URLs, without colon. */
  readonly schemes: readonly string[]
  /** Whether a database is a file or folder, and not on a server. */
  readonly isFile: boolean
  /** Whether an open database keeps out every other process. */
  readonly isExclusive: boolean
  /** The names of the connect timeout in its options and in the parameters of a URL; undefined without a server. */
  readonly connectLimit?: {readonly option: string; readonly parameter: string}
  /**
   * Returns the options that make MikroORM connect to a URL.
   *
   * @param root the absolute path that relative paths are found from
   * @throws MigError INVALID_DATABASE_URL
   */
  readonly address: (url: string, root: string) => OrmOptions
}
