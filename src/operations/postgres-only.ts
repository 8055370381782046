import type {Capabilities} from '../dialects/capabilities.ts'
import {unsupported} from './definition.ts'
import type {SqlContext, StatementsResult} from './definition.ts'

const names = {
  extensions: 'extensions',
  domains: 'domains',
  enumTypes: 'enums as types of their own',
  partitions: 'partitions as tables of their own',
  rowLevelSecurity: 'row-level security',
  materializedViews: 'materialised views',
} as const satisfies Partial<Record<keyof Capabilities, string>>

/** Writes what only PostgreSQL has. */
export function onPostgres(
  {capabilities}: SqlContext,
  things: keyof typeof names,
  write: () => StatementsResult,
): StatementsResult {
  return capabilities[things] ? write() : unsupported(`only PostgreSQL has ${names[things]}`)
}

/** Writes a text between dollars with a tag that it does not contain. */
export function dollarQuoted(text: string): string {
  let tag = ''
  while (text.includes(`$${tag}$`)) tag = `${tag}q`
  return `$${tag}$\n${text.trim()}\n$${tag}$`
}
