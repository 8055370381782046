/** Integer types with their number of bits. */
const integers: ReadonlyMap<string, number> = new Map([
  ['tinyint', 8],
  ['smallint', 16],
  ['mediumint', 24],
  ['integer', 32],
  ['bigint', 64],
])

/** Types without a size, each with its greatest number of bytes where it has one. */
const texts = limits('text')
const blobs = limits('blob')

function limits(base: string): ReadonlyMap<string, number> {
  return new Map([
    [`tiny${base}`, 255],
    [base, 65_535],
    [`medium${base}`, 16_777_215],
    [`long${base}`, Infinity],
  ])
}

/** The number of bytes that a character takes at most. */
const bytesPerCharacter = 4

/** Returns whether every value of a type is also valid for another type, so that changing the type loses nothing. */
export function isWidening(from: string, to: string): boolean {
  const [values, moreValues] = [valuesOf(from), valuesOf(to)]
  if (values !== undefined && moreValues !== undefined)
    return values.kind === moreValues.kind && values.list.every((value) => moreValues.list.includes(value))
  const [elements, moreElements] = [elementsOf(from), elementsOf(to)]
  if (elements !== undefined && moreElements !== undefined) return isWidening(elements, moreElements)
  const [before, after] = [parsed(from), parsed(to)]
  if (before === undefined || after === undefined) return false
  if (integers.has(before.base)) return holdsIntegers(before, after)
  if (before.isUnsigned !== after.isUnsigned) return !after.isUnsigned && isWidening(before.name, after.name)
  if (before.base === after.base) return isAtLeast(after.sizes, before.sizes, after.base)
  if (before.base === 'date') return /^(?:datetime|timestamp|timestamptz)$/.test(after.base)
  if (before.base === 'real') return after.base === 'double'
  return holdsAll(before, after, 'char', texts, bytesPerCharacter) || holdsAll(before, after, 'binary', blobs, 1)
}

/** Returns the type of the elements of an array, whose number of dimensions PostgreSQL ignores. */
function elementsOf(type: string): string | undefined {
  return /^(?<elements>[^[]+?)\s*(?:\[\d*\])+$/.exec(type)?.groups?.['elements']
}

/** Returns the values of a MySQL enum or set. */
function valuesOf(type: string): {readonly kind: string; readonly list: readonly string[]} | undefined {
  const {kind = '', list} = /^(?<kind>enum|set)\((?<list>.*)\)$/is.exec(type)?.groups ?? {}
  if (list === undefined) return undefined
  return {kind: kind.toLowerCase(), list: [...list.matchAll(/'(?:[^']|'')*'/g)].map(([value]) => value)}
}

interface ParsedType {
  /** The type without `unsigned`. */
  readonly name: string
  readonly base: string
  readonly sizes: readonly number[]
  readonly isUnsigned: boolean
}

const aliases: Readonly<Record<string, string>> = {
  int: 'integer',
  decimal: 'numeric',
  float: 'real',
  'double precision': 'double',
}

function parsed(type: string): ParsedType | undefined {
  const {name, base, sizes, unsigned} =
    /^(?<name>(?<base>[a-z ]+?)(?:\((?<sizes>\d+(?:,\s*\d+)?)\))?)(?<unsigned> unsigned)?$/.exec(type)?.groups ?? {}
  if (name === undefined || base === undefined) return undefined
  const known = Object.hasOwn(aliases, base) ? (aliases[base] ?? base) : base
  const given = sizes?.split(',').map(Number)
  return {
    name,
    base: known,
    // Only MySQL and MariaDB have this type with sizes, and there it has no decimal places without one.
    sizes: given ?? (known === 'datetime' ? [0] : []),
    isUnsigned: unsigned !== undefined,
  }
}

function holdsIntegers(before: ParsedType, after: ParsedType): boolean {
  if (after.isUnsigned && !before.isUnsigned) return false
  const bits = integers.get(before.base) ?? 0
  const valueBits = before.isUnsigned ? bits : bits - 1
  const more = integers.get(after.base)
  if (more !== undefined) return valueBits <= (after.isUnsigned ? more : more - 1)
  if (after.base === 'double') return valueBits <= 53
  if (after.base !== 'numeric') return false
  const [size = Infinity, scale = 0] = after.sizes
  return size - scale >= String(2 ** valueBits).length
}

/** Whether texts or bytes of a type fit another type of the same family. */
function holdsAll(
  before: ParsedType,
  after: ParsedType,
  fixed: string,
  unlimited: ReadonlyMap<string, number>,
  bytes: number,
): boolean {
  const isSized = ({base}: ParsedType): boolean => base === fixed || base === `var${fixed}`
  const [limit, limitBefore] = [unlimited.get(after.base), unlimited.get(before.base)]
  if (limitBefore !== undefined) return limit !== undefined && limitBefore <= limit
  if (!isSized(before)) return false
  if (limit === undefined)
    return before.base === fixed && after.base === `var${fixed}` && isAtLeast(after.sizes, before.sizes, after.base)
  return (
    after.base === fixed || after.base === [...unlimited.keys()][1] || (before.sizes[0] ?? Infinity) * bytes <= limit
  )
}

/** A missing size means no limit; for a number, also no limit on decimal places. */
function isAtLeast(sizes: readonly number[], least: readonly number[], base: string): boolean {
  if (sizes.length === 0) return base !== 'char' && base !== 'binary'
  const [size = 0, scale = 0] = sizes
  const [leastSize, leastScale = 0] = least
  if (leastSize === undefined) return (base === 'char' || base === 'binary') && size >= 1
  return scale >= leastScale && size - scale >= leastSize - leastScale
}
