import {createRequire} from 'node:module'
import {join} from 'node:path'
import {pathToFileURL} from 'node:url'
import {hideInAddress, rememberAddress} from '../../util/secrets.ts'
import type {OrmOptions} from '../../dialects/driver.ts'
import {InvalidDatabaseUrlError} from '../../dialects/errors.ts'
import {driverOfUrl, drivers, schemes} from '../../dialects/drivers.ts'
import {DriverMissingError, UnknownDatabaseUrlError} from '../errors.ts'

/**
 * Returns the options that make MikroORM connect to a URL.
 *
 * @param root the absolute path that packages and relative paths are found from
 * @throws MigError DRIVER_MISSING, UNKNOWN_DATABASE_URL, INVALID_DATABASE_URL
 */
export async function connectionOf(url: string, root: string): Promise<OrmOptions> {
  refuseMisread(url)
  const definition = driverOfUrl(url)
  if (definition === undefined)
    throw new UnknownDatabaseUrlError(
      url,
      schemes.map((scheme) => `${scheme}:`),
    )
  const {package: packageName, driver, address} = definition
  const options = address(url, root)
  const module = await importFrom(root, packageName, hideInAddress(url))
  return {driver: module[driver], ...options}
}

/**
 * Refuses a URL whose password ends in what is read as host, path or parameter: it would be a name that is printed.
 *
 * @throws MigError INVALID_DATABASE_URL
 */
export function refuseMisread(url: string): void {
  rememberAddress(url)
  const read = driverOfUrl(url)?.isFile === false ? URL.parse(url) : null
  if (read === null) return
  if ([read.pathname, read.hash, ...read.searchParams.keys()].some((part) => part.includes('@')))
    throw new InvalidDatabaseUrlError(url, 'there is an @ behind the host; in user or password it is written as %40')
}

/**
 * Returns the driver of a kind of database, as MIKRO_ORM_TYPE names it.
 *
 * @param needer what messages say needs it
 * @throws MigError DRIVER_MISSING, UNKNOWN_DATABASE_URL
 */
export async function driverOf(kind: string, root: string, needer: string): Promise<unknown> {
  const known = drivers.find((one) => one.kind === kind)
  if (known === undefined)
    throw new UnknownDatabaseUrlError(
      `MIKRO_ORM_TYPE=${kind}`,
      drivers.map((one) => one.kind),
    )
  return (await importFrom(root, known.package, needer))[known.driver]
}

/** Imports a package as the project would, or mig's own copy where the project has none. */
export async function importFrom(
  root: string,
  name: string,
  needer: string,
): Promise<Readonly<Record<string, unknown>>> {
  for (const from of [join(root, 'package.json'), import.meta.url]) {
    const path = resolveFrom(from, name)
    if (path !== undefined) return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>
  }
  throw new DriverMissingError(name, needer)
}

function resolveFrom(from: string, name: string): string | undefined {
  try {
    return createRequire(from).resolve(name)
  } catch {
    return undefined
  }
}
