import type {Operator, Test} from './checks.ts'

/** The values that a column can have, as text. */
export type ValueType =
  | OrderedType
  | {readonly kind: 'text'; readonly length: number}
  | {readonly kind: 'choice'; readonly values: readonly string[]}
  | SampleType
  | {readonly kind: 'unknown'; readonly name: string}

/** Numbers, dates, and times: values that correspond to integers. */
export interface OrderedType {
  readonly kind: 'ordered'
  readonly min: bigint
  readonly max: bigint
  /** The preferred first value, and the distance to the next. */
  readonly start: bigint
  readonly step: bigint
  readonly isQuoted: boolean
  readonly format: (value: bigint) => string
  /** Returns the largest value that is not above the text, and whether it is equal. */
  readonly parse: (text: string) => {readonly floor: bigint; readonly isExact: boolean} | undefined
}

/** Values that are not compared. */
export interface SampleType {
  readonly kind: 'sample'
  /** The number of distinct values. */
  readonly size: number
  readonly value: (n: number) => string
  /** Returns the SQL of a value, unless it is a string literal. */
  readonly render?: (text: string) => string
}

/** A sequence of distinct values, which repeats after `size` values. */
export interface Values {
  readonly size: number
  readonly at: (n: number) => string
}

/** Existing values that new ones must differ from. */
interface Existing {
  /** The largest existing value. */
  readonly max: bigint
  /** The index of the first new value. */
  readonly first: number
}

/**
 * Returns the values of a type that pass the tests; undefined if none is known.
 *
 * @param word the beginning of texts
 */
export function valuesOf(
  type: ValueType,
  tests: readonly Test[],
  word: string,
  existing?: Existing,
): Values | undefined {
  const listed = tests.flatMap((test) => (test.kind === 'one of' ? [test.values] : []))
  const [first, ...others] = listed
  const all =
    first === undefined
      ? unlisted(type, tests, word, existing)
      : choice(first.filter((value) => others.every((values) => values.includes(value))))
  const excluded = tests.flatMap((test) => (test.kind === 'none of' ? test.values : []))
  const values = all === undefined || excluded.length === 0 ? all : without(all, new Set(excluded))
  return values !== undefined && values.size > 0 ? values : undefined
}

function unlisted(
  type: ValueType,
  tests: readonly Test[],
  word: string,
  existing: Existing | undefined,
): Values | undefined {
  switch (type.kind) {
    case 'ordered':
      return ordered(type, tests, existing)
    case 'text':
      return texts(type.length, tests, word)
    case 'choice':
      return choice(type.values)
    case 'sample':
      return {size: type.size, at: (n) => type.value(n % type.size)}
    case 'unknown':
      return undefined
  }
}

function choice(values: readonly string[]): Values {
  return {size: values.length, at: (n) => values[n % values.length] ?? ''}
}

function without(values: Values, excluded: ReadonlySet<string>): Values {
  const size = Number.isFinite(values.size)
    ? Array.from({length: Math.min(values.size, 1000)}, (_, n) => values.at(n)).filter((value) => !excluded.has(value))
        .length
    : values.size
  return {
    size,
    at: (n) => {
      let index = -1
      for (let left = n % size; left >= 0; left--)
        do index++
        while (excluded.has(values.at(index)))
      return values.at(index)
    },
  }
}

/** The number of values that a sequence should not run out of. */
const enough = 2000n
/** From this number on, a sequence never repeats. */
const manyValues = 1_000_000

function ordered(type: OrderedType, tests: readonly Test[], existing: Existing | undefined): Values | undefined {
  let {min, max} = type
  for (const test of tests) {
    if (test.kind !== 'bound') continue
    const bound = type.parse(test.value)
    if (bound === undefined) continue
    const {lowest, highest} = limitsOf(test.operator, bound)
    if (lowest !== undefined && lowest > min) min = lowest
    if (highest !== undefined && highest < max) max = highest
  }
  if (min > max) return undefined
  const step = max - min < enough * type.step ? 1n : type.step
  const preferred = min <= type.start && type.start + enough * step <= max ? type.start : undefined
  const lowest = preferred ?? (min > type.start || max - min < enough * step ? min : max - enough * step)
  const start = existing !== undefined && existing.max >= lowest && existing.max < max ? existing.max + 1n : lowest
  const size = Number((max - start) / step + 1n)
  const offset = existing?.first ?? 0
  return {
    size: size < manyValues ? size : Infinity,
    at: (n) => type.format(start + step * BigInt(Math.max(n - offset, 0) % size)),
  }
}

function limitsOf(
  operator: Operator,
  {floor, isExact}: {readonly floor: bigint; readonly isExact: boolean},
): {readonly lowest?: bigint; readonly highest?: bigint} {
  switch (operator) {
    case '>':
      return {lowest: floor + 1n}
    case '>=':
      return {lowest: isExact ? floor : floor + 1n}
    case '<':
      return {highest: isExact ? floor - 1n : floor}
    case '<=':
      return {highest: floor}
    case '=':
      return {lowest: floor, highest: floor}
  }
}

