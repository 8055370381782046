import {dialects} from '../../dialects/dialects.ts'
import type {Dialect} from '../../operations/operation.ts'

const parts =
  /^(?<base>[a-z][a-z0-9_ ]*?)\s*(?:\((?<sizes>[\d\s,]+)\))?(?<rest> with(?:out)? time zone)?(?<arrays>(?:\[\])*)$/

/** Returns a type as revision files write it: `timestamp(3) with time zone` is `timestamptz(3)`. */
export function spellType(type: string, dialect: Dialect): string {
  const {base, sizes, rest = '', arrays = ''} = parts.exec(type.trim().toLowerCase())?.groups ?? {}
  // A quoted or qualified name is a user-defined type.
  if (base === undefined) return type.trim()
  const {spellings} = dialects[dialect]
  const found = base + rest
  const name = Object.hasOwn(spellings, found) ? spellings[found] : found
  return `${name}${
    sizes === undefined
      ? ''
      : `(${sizes
          .split(',')
          .map((size) => size.trim())
          .join(', ')})`
  }${arrays}`
}
