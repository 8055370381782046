import type {Dialect} from './dialect.ts'
import {classNames, dialects} from './dialects.ts'
import type {DriverDefinition} from './driver.ts'

/** A driver and its dialect. */
export interface KnownDriver extends DriverDefinition {
  readonly dialect: Dialect
}

/** All drivers of all dialects. */
export const drivers: readonly KnownDriver[] = Object.values(dialects).flatMap((dialect) =>
  dialect.drivers.map((driver) => ({...driver, dialect: dialect.name})),
)

/** All supported URL schemes, without colon. */
export const schemes: readonly string[] = drivers.flatMap((driver) => driver.schemes)

const scheme = /^(?<scheme>[a-z][a-z+.-]*):/i

/** Returns the driver for the scheme of a URL. */
export function driverOfUrl(url: string): KnownDriver | undefined {
  const found = scheme.exec(url)?.groups?.['scheme']?.toLowerCase()
  return drivers.find((driver) => driver.schemes.some((name) => name === found))
}

/** Returns the driver for a MikroORM driver class or a subclass of one. */
export function driverOfClass(type: unknown): KnownDriver | undefined {
  for (const name of classNames(type)) {
    const found = drivers.find(({driver}) => driver === name)
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether a text is a database URL rather than a file path. */
export function isDatabaseUrl(text: string): boolean {
  return /^[a-z][a-z+.-]*:\/\//i.test(text) || driverOfUrl(text)?.isFile === true
}

/** Returns the path in the URL of a file database. */
export function filePathOf(url: string): string | undefined {
  const path = url.slice(url.indexOf(':') + 1)
  return driverOfUrl(url)?.isFile === true && path !== '' && !path.startsWith('//') ? path : undefined
}
