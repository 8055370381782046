/** Integer types, from narrowest to widest. */
const integers: readonly string[] = ['tinyint', 'smallint', 'mediumint', 'integer', 'bigint']
/** Text types without a limit; on MySQL, from shortest to longest. */
const texts: readonly string[] = ['tinytext', 'text', 'mediumtext', 'longtext']

/** Returns whether every value of a type is also valid for another type, so that changing the type loses nothing. */
export function isWidening(from: string, to: string): boolean {
  const [values, moreValues] = [valuesOf(from), valuesOf(to)]
  if (values !== undefined && moreValues !== undefined) return values.every((value) => moreValues.includes(value))
  const [elements, moreElements] = [elementsOf(from), elementsOf(to)]
  if (elements !== undefined && moreElements !== undefined) return isWidening(elements, moreElements)
  const [before, after] = [parsed(from), parsed(to)]
  if (before === undefined || after === undefined) return false
  if (before.base === after.base) return isAtLeast(after.sizes, before.sizes, after.base)
  const isText = (base: string): boolean => base === 'varchar' || base === 'char' || texts.includes(base)
  if (isText(before.base) && after.base === 'varchar' && before.base === 'char')
    return isAtLeast(after.sizes, before.sizes, 'varchar')
  if (isText(before.base) && texts.includes(after.base)) return texts.indexOf(before.base) <= texts.indexOf(after.base)
  if (before.base === 'date' && /^(?:datetime|timestamp|timestamptz)$/.test(after.base)) return true
  const [small, large] = [integers.indexOf(before.base), integers.indexOf(after.base)]
  return small !== -1 && large > small
}

/** Returns the type of the elements of an array, whose number of dimensions PostgreSQL ignores. */
function elementsOf(type: string): string | undefined {
  return /^(?<elements>[^[]+?)\s*(?:\[\d*\])+$/.exec(type)?.groups?.['elements']
}

/** Returns the values of a MySQL enum. */
function valuesOf(type: string): readonly string[] | undefined {
  const list = /^enum\((?<list>.*)\)$/is.exec(type)?.groups?.['list']
  return list === undefined ? undefined : [...list.matchAll(/'(?:[^']|'')*'/g)].map(([value]) => value)
}

interface SizedType {
  readonly base: string
  readonly sizes: readonly number[]
}

function parsed(type: string): SizedType | undefined {
  const {base, sizes} = /^(?<base>[a-z ]+?)(?:\((?<sizes>\d+(?:,\s*\d+)?)\))?$/.exec(type)?.groups ?? {}
  if (base === undefined) return undefined
  const name = {int: 'integer', decimal: 'numeric'}[base] ?? base
  return {base: name, sizes: sizes === undefined ? [] : sizes.split(',').map(Number)}
}

/** A missing size means no limit; for a number, also no limit on decimal places. */
function isAtLeast(sizes: readonly number[], least: readonly number[], base: string): boolean {
  if (sizes.length === 0) return base !== 'char'
  const [size = 0, scale = 0] = sizes
  const [leastSize, leastScale = 0] = least
  if (leastSize === undefined) return base === 'char' && size >= 1
  return scale >= leastScale && size - scale >= leastSize - leastScale
}
