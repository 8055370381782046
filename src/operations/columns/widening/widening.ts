import {dialectNames} from '../../../dialects/dialect.ts'
import type {Dialect} from '../../../dialects/dialect.ts'
import {keepsAffinity} from './affinity.ts'
import {holdsIntegers, isInteger} from './numbers.ts'
import {sizedType} from './sized-type.ts'
import type {SizedType, StrictDialect} from './sized-type.ts'
import {holdsBytes, holdsText, textLimit} from './texts.ts'

/**
 * Returns whether every value of a type is also valid for another type, so that changing the type loses nothing.
 *
 * @param dialect any database if undefined
 */
export function isWidening(from: string, to: string, dialect: Dialect | undefined): boolean {
  if (dialect === undefined) return dialectNames.every((one) => isWidening(from, to, one))
  switch (dialect) {
    case 'sqlite':
      return keepsAffinity(from, to)
    case 'postgresql':
    case 'mysql':
    case 'mariadb':
      return holds(from, to, dialect)
  }
}

function holds(from: string, to: string, dialect: StrictDialect): boolean {
  if (from === to) return true
  const [elements, moreElements] = [elementsOf(from), elementsOf(to)]
  if (elements !== undefined && moreElements !== undefined) return holds(elements, moreElements, dialect)
  const [values, moreValues] = [valuesOf(from), valuesOf(to)]
  if (values !== undefined && moreValues !== undefined)
    return values.kind === moreValues.kind && values.list.every((value) => moreValues.list.includes(value))
  const [before, after] = [sizedType(from, dialect), sizedType(to, dialect)]
  if (after === undefined) return false
  if (values !== undefined) return longest(values) <= textLimit(after, dialect)
  return before !== undefined && holdsType(before, after, dialect)
}

function holdsType(before: SizedType, after: SizedType, dialect: StrictDialect): boolean {
  const length = lengthOf(before)
  if (length !== undefined && textLimit(after, dialect) >= length) return true
  if (isInteger(before)) return holdsIntegers(before, after)
  if (before.isUnsigned !== after.isUnsigned)
    return !after.isUnsigned && holdsType({...before, isUnsigned: false}, after, dialect)
  if (before.base === after.base && !['char', 'varchar', 'binary', 'varbinary'].includes(before.base))
    return isAtLeast(after.sizes, before.sizes)
  return holdsText(before, after, dialect) || holdsBytes(before, after) || isConverted(before, after, dialect)
}

/** The conversions between types of different names that lose nothing. */
function isConverted(before: SizedType, after: SizedType, dialect: StrictDialect): boolean {
  const change = `${before.base} ${after.base}`
  if (change === 'real double') return after.sizes.length === 0
  switch (dialect) {
    case 'postgresql':
      return ['date timestamp', 'date timestamptz', 'jsonb json', 'cidr inet', 'bit bit varying'].includes(change)
        ? before.base !== 'bit' || isAtLeast(after.sizes, before.sizes)
        : false
    case 'mysql':
    case 'mariadb':
      // The range of `timestamp` is smaller.
      return change === 'date datetime' || (change === 'timestamp datetime' && isAtLeast(after.sizes, before.sizes))
  }
}

/** The number of characters of the longest value of a type that is always written alike. */
const lengths: ReadonlyMap<string, number> = new Map([
  ...([
    ['boolean', 'false'.length],
    ['uuid', 36],
    ['json', Infinity],
    ['jsonb', Infinity],
  ] as const),
  ...([
    ['year', 4],
    ['tinyint', 4],
    ['smallint', 6],
    ['mediumint', 8],
    ['integer', 11],
    ['bigint', 20],
  ] as const),
])

function lengthOf({base, sizes, isUnsigned}: SizedType): number | undefined {
  if (base !== 'numeric') return lengths.get(base)
  // A sign, a point, and a zero before the point.
  return (sizes[0] ?? Infinity) + (isUnsigned ? 2 : 3)
}

/** Returns the type of the elements of an array, whose number of dimensions PostgreSQL ignores. */
function elementsOf(type: string): string | undefined {
  return /^(?<elements>[^[]+?)\s*(?:\[\d*\])+$/.exec(type)?.groups?.['elements']
}

interface Values {
  readonly kind: string
  readonly list: readonly string[]
}

/** Returns the values of a MySQL enum or set. */
function valuesOf(type: string): Values | undefined {
  const {kind = '', list} = /^(?<kind>enum|set)\((?<list>.*)\)$/is.exec(type)?.groups ?? {}
  if (list === undefined) return undefined
  const quoted = [...list.matchAll(/'(?<value>(?:[^']|'')*)'/g)]
  return {kind: kind.toLowerCase(), list: quoted.map(({groups}) => groups?.['value']?.replaceAll("''", "'") ?? '')}
}

/** Returns the length of the longest text of an enum, or of all values of a set. */
function longest({kind, list}: Values): number {
  return kind === 'set' ? list.join(',').length : Math.max(0, ...list.map(({length}) => length))
}

/** A missing size means no limit; for a number, also no limit on decimal places. */
function isAtLeast(sizes: readonly number[], least: readonly number[]): boolean {
  if (sizes.length === 0) return true
  const [size = 0, scale = 0] = sizes
  const [leastSize, leastScale = 0] = least
  if (leastSize === undefined) return false
  return scale >= leastScale && size - scale >= leastSize - leastScale
}
