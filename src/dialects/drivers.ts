import type {Dialect} from './dialect.ts'
import {classNames, dialects} from './dialects.ts'
import type {DriverDefinition} from './driver.ts'

/** A driver with the dialect that its databases speak. */
export interface KnownDriver extends DriverDefinition {
  readonly dialect: Dialect
}

/** Every driver of every dialect. */
export const drivers: readonly KnownDriver[] = Object.values(dialects).flatMap((dialect) =>
  dialect.drivers.map((driver) => ({...driver, dialect: dialect.name})),
)

/** The schemes of all URLs, without colon. */
export const schemes: readonly string[] = drivers.flatMap((driver) => driver.schemes)

const scheme = /^(?<scheme>[a-z][a-z+.-]*):/i

/** Returns the driver that the scheme of a URL chooses. */
export function driverOfUrl(url: string): KnownDriver | undefined {
  const found = scheme.exec(url)?.groups?.['scheme']?.toLowerCase()
  return drivers.find((driver) => driver.schemes.some((one) => one === found))
}

/** Returns the driver that a class of MikroORM is, or extends. */
export function driverOfClass(type: unknown): KnownDriver | undefined {
  for (const name of classNames(type)) {
    const found = drivers.find(({driver}) => driver === name)
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether a text is a URL of a database, and not the path of a file. */
export function isDatabaseUrl(text: string): boolean {
  return /^[a-z][a-z+.-]*:\/\//i.test(text) || driverOfUrl(text)?.isFile === true
}

/** Returns the path in the URL of a database that is a file or folder. */
export function filePathOf(url: string): string | undefined {
  const path = url.slice(url.indexOf(':') + 1)
  return driverOfUrl(url)?.isFile === true && path !== '' && !path.startsWith('//') ? path : undefined
}
