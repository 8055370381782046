import type {OrmOptions} from '../../dialects/driver.ts'
import {driverOfClass} from '../../dialects/drivers.ts'

/** The limit on the time to connect. */
export interface ConnectLimit {
  /** In milliseconds; 0 for no limit. */
  readonly timeout: number
  /** The setting that holds the limit, used in messages. */
  readonly setting: string
}

/**
 * Returns the connection timeout for MikroORM options, and the options with that timeout passed to the driver, which
 * closes the socket when it expires. A timeout in the options takes precedence; file databases have none.
 *
 * @param timeout the default limit, in milliseconds
 */
export function withConnectLimit(
  options: OrmOptions,
  timeout: number,
): {readonly options: OrmOptions; readonly limit: ConnectLimit} {
  const names = driverOfClass(options['driver'])?.connectLimit
  const setting = '`connectTimeout` in the configuration'
  if (names === undefined) return {options, limit: {timeout: 0, setting}}
  const {option, parameter} = names
  const {driverOptions = {}} = options
  const limited = (given: unknown): unknown => (isPlain(given) ? {[option]: timeout, ...given} : given)
  const own = isPlain(driverOptions) ? driverOptions[option] : undefined
  const factory = driverOptions as () => unknown
  return {
    options: {
      ...options,
      driverOptions: typeof driverOptions === 'function' ? () => limited(factory()) : limited(driverOptions),
    },
    limit:
      typeof own === 'number'
        ? {timeout: own, setting: `\`${parameter}\` in the URL, or \`${option}\` in \`driverOptions\`,`}
        : {timeout, setting},
  }
}

/** Whether a value is a plain options object, not an instance of Kysely or one of its dialects. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
