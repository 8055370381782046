import type {SizedType} from './sized-type.ts'

/** Integer types with their number of bits. */
const integers: ReadonlyMap<string, number> = new Map([
  ['boolean', 1],
  ['tinyint', 8],
  ['year', 12],
  ['smallint', 16],
  ['mediumint', 24],
  ['integer', 32],
  ['bigint', 64],
])

/** Floating-point types with the number of bits of the integers that they represent exactly. */
const floats: ReadonlyMap<string, number> = new Map([
  ['real', 24],
  ['double', 53],
])

/** Types whose values are all positive. */
const positive: readonly string[] = ['boolean', 'year']

/** The types that nothing else can be stored in. */
const own: readonly string[] = ['boolean', 'year']

/** Whether a type is one of the integers, or is stored like one. */
export function isInteger({base}: SizedType): boolean {
  return integers.has(base)
}

/** Whether a type has all values of an integer type. */
export function holdsIntegers(before: SizedType, after: SizedType): boolean {
  if (before.base === after.base && own.includes(before.base)) return true
  const isPositive = before.isUnsigned || positive.includes(before.base)
  if (own.includes(after.base) || (after.isUnsigned && !isPositive)) return false
  const bits = integers.get(before.base) ?? 0
  const valueBits = isPositive ? bits : bits - 1
  const more = integers.get(after.base)
  if (more !== undefined) return valueBits <= (after.isUnsigned ? more : more - 1)
  // PostgreSQL converts truth values to no other numbers.
  if (before.base === 'boolean') return false
  if (after.base === 'numeric') {
    const [size = Infinity, scale = 0] = after.sizes
    return size - scale >= String(2 ** valueBits).length
  }
  const exact = floats.get(after.base)
  return exact !== undefined && after.sizes.length === 0 && valueBits <= exact
}
