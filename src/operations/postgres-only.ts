import type {Capabilities} from '../dialects/capabilities.ts'
import {unsupported} from './definition.ts'
import type {SqlContext, StatementsResult} from './definition.ts'

const names = {
  extensions: 'extensions',
  domains: 'domains',
  enumTypes: 'enum types',
  partitions: 'table partitions',
  rowLevelSecurity: 'row-level security policies',
  materializedViews: 'materialised views',
} as const satisfies Partial<Record<keyof Capabilities, string>>

/** Returns statements for a feature of PostgreSQL, or why the database does not support it. */
export function onPostgres(
  {capabilities}: SqlContext,
  things: keyof typeof names,
  write: () => StatementsResult,
): StatementsResult {
  return capabilities[things] ? write() : unsupported(`${names[things]} are only supported on PostgreSQL`)
}

/** Writes a text as a dollar-quoted string whose tag does not occur in the text. */
export function dollarQuoted(text: string): string {
  let tag = ''
  while (text.includes(`$${tag}$`)) tag = `${tag}q`
  const space = text.trim().includes('\n') ? '\n' : ' '
  return `$${tag}$${space}${text.trim()}${space}$${tag}$`
}
