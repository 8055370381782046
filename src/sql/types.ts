import type {Dialect} from '../operations/operation.ts'

/** What a type is called where it is not known by its own name: the nearest that there is. */
const nearest: Readonly<Record<Dialect, Readonly<Record<string, string>>>> = {
  postgresql: {
    tinyint: 'smallint',
    mediumint: 'integer',
    double: 'double precision',
    datetime: 'timestamp',
    tinytext: 'text',
    mediumtext: 'text',
    longtext: 'text',
    blob: 'bytea',
    tinyblob: 'bytea',
    mediumblob: 'bytea',
    longblob: 'bytea',
    binary: 'bytea',
    varbinary: 'bytea',
  },
  // SQLite takes any name for a type.
  sqlite: {},
  mysql: mysqlTypes({uuid: 'char(36)', inet: 'varchar(43)'}),
  mariadb: mysqlTypes({inet: 'inet6'}),
}

function mysqlTypes(own: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return {
    timestamptz: 'timestamp',
    timetz: 'time',
    jsonb: 'json',
    bytea: 'longblob',
    citext: 'text',
    money: 'decimal(19,4)',
    smallserial: 'smallint auto_increment',
    serial: 'int auto_increment',
    bigserial: 'bigint auto_increment',
    ...own,
  }
}

/** Writes a type as a database knows it: `timestamptz(3)` is `timestamp(3)` on MySQL. */
export function typeFor(type: string, dialect: Dialect): string {
  const base = /^[a-z ]+/.exec(type)?.[0] ?? ''
  const name = nearest[dialect][base]
  if (name === undefined) return type
  const sizes = type.slice(base.length)
  const takesSizes = !name.includes('(') && !['bytea', 'text'].includes(name)
  return takesSizes ? name + sizes : name
}
