import type {DefaultValue} from '../../operations/columns/column.ts'
import {unwrapped} from './expressions.ts'

const numeric = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/
const cast = /^(?<literal>'(?:[^']|'')*')(?:::[a-z_][\w ."]*(?:\(\d+(?:,\s*\d+)?\))?(?:\[\])*)+$/is

/**
 * Converts the default text of MikroORM or a database to a value if it is a literal, and otherwise to an expression;
 * undefined for none.
 */
export function defaultOf(text: string | null | undefined): DefaultValue | undefined {
  if (text === null || text === undefined || /^null(?:::|$)/i.test(text)) return undefined
  const bare = unwrapped(text)
  const plain = cast.exec(bare)?.groups?.['literal'] ?? bare
  const literal = /^'(?<inner>.*)'$/s.exec(plain)?.groups?.['inner']
  if (literal !== undefined) return literalOf(literal) ?? {sql: text}
  if (plain === 'true' || plain === 'false') return plain === 'true'
  if (numeric.test(plain) && String(Number(plain)) === plain) return Number(plain)
  return {sql: text}
}

/** MikroORM does not escape an entity's default, so a lone quote is a quote; two are one, as in any literal. */
function literalOf(inner: string): string | undefined {
  const isEscaped = !inner.replaceAll("''", '').includes("'")
  if (isEscaped) return inner.replaceAll("''", "'")
  return /'\s*(?:\|\||,|\)|::)/.test(inner) ? undefined : inner
}

/** Returns whether two defaults are equivalent to a database, ignoring casts, parentheses and case. */
export function isSameDefault(value: DefaultValue | undefined, other: DefaultValue | undefined): boolean {
  return value === other || plainOf(value) === plainOf(other)
}

function plainOf(value: DefaultValue | undefined): string {
  if (value === undefined) return ''
  if (typeof value !== 'object') return String(value)
  return value.sql
    .replaceAll(/::[a-z_][\w ]*(?:\(\d+(?:,\s*\d+)?\))?(?:\[\])*/gi, '')
    .replaceAll(/[\s()]/g, '')
    .replaceAll(/(?<literal>'(?:[^']|'')*')|[^']+/g, (part: string) =>
      part.startsWith("'") ? part : part.toLowerCase(),
    )
}
