import {testsOf} from './checks.ts'
import type {Test} from './checks.ts'
import {decimalType, integerType, numberType, sampleType, timeType, uuidOf, valuesOf} from './values.ts'
import type {ValueType} from './values.ts'

export interface TypeRow {
  readonly oid: number
  readonly name: string
  /** The name as SQL writes it. */
  readonly full: string
  readonly kind: string
  readonly category: string
  readonly element: number
  readonly base: number
  readonly modifier: number
  readonly notNull: boolean
  /** The type of the bounds of a range or multirange. */
  readonly range: number | null
  readonly labels: readonly string[] | null
  readonly fields: number
  readonly checks: readonly string[] | null
}

/** A type, and what its domains require. */
interface ResolvedType {
  readonly type: ValueType
  readonly tests: readonly Test[]
  readonly isRequired: boolean
}

const plain = (type: ValueType): ResolvedType => ({type, tests: [], isRequired: false})

/** Returns a function that finds the values of a type by its id and modifier. */
export function postgresTypes(rows: readonly TypeRow[]): (oid: number, modifier: number) => ResolvedType {
  const byOid = new Map(rows.map((row) => [row.oid, row]))
  const resolve = (oid: number, modifier: number): ResolvedType => {
    const row = byOid.get(oid)
    if (row === undefined) return plain({kind: 'unknown', name: String(oid)})
    const unknown = plain({kind: 'unknown', name: row.full})
    switch (row.kind) {
      case 'd': {
        const {type, tests, isRequired} = resolve(row.base, row.modifier)
        const own = (row.checks ?? []).flatMap(testsOf).filter(({column}) => column.toLowerCase() === 'value')
        return {
          type,
          tests: [...tests, ...own.map(({test}) => test)],
          isRequired: isRequired || row.notNull || own.some(({test}) => test.kind === 'not null'),
        }
      }
      case 'e':
        return plain({kind: 'choice', values: row.labels ?? []})
      case 'c':
        return plain(sampleType(() => `(${','.repeat(Math.max(row.fields - 1, 0))})`, {size: 1}))
      case 'r':
      case 'm': {
        const {type, tests} = resolve(row.range ?? 0, -1)
        return derived(type, tests, unknown, (text) => {
          const range = `["${escaped(text)}","${escaped(text)}"]`
          return row.kind === 'm' ? `{${range}}` : range
        })
      }
      default: {
        const base = baseType(row.name, modifier)
        if (base !== undefined) return plain(base)
        if (row.category !== 'A') return unknown
        const {type, tests} = resolve(row.element, modifier)
        return derived(type, tests, unknown, (text) => `{"${escaped(text)}"}`)
      }
    }
  }
  return resolve
}

