import {UnknownOptionError, UnfitValue} from './errors.ts'
import {objectSource, valueSource} from './source.ts'
import type {Source} from './source.ts'

/** A field of a record: how it is read from a revision's arguments and printed as TypeScript. */
export interface Field<T> {
  /** The expected value, as error messages name it. */
  readonly expects: string
  readonly isOptional?: boolean
  /**
   * Returns the value as stored in the record.
   *
   * @throws UnfitValue, UnknownOptionError
   */
  read(value: unknown): T
  print(value: T): Source
}

export interface OptionalField<T> extends Field<T> {
  readonly isOptional: true
}

/** An optional field. */
export const optional = <T>(inner: Field<T>): OptionalField<T> => ({...inner, isOptional: true})

/** A field of any shape that `accepts` recognises. */
export function field<T>(expects: string, accepts: (value: unknown) => boolean): Field<T> {
  return {
    expects,
    read: (value) => {
      if (!accepts(value)) throw new UnfitValue(expects, value)
      return value as T
    },
    print: valueSource,
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

/** A non-empty string, such as a name. */
export const text = (expects: string): Field<string> => field(expects, isText)
export const name = text('a name')
export const tableName = text('a table name')
export const columnName = text('a column name')
export const sqlText = text('SQL')

/** An option that is either true or absent. */
export const flag: OptionalField<true> = {
  ...field<true>('true or false', (value) => typeof value === 'boolean'),
  isOptional: true,
  read: (value) => {
    if (typeof value !== 'boolean') throw new UnfitValue('true or false', value)
    return (value || undefined) as true
  },
}

export const integer: Field<number> = field('a whole number', Number.isSafeInteger)
export const boolean: Field<boolean> = field('true or false', (value) => typeof value === 'boolean')

/** One of several words. */
export function oneOf<const Words extends readonly string[]>(...words: Words): Field<Words[number]> {
  return field(
    words.map((word) => `'${word}'`).join(' or '),
    (value) => typeof value === 'string' && words.includes(value),
  )
}

/** A field that accepts null. */
export function nullable<T>(inner: Field<T>): Field<T | null> {
  return {
    expects: `${inner.expects} or null`,
    read: (value) => (value === null ? null : inner.read(value)),
    print: (value) => (value === null ? 'null' : inner.print(value)),
  }
}

/** An array, or a single item. */
export function listOf<T>(inner: Field<T>, expects: string): Field<readonly T[]> {
  return {
    expects,
    read: (value) => {
      const items: readonly unknown[] = Array.isArray(value) ? value : [value]
      if (items.length === 0) throw new UnfitValue(expects, value)
      return items.map((item) => inner.read(item))
    },
    print: (items) => ({open: '[', items: items.map((item) => inner.print(item)), close: ']'}),
  }
}

export const names = listOf(name, 'names')
export const columnNames = listOf(columnName, 'column names')

/** An object with arbitrary keys. */
export function mapOf<T>(inner: Field<T>, expects: string): Field<Readonly<Record<string, T>>> {
  return {
    expects,
    read: (value) =>
      Object.fromEntries(Object.entries(plainObject(value, expects)).map(([key, item]) => [key, inner.read(item)])),
    print: (value) => objectSource(Object.entries(value).map(([key, item]) => [key, inner.print(item)])),
  }
}

/** The fields of an object. */
export type Shape<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K> ? OptionalField<Exclude<T[K], undefined>> : Field<T[K]>
}

/** An object with known keys. */
export function object<T extends object>(expects: string, shape: Shape<T>): Field<T> {
  return {
    expects,
    read: (value) => readShape(shape, plainObject(value, expects)),
    print: (value) => printShape(shape, value),
  }
}

/** Returns the fields of an object, without absent ones. */
export function readShape<T extends object>(shape: Shape<T>, given: Readonly<Record<string, unknown>>): T {
  for (const key of Object.keys(given))
    if (!Object.hasOwn(shape, key)) throw new UnknownOptionError(key, Object.keys(shape))
  const read: Record<string, unknown> = {}
  for (const [key, member] of Object.entries<Field<unknown>>(shape as Readonly<Record<string, Field<unknown>>>)) {
    const value = given[key]
    if (value === undefined && member.isOptional) continue
    const result = within(key, () => member.read(value))
    if (result !== undefined) read[key] = result
  }
  return read as T
}

/** Prints the fields that are present, in the order of the shape. */
export function printShape<T extends object>(shape: Shape<T>, value: T): Source {
  const entries = Object.entries<Field<unknown>>(shape as Readonly<Record<string, Field<unknown>>>)
  const values = value as Readonly<Record<string, unknown>>
  return objectSource(
    entries.filter(([key]) => values[key] !== undefined).map(([key, member]) => [key, member.print(values[key])]),
  )
}

/**
 * Returns a value as a plain object.
 *
 * @throws UnfitValue
 */
export function plainObject(value: unknown, expects: string): Readonly<Record<string, unknown>> {
  const isPlain =
    typeof value === 'object' &&
    value !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(value) as object)
  if (!isPlain) throw new UnfitValue(expects, value)
  return value as Readonly<Record<string, unknown>>
}

/** Adds the location to an error about an invalid value. */
function within<T>(key: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof UnfitValue) throw error.in(key)
    throw error
  }
}
