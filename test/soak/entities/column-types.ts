import type {DatabaseKind} from '../../support/databases.ts'

/** A type of column, as the source of a property. */
export interface ColumnType {
  readonly source: string
  readonly values: 'number' | 'text' | 'other'
  readonly isIndexable: boolean
  readonly defaults: readonly string[]
}

const type = (
  source: string,
  values: ColumnType['values'],
  defaults: readonly string[] = [],
  isIndexable = true,
): ColumnType => ({source, values, isIndexable, defaults})

const numbers = ['.default(0)', '.default(7)', '.default(-5)', ".defaultRaw('(1 + 1)')"]
const fractions = ['.default(1.5)', '.default(0)', ".defaultRaw('(1 + 0.5)')"]
const texts = [
  ".default('')",
  ".default('a')",
  `.default("it's")`,
  ".default('null')",
  ".default('now()')",
  ".default('007')",
  '.default(\'a (b), "c" -- d\')',
]
const moments = [".defaultRaw('current_timestamp')"]

/** The first types are those of cases that are not about types. */
const everywhere: readonly ColumnType[] = [
  type('integer()', 'number', numbers),
  type('string()', 'text', texts),
  type('boolean()', 'other', ['.default(true)', '.default(false)']),
  type('datetime()', 'other', moments),
  type('string().length(50)', 'text', texts),
  type('string().length(60)', 'text', ['.defaultRaw("(lower(\'A\'))")']),
  type('smallint()', 'number', numbers),
  type('tinyint()', 'number', numbers),
  type('bigint()', 'number', [".default('5')", '.default(0)']),
  type('float()', 'number', fractions),
  type('double()', 'number', fractions),
  type('decimal().precision(10).scale(2)', 'number', fractions),
  type('decimal().precision(12).scale(4)', 'number', fractions),
  type('text()', 'text', [".default('')", ".default('b')", `.default("it's")`], false),
  type('character().length(3)', 'text', [".default('x')"]),
  type('uuid()', 'other', [".default('00000000-0000-4000-8000-000000000000')"]),
  type('date()', 'other', [".default('2001-02-03')"]),
  type('time()', 'other', [".default('12:00')"]),
  type('datetime(3)', 'other', []),
  type('datetime(0)', 'other', moments),
  type('json()', 'other', [".default('{}')", '.default({a: 1})'], false),
  type('blob()', 'other', [], false),
  type('uint8array()', 'other', [], false),
  type('array()', 'other', [".default(['a'])"], false),
  type('array(Number)', 'other', [], false),
]

const postgres: readonly ColumnType[] = [
  type('interval()', 'other', [".default('1 day')"]),
  type("datetime().columnType('timestamp(3)')", 'other', moments),
  type("datetime().columnType('timestamp')", 'other', moments),
  type("time().columnType('timetz')", 'other', []),
  type("json().columnType('json')", 'other', [], false),
  type("string().columnType('inet')", 'other', []),
  type("string().columnType('bit(4)')", 'other', []),
  type("string().columnType('tsvector')", 'other', [], false),
  type("string().columnType('int4range')", 'other', []),
  type("string().columnType('citext')", 'text', texts),
  type("string().collation('C')", 'text', texts),
  type("string().columnType('varchar(20)[]')", 'other', [], false),
  type("uuid().defaultRaw('gen_random_uuid()')", 'other', []),
  type("integer().columnType('numeric')", 'number', numbers),
]

const mysql: readonly ColumnType[] = [
  type('mediumint()', 'number', numbers),
  type('integer().unsigned()', 'number', ['.default(0)', '.default(7)']),
  type("string().columnType('varchar(30)')", 'text', texts),
  type("text().columnType('mediumtext')", 'text', [], false),
  type("datetime().columnType('timestamp')", 'other', moments),
  type("string().collation('utf8mb4_bin')", 'text', texts),
]

const sqlite: readonly ColumnType[] = [
  type('mediumint()', 'number', numbers),
  type('interval()', 'other', []),
  type("string().collation('nocase')", 'text', texts),
]

/** Returns the types that a database has. */
export function columnTypes(kind: DatabaseKind): readonly ColumnType[] {
  switch (kind) {
    case 'postgresql':
    case 'pglite':
      return [...everywhere, ...postgres]
    case 'mariadb':
    case 'mysql':
      return [...everywhere, ...mysql]
    case 'sqlite':
      return [...everywhere, ...sqlite]
  }
}

/** Returns the type of an enum, by how it is stored. */
export function enumType(items: readonly string[], form: number, id: string, kind: DatabaseKind): ColumnType {
  const list = `[${items.map((item) => `'${item}'`).join(', ')}]`
  const first = items[0] ?? ''
  const defaults = [`.default('${first}')`, `.default('${items.at(-1) ?? ''}')`]
  const arrays = [`.default(['${first}'])`]
  const isPostgres = kind === 'postgresql' || kind === 'pglite'
  const name = `'mood_${id}'`
  const forms: readonly ColumnType[] = [
    type(`enum(${list})`, 'other', defaults),
    type(`enum(${list}).array()`, 'other', arrays, false),
    ...(isPostgres
      ? [
          type(`enum(${list}).nativeEnumName(${name})`, 'other', defaults),
          type(`enum(${list}).nativeEnumName(${name}).array()`, 'other', arrays, false),
        ]
      : []),
  ]
  return forms[form % forms.length] ?? forms[0]!
}
