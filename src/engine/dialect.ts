import {databasesOf} from '../config/database.ts'
import type {ConfiguredDatabase} from '../config/database.ts'
import type {Dialect} from '../operations/operation.ts'
import type {Project} from './project.ts'

/** A database by its name, where there are several, and its language. */
export interface DatabaseDialect {
  readonly name: string | undefined
  readonly dialect: Dialect
}

/** Returns the languages of the databases of a project, without connecting to any. */
export async function dialectsOf({settings, root}: Project): Promise<readonly DatabaseDialect[]> {
  const databases = await databasesOf(settings, root, process.env)
  return databases.map((database) => ({name: database.name, dialect: dialectOf(database)}))
}

/** Languages by what schemes of URLs and names of MikroORM's drivers begin with; PGlite speaks PostgreSQL's. */
const known: readonly (readonly [start: string, dialect: Dialect])[] = [
  ['mariadb', 'mariadb'],
  ['mysql', 'mysql'],
  ['sqlite', 'sqlite'],
  ['file', 'sqlite'],
  ['nodesqlite', 'sqlite'],
  ['libsql', 'sqlite'],
]

function dialectOf(database: ConfiguredDatabase): Dialect {
  const name = nameOf(database).toLowerCase()
  return known.find(([start]) => name.startsWith(start))?.[1] ?? 'postgresql'
}

function nameOf(database: ConfiguredDatabase): string {
  if (database.url !== undefined) return database.url
  const {driver, clientUrl} = database.kind === 'options' ? database.options : {}
  if (typeof driver === 'function') return driver.name
  return typeof clientUrl === 'string' ? clientUrl : ''
}
