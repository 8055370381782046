import type {Query} from '../snapshot.ts'

/** The current database of a server, with everything that depends on the server's flavour. */
export interface Server {
  readonly query: Query
  readonly database: string
  /** The default collation of the database. */
  readonly collation: string
  /** Whether constraints know their tables, and sequences and ignored indexes exist. */
  readonly isMariadb: boolean
}

/** Returns a description of the current database; undefined if none is chosen. */
export async function describeServer(query: Query): Promise<Server | undefined> {
  const [row] = await query<{readonly version: string; readonly database: string; readonly collation: string}>(
    `select version() as \`version\`, schema_name as \`database\`, default_collation_name as \`collation\`
     from information_schema.schemata where schema_name = database()`,
  )
  if (row === undefined) return undefined
  const {version, database, collation} = row
  const isMariadb = /mariadb/i.test(version)
  return {database, collation, isMariadb, query: isMariadb ? inDefaultMode(query) : query}
}

/** MariaDB prints expressions in the SQL mode of the session: with ANSI_QUOTES, names are in double quotes. */
function inDefaultMode(query: Query): Query {
  return async (sql) => query(`set statement sql_mode = '' for ${sql}`)
}

/** Returns a property that is set or missing. */
export function flag(isSet: boolean): 'true' | null {
  return isSet ? 'true' : null
}

/** Returns a text, or null for an empty one. */
export function textOf(value: string | null): string | null {
  return value === '' ? null : value
}

/** Returns a quoted name. */
export function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

/** Returns names as a list, with quotes where they are needed. */
export function listOfNames(names: readonly string[]): string {
  return names.map((name) => (/^[\w$]+$/.test(name) ? name : quoted(name))).join(', ')
}
