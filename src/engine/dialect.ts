import {databasesOf} from '../config/database.ts'
import {writtenDialects} from '../config/written-dialects.ts'
import type {ConfiguredDatabase} from '../config/database.ts'
import {defaultDialect} from '../dialects/dialect.ts'
import type {Dialect} from '../dialects/dialect.ts'
import {driverOfClass, driverOfUrl} from '../dialects/drivers.ts'
import type {KnownDriver} from '../dialects/drivers.ts'
import type {Project} from './project.ts'

/** The dialect of a database, with its name if there are several databases. */
export interface DatabaseDialect {
  readonly name: string | undefined
  readonly dialect: Dialect
}

/** Returns the dialects of a project's databases without connecting to them. */
export async function dialectsOf({settings, root}: Project): Promise<readonly DatabaseDialect[]> {
  const databases = await databasesOf(settings, root, process.env)
  return databases.map((database) => ({name: database.name, dialect: dialectOf(database)}))
}

/** Returns the dialects of a project's databases as its files tell them, without loading MikroORM. */
export async function knownDialects({
  settings,
  configPlace,
  root,
  chosen,
}: Pick<Project, 'settings' | 'configPlace' | 'root' | 'chosen'>): Promise<readonly [Dialect, ...Dialect[]]> {
  return writtenDialects({settings, place: configPlace, root, environment: chosen.environment}, process.env)
}

function dialectOf(database: ConfiguredDatabase): Dialect {
  return driverOf(database)?.dialect ?? defaultDialect
}

function driverOf(database: ConfiguredDatabase): KnownDriver | undefined {
  if (database.url !== undefined) return driverOfUrl(database.url)
  const {driver, clientUrl} = database.kind === 'options' ? database.options : {}
  if (typeof driver === 'function') return driverOfClass(driver)
  return typeof clientUrl === 'string' ? driverOfUrl(clientUrl) : undefined
}
