import {outsidePostgres} from './outside.ts'
import {fileAddress, postgresAddress} from './addresses.ts'
import type {DialectDefinition, Quoting, Timeouts} from './dialect.ts'
import {postgresqlSession} from './session/postgresql.ts'
import {once} from '../util/once.ts'

/** Imported once: `import()` takes time even when the module is loaded. */
const splitModule = once(async () => import('./split/postgres.ts'))

const setLocal = (name: string, value: number | undefined): readonly string[] =>
  value === undefined ? [] : [`set local ${name} = ${value}`]

const pathOf = (names: readonly string[], {quote}: Quoting): string => names.map(quote).join(', ')

const setPath = (path: string, {literal}: Quoting, isLocal: boolean): string =>
  `select set_config('search_path', ${literal(path)}, ${isLocal})`

export const postgresql: DialectDefinition = {
  name: 'postgresql',
  drivers: [
    {
      kind: 'postgresql',
      package: '@mikro-orm/postgresql',
      driver: 'PostgreSqlDriver',
      schemes: ['postgresql', 'postgres'],
      isFile: false,
      isExclusive: false,
      snapshots: 'database',
      client: 'pg',
      connectLimit: {option: 'connectionTimeoutMillis', parameter: 'connect_timeout'},
      address: postgresAddress,
    },
    {
      kind: 'pglite',
      package: '@mikro-orm/pglite',
      driver: 'PgliteDriver',
      schemes: ['pglite'],
      isFile: true,
      isExclusive: true,
      snapshots: 'folder',
      address: fileAddress('memory://'),
    },
  ],
  platforms: ['PostgreSqlPlatform', 'BasePostgreSqlPlatform'],
  offlineUrl: 'postgresql://localhost/none',
  probe: 'select 1',
  sessions: {
    id: 'select pg_backend_pid() as id',
    cancel: (id) => `select pg_cancel_backend(${id})`,
    active: (id) => `select count(*) > 0 as active from pg_stat_activity where pid = ${id} and state = 'active'`,
  },
  capabilities: {
    ddlCommits: false,
    rebuildsTables: false,
    hasServerParser: true,
    schemas: true,
    extensions: true,
    domains: true,
    enumTypes: true,
    partitions: true,
    rowLevelSecurity: true,
    materializedViews: true,
    viewsFollowRenames: true,
    guardsViews: true,
    replacesViews: true,
    routines: true,
    overloadsRoutines: true,
    triggersPerTable: true,
    triggerConditions: true,
    sequences: 'all',
    cascade: true,
    columnIfExists: true,
    indexIfExists: true,
    constraintIfExists: true,
    comments: 'statement',
    tableOptions: ['partitionBy', 'inherits', 'unlogged', 'with', 'tablespace'],
    storageParameters: true,
    renamesUsedColumns: true,
    altersUsedColumns: false,
    qualifiesRenames: false,
    identityColumns: true,
    countsInKeysOnly: false,
    unsignedNumbers: false,
    onUpdateValues: false,
    nullableGenerated: true,
    nullableKeys: false,
    longDefaults: true,
    changesAnyDefault: true,
    columnPositions: false,
    columnChecks: false,
    cutsNames: 63,
    redefinesColumns: false,
    typeConversions: true,
    primaryKeyNames: 'kept',
    deferrable: 'constraints',
    actionColumns: true,
    notValid: true,
    inheritance: true,
    uniqueOptions: true,
    excludeConstraints: true,
    keepsConstantChecks: true,
    renamesConstraints: true,
    dropsByConstraintType: false,
    uniqueIsIndex: false,
    mergesUniques: true,
    concurrentIndexes: true,
    expressionIndexes: true,
    fullTextByExpression: true,
    indexPrefixes: false,
    indexesPerTable: false,
    keysNeedIndexes: false,
    keyTypeChanges: 'comparable',
    renamesIndexes: true,
  },
  literals: undefined,
  transaction: {
    begin: 'begin',
    timeouts: ({tableLock, statement}: Timeouts) => [
      ...setLocal('lock_timeout', tableLock),
      ...setLocal('statement_timeout', statement),
    ],
    sessionTimeouts: undefined,
    sessionLockTimeout: {
      set: (timeout) =>
        `select current_setting('lock_timeout') as former, set_config('lock_timeout', '${timeout}', false)`,
      restore: (former) => `select set_config('lock_timeout', '${former}', false)`,
    },
    probe: undefined,
    nonTransactional: undefined,
    elapsed: 'greatest(0, extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000)::int',
  },
  rowEstimate: ({schema, name}, {quote, literal}) =>
    `select reltuples as estimate from pg_class where oid = to_regclass(${literal([schema ?? [], name].flat().map(quote).join('.'))})`,
  session: postgresqlSession,
  lock: 'advisory',
  releasesLocks: /^discard\s+all\b|^(?:select|with|do|call)\b[^]*\bpg_advisory_unlock_all\s*\(/i,
  tenants: {
    hasSearchPath: true,
    find: (tenant, {literal}) =>
      `select exists (select from pg_catalog.pg_namespace where nspname = ${literal(tenant)}) as found, current_setting('search_path') as former`,
    create: (tenant, {quote}) => `create schema if not exists ${quote(tenant)}`,
    enter: (names, quoting, isLocal) => setPath(pathOf(names, quoting), quoting, isLocal),
    leave: setPath,
    enterTransaction: (names, quoting) => `set local search_path to ${pathOf(names, quoting)}`,
  },
  script: {
    stopOnError: '\\set ON_ERROR_STOP on',
    checksRows: true,
    needsDelimiter: false,
    guard: ({condition, place}, {literal}) => {
      const message = literal(`the database is not at ${place}, where this part of the script begins`)
      // A missing version table fails with the same message as a different state.
      const check = `if not (${condition}) then raise undefined_table; end if;`
      const failure = `exception when undefined_table then raise exception using message = ${message};`
      return [`do $mig$ begin ${check} ${failure} end $mig$`]
    },
  },
  scratch: {
    kind: 'driver',
    driver: 'pglite',
    server: {
      maintenance: 'postgres',
      drop: (quoted) => `drop database if exists ${quoted} with (force)`,
      names: undefined,
      outside: outsidePostgres,
    },
  },
  types: {
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
  spellings: {
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
  },
  // MikroORM uses `serial` to create the column, and `int` when it reads it back.
  counterType: (type) => ({serial: 'integer', bigserial: 'bigint', smallserial: 'smallint'})[type] ?? type,
  defaultExpression: (sql) => sql,
  split: async (text) => {
    const {splitPostgres} = await splitModule()
    return splitPostgres(text)
  },
  condense: async (sql) => {
    const {condensePostgres} = await import('./split/postgres-scan.ts')
    return condensePostgres(sql)
  },
}