function texts(length: number, tests: readonly Test[], word: string): Values | undefined {
  let [min, max] = [0, length]
  let prefix = /^[a-z]\w*$/i.test(word) ? word.toLowerCase() : 'text'
  for (const test of tests) {
    if (test.kind === 'length') {
      if (test.operator === '=' || test.operator === '>=') min = Math.max(min, test.value)
      if (test.operator === '=' || test.operator === '<=') max = Math.min(max, test.value)
      if (test.operator === '>') min = Math.max(min, test.value + 1)
      if (test.operator === '<') max = Math.min(max, test.value - 1)
    }
    if (test.kind === 'bound' && (test.operator === '>' || test.operator === '>=')) prefix = test.value
  }
  if (min > max) return undefined
  if (max === 0) return {size: 1, at: () => ''}
  const size = max < 10 ? 36 ** max : Infinity
  return {
    size,
    at: (n) => {
      const long = `${prefix} ${n + 1}`.padEnd(min, 'x')
      return long.length <= max ? long : (n % size).toString(36).padStart(Math.max(min, 1), '0')
    },
  }
}

/** Returns the type of numbers with a number of decimal digits, and limits in units of the last digit. */
export function numberType(min: bigint, max: bigint, scale = 0): OrderedType {
  const one = 10n ** BigInt(scale)
  return {
    kind: 'ordered',
    ...{min, max},
    ...{start: one, step: one},
    isQuoted: false,
    format: (value) => decimalText(value, scale),
    parse: (text) => parseDecimal(text, scale),
  }
}

/** Returns the type of integers with a number of bytes. */
export function integerType(bytes: number, isUnsigned = false): OrderedType {
  const bits = BigInt(bytes * 8)
  return isUnsigned ? numberType(0n, 2n ** bits - 1n) : numberType(-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n)
}

/** Returns the type of decimal numbers with a precision and a scale. */
export function decimalType(precision: number, scale: number, isUnsigned = false): OrderedType {
  const digits = scale < 0 ? precision - scale : precision
  const max = 10n ** BigInt(Math.min(Math.max(digits, 1), 60)) - 1n
  return numberType(isUnsigned ? 0n : -max, max, Math.max(scale, 0))
}

function decimalText(value: bigint, scale: number): string {
  if (scale === 0) return value.toString()
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

function parseDecimal(text: string, scale: number): {readonly floor: bigint; readonly isExact: boolean} | undefined {
  const {
    sign = '',
    whole = '',
    fraction = '',
  } = /^(?<sign>-?)(?<whole>\d+)(?:\.(?<fraction>\d*))?$/.exec(text.trim())?.groups ?? {}
  if (whole === '') return undefined
  const isExact = /^0*$/.test(fraction.slice(scale))
  const value = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'))
  if (sign === '') return {floor: value, isExact}
  return {floor: isExact ? -value : -value - 1n, isExact}
}

/** Noon on 1 January 2024: a day has it in every time zone. */
const firstTime = BigInt(Date.UTC(2024, 0, 1, 12) / 1000)
const day = 86_400n

/** Returns the type of dates, of times of a day with a date, or of years. */
export function timeType(
  unit: 'date' | 'timestamp',
  limits: {readonly from: number; readonly to: number},
  zone = '',
): OrderedType {
  const length = unit === 'date' ? day : 1n
  const at = (year: number): bigint => BigInt(Date.UTC(year, 0, 2) / 1000) / length
  return {
    kind: 'ordered',
    ...{min: at(limits.from), max: at(limits.to)},
    start: firstTime / length,
    step: day / length,
    isQuoted: true,
    format: (value) => {
      const text = new Date(Number(value * length) * 1000).toISOString()
      return unit === 'date' ? text.slice(0, 10) : `${text.slice(0, 19).replace('T', ' ')}${zone}`
    },
    parse: (text) => {
      const isZoned = /[zZ]$|[+-]\d\d(?::?\d\d)?$/.test(text.slice(10))
      const iso = text
        .trim()
        .replace(' ', 'T')
        .replace(/(?<offset>[+-]\d\d)$/, text.length > 10 ? '$<offset>:00' : '$<offset>')
      const time = Date.parse(isZoned || iso.length <= 10 ? iso : `${iso}Z`)
      if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(time)) return undefined
      const seconds = BigInt(Math.floor(time / 1000))
      return {floor: seconds / length, isExact: time % 1000 === 0 && seconds % length === 0n}
    },
  }
}

/** Returns a type of which only examples are known. */
export function sampleType(
  value: (n: number) => string,
  {size = Infinity, render}: {readonly size?: number; readonly render?: (text: string) => string} = {},
): SampleType {
  return {kind: 'sample', size, value, ...(render && {render})}
}

/** Returns a UUID of version 4 that ends in a number. */
export function uuidOf(n: number): string {
  return `00000000-0000-4000-8000-${(n + 1).toString(16).padStart(12, '0')}`
}
