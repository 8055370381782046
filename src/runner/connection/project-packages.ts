import {existsSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import {pathToFileURL} from 'node:url'
import type {SqlEntityManager} from '@mikro-orm/sql'
import {drivers} from '../../dialects/drivers.ts'
import {useMikroSqlAt, useMikroSqlOf} from '../../sql/mikro-sql.ts'
import {readRegularFile} from '../../util/regular-file.ts'
import {DriverMissingError, MikroOrmUnsupportedError} from '../errors.ts'

/** The oldest MikroORM that mig runs with, as in package.json. A newer major version may be anything. */
export const oldestMikroOrm = {major: 7, minor: 2} as const

/**
 * Imports the project's copy of a package of MikroORM, falling back to mig's own.
 *
 * @param needer the dependent named in messages
 * @throws MigError DRIVER_MISSING
 */
export async function importFrom(
  root: string,
  name: string,
  needer: string,
): Promise<Readonly<Record<string, unknown>>> {
  for (const from of [join(root, 'package.json'), import.meta.url]) {
    const path = resolveFrom(from, name)
    if (path !== undefined) return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>
  }
  throw new DriverMissingError(name, needer, {
    root,
    version: versionFrom(join(root, 'package.json'), '@mikro-orm/core'),
  })
}

/**
 * Checks the MikroORM of a project before any of it is loaded.
 *
 * @throws MigError DRIVER_MISSING, MIKRO_ORM_UNSUPPORTED
 */
export function checkMikroOrm(root: string): void {
  const version = versionFrom(join(root, 'package.json'), '@mikro-orm/core')
  if (version !== undefined && !isSupported(version)) throw new MikroOrmUnsupportedError(version)
  if (version === undefined && resolveFrom(import.meta.url, '@mikro-orm/core') === undefined)
    throw new DriverMissingError('@mikro-orm/core', 'mig', {root, version})
  useMikroSqlFrom(root)
}

function useMikroSqlFrom(root: string): void {
  const sql = sqlFrom(root)
  if (sql !== undefined) useMikroSqlAt(sql)
}

/** Returns the absolute path of `@mikro-orm/sql` in a project, where only a driver may depend on it. */
function sqlFrom(root: string): string | undefined {
  const from = join(root, 'package.json')
  const direct = resolveFrom(from, '@mikro-orm/sql')
  if (direct !== undefined) return direct
  for (const {package: name} of drivers) {
    const driver = resolveFrom(from, name)
    const found = driver === undefined ? undefined : resolveFrom(driver, '@mikro-orm/sql')
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Checks the MikroORM of an entity manager that the caller passed, and uses it for its database.
 *
 * @throws MigError MIKRO_ORM_UNSUPPORTED
 */
export function checkMikroOrmOf(em: SqlEntityManager, root: string): void {
  // In the bundle of an application, it is not installed.
  const installed = versionFrom(import.meta.url, '@mikro-orm/core')
  // Older versions run queries with Knex and have no such method, newer ones with Kysely.
  const connection: {readonly getClient?: unknown} = em.getDriver().getConnection()
  const isOld = typeof connection.getClient !== 'function'
  if (installed !== undefined && !isSupported(installed)) throw new MikroOrmUnsupportedError(installed)
  if (isOld) throw new MikroOrmUnsupportedError('6 or older')
  useMikroSqlOf(em)
  useMikroSqlFrom(root)
}

/** Whether a project can load a package. */
export function hasPackage(root: string, name: string): boolean {
  return resolveFrom(join(root, 'package.json'), name) !== undefined
}

function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major === oldestMikroOrm.major && minor >= oldestMikroOrm.minor
}

function resolveFrom(from: string, name: string): string | undefined {
  try {
    return createRequire(from).resolve(name)
  } catch {
    return undefined
  }
}

/**
 * Returns the version of a package, from the manifest above its entry.
 *
 * @param from the absolute path or the URL of the file that the package is resolved from
 */
function versionFrom(from: string, name: string): string | undefined {
  const entry = resolveFrom(from, name)
  for (let folder = entry; folder !== undefined && folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (!existsSync(manifest)) continue
    const {name: found, version} = JSON.parse(readRegularFile(manifest)) as {
      readonly name?: string
      readonly version?: string
    }
    if (found === name) return version
  }
  return undefined
}
