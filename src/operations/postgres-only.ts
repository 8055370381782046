import {unsupported} from './definition.ts'
import type {SqlContext, StatementsResult} from './definition.ts'

/** Writes what only PostgreSQL has. */
export function onPostgres({dialect}: SqlContext, things: string, write: () => StatementsResult): StatementsResult {
  return dialect === 'postgresql' ? write() : unsupported(`only PostgreSQL has ${things}`)
}

/** Writes a text between dollars with a tag that it does not contain. */
export function dollarQuoted(text: string): string {
  let tag = ''
  while (text.includes(`$${tag}$`)) tag = `${tag}q`
  return `$${tag}$\n${text.trim()}\n$${tag}$`
}
