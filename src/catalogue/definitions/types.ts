import type {Dialect} from '../../operations/operation.ts'

/** The names that PostgreSQL's catalogue and MikroORM have for types, and those of revision files. */
const postgres: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  double: 'double precision',
  bool: 'boolean',
  bpchar: 'char',
  character: 'char',
  'character varying': 'varchar',
  varbit: 'bit varying',
  decimal: 'numeric',
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  'time with time zone': 'timetz',
  'time without time zone': 'time',
}

const parts =
  /^(?<base>[a-z][a-z0-9_ ]*?)\s*(?:\((?<sizes>[\d\s,]+)\))?(?<rest> with(?:out)? time zone)?(?<arrays>(?:\[\])*)$/

/** Writes a type as revision files have it: `timestamp(3) with time zone` is `timestamptz(3)`. */
export function spellType(type: string, dialect: Dialect): string {
  const {base, sizes, rest = '', arrays = ''} = parts.exec(type.trim().toLowerCase())?.groups ?? {}
  // What has quotes or a schema is somebody's own type.
  if (base === undefined) return type.trim()
  const name = dialect === 'postgresql' ? (postgres[base + rest] ?? base + rest) : base + rest
  return `${name}${
    sizes === undefined
      ? ''
      : `(${sizes
          .split(',')
          .map((size) => size.trim())
          .join(', ')})`
  }${arrays}`
}