const escaped = (text: string): string => text.replaceAll(/["\\]/g, '\\$&')

function derived(
  type: ValueType,
  tests: readonly Test[],
  unknown: ResolvedType,
  wrap: (text: string) => string,
): ResolvedType {
  const values = valuesOf(type, tests, 'value')
  if (values === undefined) return unknown
  return {type: sampleType((n) => wrap(values.at(n)), {size: values.size}), tests: [], isRequired: false}
}

function baseType(name: string, modifier: number): ValueType | undefined {
  const type = types[name]
  return typeof type === 'function' ? type(modifier) : type
}

const limits = {from: 1900, to: 2900}
const ofLength = (modifier: number): ValueType => ({kind: 'text', length: modifier < 4 ? Infinity : modifier - 4})
const json = sampleType((n) => `{"n": ${n + 1}}`)
const only = (text: string): ValueType => sampleType(() => text, {size: 1})
const byte = (n: number): number => n % 250
const address = (n: number): string => `10.${byte(Math.floor(n / 62_500))}.${byte(Math.floor(n / 250))}.${byte(n) + 1}`
const hex = (n: number, length: number): string => (n + 1).toString(16).padStart(length, '0')
const vector = (modifier: number): ValueType =>
  sampleType((n) => `[${Array.from({length: Math.max(modifier, 1)}, () => n + 1).join(',')}]`)
const float = numberType(-(10n ** 9n), 10n ** 9n, 3)

/** Returns the type of bit strings, of which there are few if they are short. */
function bits(modifier: number): ValueType {
  const length = modifier < 1 ? 16 : modifier
  const size = length < 16 ? 2 ** length : 65_536
  return sampleType((n) => ((n + 1) % size).toString(2).padStart(length, '0').slice(-length), {size})
}

function numeric(modifier: number): ValueType {
  if (modifier < 4) return decimalType(15, 3)
  const packed = modifier - 4
  const scale = ((packed & 0x7ff) ^ 1024) - 1024
  return decimalType((packed >> 16) & 0xffff, scale)
}

/** Types by their names in the catalogue, which are the same in every version. */
const types: Readonly<Record<string, ValueType | ((modifier: number) => ValueType)>> = {
  int2: integerType(2),
  int4: integerType(4),
  int8: integerType(8),
  numeric,
  float4: float,
  float8: float,
  money: sampleType((n) => String(n + 1)),
  bool: {kind: 'choice', values: ['true', 'false']},
  text: ofLength(-1),
  varchar: ofLength,
  bpchar: ofLength,
  name: {kind: 'text', length: 63},
  char: {kind: 'text', length: 1},
  citext: ofLength(-1),
  bytea: sampleType((n) => `value ${n + 1}`),
  date: timeType('date', limits),
  timestamp: timeType('timestamp', limits),
  timestamptz: timeType('timestamp', limits, '+00'),
  time: sampleType((n) => clock(n), {size: 86_400}),
  timetz: sampleType((n) => `${clock(n)}+00`, {size: 86_400}),
  interval: sampleType((n) => `${n + 1} days`),
  uuid: sampleType(uuidOf),
  json,
  jsonb: json,
  jsonpath: sampleType((n) => `$.n${n + 1}`),
  xml: sampleType((n) => `<n>${n + 1}</n>`),
  inet: sampleType(address),
  cidr: sampleType((n) => `${address(n)}/32`),
  macaddr: sampleType((n) => pairs(hex(n, 12))),
  macaddr8: sampleType((n) => pairs(hex(n, 16))),
  bit: (modifier) => bits(modifier < 1 ? 1 : modifier),
  varbit: bits,
  tsvector: sampleType((n) => `word${n + 1}`),
  tsquery: sampleType((n) => `word${n + 1}`),
  point: sampleType((n) => `(${n + 1},1)`),
  line: sampleType((n) => `{1,1,${n + 1}}`),
  lseg: sampleType((n) => `[(0,0),(${n + 1},1)]`),
  box: sampleType((n) => `(${n + 1},1),(0,0)`),
  path: sampleType((n) => `[(0,0),(${n + 1},1)]`),
  polygon: sampleType((n) => `((0,0),(${n + 1},0),(0,1))`),
  circle: sampleType((n) => `<(0,0),${n + 1}>`),
  oid: sampleType((n) => String(n + 1)),
  xid: sampleType((n) => String(n + 1)),
  xid8: sampleType((n) => String(n + 1)),
  cid: sampleType((n) => String(n + 1)),
  tid: sampleType((n) => `(${n + 1},1)`),
  pg_lsn: sampleType((n) => `0/${(n + 1).toString(16)}`),
  pg_snapshot: sampleType((n) => `${n + 1}:${n + 1}:`),
  txid_snapshot: sampleType((n) => `${n + 1}:${n + 1}:`),
  int2vector: sampleType((n) => String(n + 1)),
  oidvector: sampleType((n) => String(n + 1)),
  regclass: only('pg_class'),
  regtype: only('integer'),
  regproc: only('pg_catalog.now'),
  regprocedure: only('pg_catalog.now()'),
  regoper: only('pg_catalog.||/'),
  regoperator: only('pg_catalog.+(integer,integer)'),
  regrole: only('pg_monitor'),
  regnamespace: only('pg_catalog'),
  regconfig: only('pg_catalog.simple'),
  regdictionary: only('pg_catalog.simple'),
  regcollation: only('pg_catalog."C"'),
  // Of extensions.
  hstore: sampleType((n) => `n=>${n + 1}`),
  ltree: sampleType((n) => `n${n + 1}`),
  cube: sampleType((n) => `(${n + 1})`),
  vector,
  halfvec: vector,
  geometry: sampleType((n) => `POINT(${n % 180} 1)`),
  geography: sampleType((n) => `POINT(${n % 180} 1)`, {size: 180}),
}

function clock(n: number): string {
  return new Date((n % 86_400) * 1000).toISOString().slice(11, 19)
}

function pairs(digits: string): string {
  return (digits.match(/../g) ?? []).join(':')
}
