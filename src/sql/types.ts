import {dialects} from '../dialects/dialects.ts'
import type {Dialect} from '../operations/operation.ts'

/** Returns the name of a type in a dialect: `timestamptz(3)` is `timestamp(3)` on MySQL. */
export function typeFor(type: string, dialect: Dialect): string {
  const base = /^[a-z ]+/.exec(type)?.[0] ?? ''
  const name = dialects[dialect].types[base]
  if (name === undefined) return type
  const sizes = type.slice(base.length)
  const takesSizes = !name.includes('(') && !['bytea', 'text'].includes(name)
  return takesSizes ? name + sizes : name
}
