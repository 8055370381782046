import {splitName} from '../names.ts'
import type {ColumnDefinition, DefaultValue, Identity} from './column.ts'

/** Describes one column. Each method returns a new builder with the change applied. */
export class ColumnBuilder {
  readonly definition: ColumnDefinition

  constructor(definition: ColumnDefinition) {
    this.definition = definition
  }

  notNull(): ColumnBuilder {
    return this.#with({nullable: false})
  }

  nullable(): ColumnBuilder {
    return this.#with({nullable: true})
  }

  /** Sets a default; an object or array is stored as JSON. For an expression, use `defaultSql`. */
  default(value: string | number | bigint | boolean | Date | object): ColumnBuilder {
    return this.#with({default: defaultOf(value)})
  }

  /** Sets a default expression: `now()`. */
  defaultSql(sql: string): ColumnBuilder {
    return this.#with({default: {sql}})
  }

  /** Makes the column the primary key, or part of it. */
  primaryKey(): ColumnBuilder {
    return this.#with({primaryKey: true, nullable: false})
  }

  /** Adds a unique constraint with its conventional name. */
  unique(): ColumnBuilder {
    return this.#with({unique: true})
  }

  /** Numbers the rows: `serial`, `auto_increment`, `integer primary key autoincrement`. */
  autoincrement(): ColumnBuilder {
    return this.#with({autoincrement: true, nullable: false})
  }

  /** Makes it an identity column, as in the SQL standard. */
  identity(generated: Identity['generated'] = 'always', options: Omit<Identity, 'generated'> = {}): ColumnBuilder {
    return this.#with({identity: {generated, ...options}, nullable: false})
  }

  /** Makes it a generated column, computed from other columns. */
  generatedAs(expression: string, {stored = true}: {readonly stored?: boolean} = {}): ColumnBuilder {
    return this.#with({generated: {as: expression, stored}})
  }

  unsigned(): ColumnBuilder {
    return this.#with({unsigned: true})
  }

  collate(collation: string): ColumnBuilder {
    return this.#with({collation})
  }

  comment(comment: string): ColumnBuilder {
    return this.#with({comment})
  }

  /** Sets the value assigned when the row is updated, on MySQL: `current_timestamp`. */
  onUpdate(sql: string): ColumnBuilder {
    return this.#with({onUpdate: sql})
  }

  /** Adds a check that is part of the column, on MariaDB: `age > 0`. */
  check(sql: string): ColumnBuilder {
    return this.#with({check: sql})
  }

  /** Makes the type an array, on PostgreSQL. */
  array(): ColumnBuilder {
    return this.#with({type: `${this.definition.type}[]`})
  }

  #with(change: Partial<ColumnDefinition>): ColumnBuilder {
    return new ColumnBuilder({...this.definition, ...change})
  }
}

/** SQL spellings of types whose method has a different name. */
const spellings: Readonly<Record<string, string>> = {double: 'double precision', varbit: 'bit varying'}

/** The types that have a method. Numeric arguments become the type's parameters: `t.numeric(10, 2)`. */
export const typeNames = [
  ...['smallint', 'integer', 'bigint', 'tinyint', 'mediumint', 'int', 'serial', 'bigserial', 'smallserial'],
  ...['numeric', 'decimal', 'real', 'double', 'float', 'money'],
  ...['boolean', 'char', 'varchar', 'text', 'citext', 'tinytext', 'mediumtext', 'longtext'],
  ...['date', 'time', 'timetz', 'timestamp', 'timestamptz', 'datetime', 'year', 'interval'],
  ...['uuid', 'json', 'jsonb', 'xml', 'inet', 'cidr', 'macaddr', 'bit', 'varbit', 'tsvector', 'tsquery'],
  ...['bytea', 'blob', 'tinyblob', 'mediumblob', 'longblob', 'binary', 'varbinary'],
  ...['point', 'geometry', 'hstore', 'ltree', 'oid', 'vector', 'int4range', 'int8range', 'numrange', 'tstzrange'],
] as const

type TypeName = (typeof typeNames)[number]

/** A method for each type, and methods for any other type. */
export type ColumnTypes = {readonly [K in TypeName]: (...sizes: readonly number[]) => ColumnBuilder} & {
  /** Any type, written as SQL. */
  raw(sql: string): ColumnBuilder
  /** A type created with `op.createEnum` or `op.createDomain`, by name. */
  type(name: string): ColumnBuilder
  /** One of a fixed list of strings, on MySQL. */
  enum(values: readonly string[]): ColumnBuilder
  /** A set of strings from a fixed list, on MySQL. */
  set(values: readonly string[]): ColumnBuilder
}

const column = (type: string): ColumnBuilder => new ColumnBuilder({type, nullable: true})
const listed = (values: readonly string[]): string => values.map(listedValue).join(', ')
/** A backslash has another meaning in each `sql_mode`. */
const listedValue = (value: string): string =>
  value.includes('\\') ? `x'${Buffer.from(value).toString('hex')}'` : `'${value.replaceAll("'", "''")}'`

export const columnTypes: ColumnTypes = {
  ...(Object.fromEntries(
    typeNames.map((name) => [
      name,
      (...sizes: readonly number[]) =>
        // Serial types are always NOT NULL.
        name.endsWith('serial')
          ? column(name).notNull()
          : column(`${spellings[name] ?? name}${sizes.length > 0 ? `(${sizes.join(', ')})` : ''}`),
    ]),
  ) as {[K in TypeName]: (...sizes: readonly number[]) => ColumnBuilder}),
  raw: column,
  type: (text) => {
    const {schema, name} = splitName(text)
    return column([...(schema === undefined ? [] : [schema]), name].map(quoteIfNeeded).join('.'))
  },
  enum: (values) => column(`enum(${listed(values)})`),
  set: (values) => column(`set(${listed(values)})`),
}

function quoteIfNeeded(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

function defaultOf(value: string | number | bigint | boolean | Date | object): DefaultValue {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : value
}
