import {decimalType, integerType, numberType, sampleType, timeType, uuidOf} from './values.ts'
import type {ValueType} from './values.ts'

const bytes: Readonly<Record<string, number>> = {tinyint: 1, smallint: 2, mediumint: 3, int: 4, bigint: 8}

const shapes: Readonly<Record<string, (n: number) => string>> = {
  geometry: (n) => `POINT(${n % 180} 1)`,
  point: (n) => `POINT(${n % 180} 1)`,
  linestring: (n) => `LINESTRING(0 0, ${(n % 180) + 1} 1)`,
  polygon: (n) => `POLYGON((0 0, ${(n % 180) + 1} 0, 0 1, 0 0))`,
  multipoint: (n) => `MULTIPOINT(${n % 180} 1)`,
  multilinestring: (n) => `MULTILINESTRING((0 0, ${(n % 180) + 1} 1))`,
  multipolygon: (n) => `MULTIPOLYGON(((0 0, ${(n % 180) + 1} 0, 0 1, 0 0)))`,
  geometrycollection: (n) => `GEOMETRYCOLLECTION(POINT(${n % 180} 1))`,
  geomcollection: (n) => `GEOMETRYCOLLECTION(POINT(${n % 180} 1))`,
}

const inHex = (text: string): string => `x'${Buffer.from(text).toString('hex')}'`

/** Returns the type of values for a column type as the catalogue writes it: `decimal(10,2) unsigned`. */
export function mysqlType(columnType: string): ValueType {
  const {
    word = '',
    args = '',
    rest = '',
  } = /^(?<word>\w+)\s*(?:\((?<args>.*)\))?(?<rest>.*)$/s.exec(columnType)?.groups ?? {}
  const isUnsigned = /unsigned|zerofill/i.test(rest)
  const [first, second] = args.split(',').map(Number)
  const name = word.toLowerCase()
  const shape = shapes[name]
  if (shape !== undefined) return sampleType(shape, {size: 180, render: (text) => `st_geomfromtext('${text}')`})
  if (name === 'tinyint' && args === '1') return {kind: 'choice', values: ['1', '0']}
  const integer = bytes[name]
  if (integer !== undefined) return integerType(integer, isUnsigned)
  switch (name) {
    case 'decimal':
      return decimalType(first ?? 10, second ?? 0, isUnsigned)
    case 'float':
    case 'double':
      return args === ''
        ? numberType(isUnsigned ? 0n : -(10n ** 9n), 10n ** 9n, 3)
        : decimalType(first ?? 10, second ?? 0, isUnsigned)
    case 'bit':
      return bits(first ?? 1)
    case 'year':
      return {...numberType(1901n, 2155n), start: 2024n, step: 1n}
    case 'date':
      return timeType('date', {from: 1900, to: 2900})
    case 'datetime':
      return timeType('timestamp', {from: 1900, to: 2900})
    case 'timestamp':
      return timeType('timestamp', {from: 1971, to: 2037})
    case 'time':
      return sampleType((n) => new Date((n % 86_400) * 1000).toISOString().slice(11, 19), {size: 86_400})
    case 'char':
    case 'varchar':
      return {kind: 'text', length: first ?? 1}
    case 'tinytext':
      return {kind: 'text', length: 255}
    case 'text':
    case 'mediumtext':
    case 'longtext':
      return {kind: 'text', length: Infinity}
    case 'binary':
    case 'varbinary':
      return binary(first ?? 1)
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
      return binary(255)
    case 'enum':
    case 'set':
      return {kind: 'choice', values: labelsIn(args)}
    case 'json':
      return sampleType((n) => `{"n": ${n + 1}}`)
    case 'uuid':
      return sampleType(uuidOf)
    case 'inet4':
      return sampleType((n) => `10.0.${Math.floor(n / 250) % 250}.${(n % 250) + 1}`)
    case 'inet6':
      return sampleType((n) => `fd00::${(n + 1).toString(16)}`, {size: 65_000})
    case 'vector':
      return sampleType((n) => `${n}`, {render: (text) => vector(Number(text) + 1, first ?? 1)})
    default:
      return {kind: 'unknown', name: columnType}
  }
}

function bits(length: number): ValueType {
  const size = length < 16 ? 2 ** length : 65_536
  return sampleType((n) => ((n + 1) % size).toString(2).padStart(length, '0'), {size, render: (text) => `b'${text}'`})
}

function binary(length: number): ValueType {
  const size = length < 5 ? 256 ** length : Infinity
  return sampleType((n) => (n + 1).toString(36).padStart(Math.min(length, 8), '0').slice(-length), {
    size: Math.min(size, 36 ** Math.min(length, 8)),
    render: inHex,
  })
}

/** Vectors are stored as 32-bit floats. */
function vector(value: number, dimensions: number): string {
  const buffer = Buffer.alloc(4 * dimensions)
  for (let i = 0; i < dimensions; i++) buffer.writeFloatLE(value, 4 * i)
  return `x'${buffer.toString('hex')}'`
}

function labelsIn(list: string): readonly string[] {
  return [...list.matchAll(/'(?<label>(?:[^'\\]|''|\\.)*)'/gs)].map(({groups = {}}) =>
    (groups['label'] ?? '').replaceAll(/''|\\(?<character>.)/gs, (_, character = "'") => String(character)),
  )
}
