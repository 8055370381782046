/** Types that PostgreSQL converts to and from any other type. */
const texts: readonly string[] = ['text', 'varchar', 'char', 'name', 'citext']
const numbers: readonly string[] = ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision']

/** The other conversions of PostgreSQL. @see the catalogue `pg_cast` */
const casts: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(numbers.map((name) => [name, numbers])),
  integer: [...numbers, 'boolean', 'bit', 'oid', 'money'],
  bigint: [...numbers, 'bit', 'oid', 'money'],
  smallint: [...numbers, 'oid'],
  numeric: [...numbers, 'money'],
  boolean: ['integer'],
  money: ['numeric'],
  oid: ['integer', 'bigint'],
  bit: ['integer', 'bigint', 'varbit'],
  varbit: ['bit'],
  date: ['timestamp', 'timestamptz'],
  timestamp: ['date', 'time', 'timestamptz'],
  timestamptz: ['date', 'time', 'timetz', 'timestamp'],
  time: ['timetz', 'interval'],
  timetz: ['time'],
  interval: ['time'],
  json: ['jsonb'],
  jsonb: ['json', 'boolean', ...numbers],
  inet: ['cidr'],
  cidr: ['inet'],
  macaddr: ['macaddr8'],
  macaddr8: ['macaddr'],
  box: ['lseg', 'circle', 'polygon', 'point'],
  circle: ['box', 'polygon', 'point'],
  polygon: ['circle', 'point', 'path', 'box'],
  path: ['polygon'],
  point: ['box'],
  lseg: ['point'],
  hstore: ['json', 'jsonb'],
  geometry: ['geography', 'bytea', 'json', 'jsonb', 'point', 'path', 'polygon'],
  geography: ['geometry', 'bytea'],
  vector: ['halfvec', 'sparsevec', 'real[]'],
  halfvec: ['vector', 'sparsevec', 'real[]'],
  sparsevec: ['vector', 'halfvec'],
  'real[]': ['vector', 'halfvec'],
}

const aliases: Readonly<Record<string, string>> = {
  int: 'integer',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  float: 'double precision',
  decimal: 'numeric',
  bool: 'boolean',
  character: 'char',
  'character varying': 'varchar',
  'bit varying': 'varbit',
}

/**
 * Writes the conversion of an expression to another type on PostgreSQL: by a cast where there is one, and otherwise
 * through a type that both have a cast with.
 *
 * @param from the previous type, if known
 */
export function convertedSql(expression: string, from: string | undefined, to: string): string {
  const through = from === undefined ? undefined : between(baseOf(from), baseOf(to))
  return `${expression}${through === undefined ? '' : `::${through}`}::${to}`
}

const isNumber = (type: string): boolean => numbers.includes(type)

function between(from: string, to: string): string | undefined {
  if (from === to || texts.includes(from) || texts.includes(to) || casts[from]?.includes(to)) return undefined
  const [isArray, isArrayAfter] = [from.endsWith('[]'), to.endsWith('[]')]
  if (isArray && isArrayAfter) {
    const through = between(from.slice(0, -2), to.slice(0, -2))
    return through === undefined ? undefined : `${through}[]`
  }
  if ((from === 'boolean' && isNumber(to)) || (to === 'boolean' && isNumber(from))) return 'integer'
  if ((from === 'money' && isNumber(to)) || (to === 'money' && isNumber(from))) return 'numeric'
  return 'text'
}

/** Returns a type by its plain name, without its sizes. */
function baseOf(type: string): string {
  const plain = type.toLowerCase().replace(/\s*\([^)]*\)/, '')
  const arrays = /(?:\[\])*$/.exec(plain)?.[0] ?? ''
  const name = plain.slice(0, plain.length - arrays.length)
  return (Object.hasOwn(aliases, name) ? aliases[name] : name) + (arrays === '' ? '' : '[]')
}
