import type {OrmOptions} from '../../dialects/driver.ts'
import {driverOfClass} from '../../dialects/drivers.ts'

/** How long connecting may take. */
export interface ConnectLimit {
  /** In milliseconds; 0 for as long as it takes. */
  readonly timeout: number
  /** What sets the limit, for messages. */
  readonly setting: string
}

/**
 * Returns how long connecting with options of MikroORM may take, and the options with that limit for the driver, so that
 * it closes what has not connected by then. A limit that the options have themselves is kept; files have none.
 *
 * @param timeout the limit otherwise, in milliseconds
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

/** Whether a value is an object of options, and not an instance of Kysely or one of its dialects. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
