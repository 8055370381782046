import {hideInAddress, rememberAddress} from '../../util/secrets.ts'
import type {OrmOptions} from '../../dialects/driver.ts'
import {InvalidDatabaseUrlError} from '../../dialects/errors.ts'
import {driverOfUrl, drivers, schemes} from '../../dialects/drivers.ts'
import {UnknownDatabaseUrlError} from '../errors.ts'
import {importFrom} from './project-packages.ts'

/**
 * Returns the MikroORM options for a database URL.
 *
 * @param root the absolute path that packages and relative paths are resolved from
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
 * Refuses a URL with an unescaped `@` in its password: the rest of the password would be taken for a host, path or
 * parameter, and printed.
 *
 * @throws MigError INVALID_DATABASE_URL
 */
export function refuseMisread(url: string): void {
  rememberAddress(url)
  const read = driverOfUrl(url)?.isFile === false ? URL.parse(url) : null
  if (read === null) return
  // Without a user, a value with an @ is what follows a ? in a password, too.
  const isUser = read.username !== '' || read.searchParams.has('user')
  const rest = isUser ? [...read.searchParams.keys()] : [read.search]
  if ([read.pathname, read.hash, ...rest].some((part) => part.includes('@')))
    throw new InvalidDatabaseUrlError(url, 'there is an @ after the host; write %40 for an @ in user or password')
}

/**
 * Returns the driver for a database kind, as named in MIKRO_ORM_TYPE.
 *
 * @param needer the dependent named in messages
 * @throws MigError DRIVER_MISSING, UNKNOWN_DATABASE_URL
 */
export async function driverOf(kind: string, root: string, needer: string): Promise<unknown> {
  const known = drivers.find((driver) => driver.kind === kind)
  if (known === undefined)
    throw new UnknownDatabaseUrlError(
      `MIKRO_ORM_TYPE=${kind}`,
      drivers.map((driver) => driver.kind),
    )
  return (await importFrom(root, known.package, needer))[known.driver]
}
