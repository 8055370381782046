import type {Dialect} from '../../../dialects/dialect.ts'

/** The databases whose types restrict values. */
export type StrictDialect = Exclude<Dialect, 'sqlite'>

/** A type under its usual name, with the sizes that it has where none are given. */
export interface SizedType {
  readonly base: string
  /** Sizes; a number without any is not limited. */
  readonly sizes: readonly number[]
  readonly isUnsigned: boolean
}

const everywhere: Readonly<Record<string, string>> = {
  int: 'integer',
  decimal: 'numeric',
  dec: 'numeric',
  'double precision': 'double',
  'character varying': 'varchar',
  character: 'char',
}

const postgresNames: Readonly<Record<string, string>> = {
  ...everywhere,
  ...{int2: 'smallint', int4: 'integer', int8: 'bigint'},
  ...{smallserial: 'smallint', serial: 'integer', bigserial: 'bigint'},
  ...{float4: 'real', float8: 'double', float: 'double', bool: 'boolean'},
  ...{citext: 'text', varbit: 'bit varying'},
}

const mysqlNames: Readonly<Record<string, string>> = {
  ...everywhere,
  ...{fixed: 'numeric', float: 'real', real: 'double', bool: 'tinyint', boolean: 'tinyint'},
}

const postgresSizes: Readonly<Record<string, readonly number[]>> = {
  ...{timestamp: [6], timestamptz: [6], time: [6], timetz: [6], interval: [6]},
  ...{char: [1], bit: [1]},
}

const mysqlSizes: Readonly<Record<string, readonly number[]>> = {
  ...{timestamp: [0], datetime: [0], time: [0]},
  ...{char: [1], binary: [1], bit: [1], numeric: [10, 0]},
}

/** Returns a type of a database with its sizes; undefined for one that has no such form. */
export function sizedType(type: string, dialect: StrictDialect): SizedType | undefined {
  const {base, sizes, unsigned} =
    /^(?<base>[a-z][a-z0-9 ]*?)(?:\((?<sizes>\d+(?:,\s*\d+)?)\))?(?<unsigned> unsigned)?$/.exec(type.toLowerCase())
      ?.groups ?? {}
  if (base === undefined) return undefined
  const {names, defaults} = spellingOf(dialect)
  const given = sizes?.split(',').map(Number)
  // A single size of a float is a number of bits.
  if (base === 'float' && given?.length === 1)
    return {base: (given[0] ?? 0) > 24 ? 'double' : 'real', sizes: [], isUnsigned: unsigned !== undefined}
  const name = own(names, base) ?? base
  return {base: name, sizes: given ?? own(defaults, name) ?? [], isUnsigned: unsigned !== undefined}
}

/** The other names of types, and the sizes of types that have some where none are given. */
interface Spelling {
  readonly names: Readonly<Record<string, string>>
  readonly defaults: Readonly<Record<string, readonly number[]>>
}

function spellingOf(dialect: StrictDialect): Spelling {
  switch (dialect) {
    case 'postgresql':
      return {names: postgresNames, defaults: postgresSizes}
    case 'mysql':
    case 'mariadb':
      return {names: mysqlNames, defaults: mysqlSizes}
  }
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
