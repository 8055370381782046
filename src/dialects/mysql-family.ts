import {outsideMysql} from './outside.ts'
import type {Capabilities} from './capabilities.ts'
import {defaultInParentheses} from './default-expression.ts'
import type {DialectDefinition, SessionTimeouts, Timeouts} from './dialect.ts'
import {driverIsWrong, modeOf, quoteForMode, withPlainComments} from './mysql-literals.ts'
import {guardByConstraint} from './script-guard.ts'
import {once} from '../util/once.ts'

/** Imported once: `import()` takes time even when the module is loaded. */
const splitModule = once(async () => import('./split/scanned.ts'))

/** Properties shared by MySQL and MariaDB. */
export const mysqlFamily: Pick<
  DialectDefinition,
  | 'probe'
  | 'sessions'
  | 'literals'
  | 'lock'
  | 'releasesLocks'
  | 'tenants'
  | 'script'
  | 'scratch'
  | 'spellings'
  | 'counterType'
  | 'rowEstimate'
  | 'defaultExpression'
  | 'split'
  | 'condense'
> = {
  probe: 'select 1',
  sessions: {
    id: 'select connection_id() as id',
    cancel: (id) => `kill query ${id}`,
    active: (id) =>
      `select count(*) > 0 as active from information_schema.processlist where id = ${id} and command <> 'Sleep'`,
  },
  literals: {
    readMode: 'select @@sql_mode as mode',
    adapt: quoteForMode,
    withComments: withPlainComments,
    writesParameters: driverIsWrong,
  },
  lock: 'named',
  releasesLocks: /^(?:select|with|do|call|set)\b[^]*\brelease_all_locks\s*\(/i,
  tenants: {
    hasSearchPath: false,
    find: (tenant, {literal}) =>
      `select (select count(*) from information_schema.schemata where schema_name = ${literal(tenant)}) > 0 as found, database() as former`,
    create: (tenant, {quote}) => `create database if not exists ${quote(tenant)}`,
    enter: ([tenant = ''], {quote}) => `use ${quote(tenant)}`,
    leave: (former, {quote}) => `use ${quote(former)}`,
    enterTransaction: undefined,
  },
  script: {
    stopOnError: undefined,
    checksRows: false,
    needsDelimiter: true,
    guard: guardByConstraint({create: 'create temporary table', drop: 'drop temporary table'}),
  },
  scratch: {
    kind: 'server',
    server: {
      maintenance: 'information_schema',
      drop: (quoted) => `drop database if exists ${quoted}`,
      names: 'select schema_name as name from information_schema.schemata',
      outside: outsideMysql,
    },
  },
  spellings: {},
  rowEstimate: ({schema, name}, {literal}) =>
    `select table_rows as estimate from information_schema.tables where table_schema = ${schema === undefined ? 'database()' : literal(schema)} and table_name = ${literal(name)}`,
  counterType: (type) => type,
  defaultExpression: defaultInParentheses,
  split: async (text, isFile, platform) => {
    const {splitMysql} = await splitModule()
    return splitMysql(text, isFile, platform && modeOf(platform))
  },
  condense: async (sql) => {
    const {condenseScanned} = await import('./split/scan.ts')
    return condenseScanned(sql, 'mysql')
  },
}

const systemSchemas = "('information_schema', 'mysql', 'performance_schema', 'sys')"

/** Returns the name of an object, with its database unless that is the current one. */
const named = (schema: string, name: string): string =>
  `if(${schema} = database(), ${name}, concat(${schema}, '.', ${name}))`

/**
 * Tables whose storage engine has no transactions.
 *
 * @see https://dev.mysql.com/doc/refman/8.4/en/nontransactional-tables.html
 */
export const nonTransactional = {
  tables: `select ${named('table_schema', 'table_name')} as name from information_schema.tables
    where table_schema not in ${systemSchemas} and engine in
      (select engine from information_schema.engines where coalesce(transactions, 'NO') = 'NO')`,
  dependents: `select ${named('table_schema', 'table_name')} as name, view_definition as text from information_schema.views
    where table_schema not in ${systemSchemas}
    union all select ${named('event_object_schema', 'event_object_table')}, action_statement from information_schema.triggers
    where trigger_schema not in ${systemSchemas}
    union all select ${named('routine_schema', 'routine_name')}, routine_definition from information_schema.routines
    where routine_schema not in ${systemSchemas}`,
  // ER_WARNING_NOT_COMPLETE_ROLLBACK
  warnings: {query: 'show warnings', code: 1196},
} as const

/** Returns the settings for lock timeouts, in seconds. */
export function lockTimeouts({tableLock}: Timeouts): Readonly<Record<string, number | 'default'>> {
  const lock = tableLock === undefined ? 'default' : Math.max(1, Math.ceil(tableLock / 1000))
  return {lock_wait_timeout: lock, innodb_lock_wait_timeout: lock}
}

/** Returns SQL for session settings. */
export function sessionSettings(
  settings: (timeouts: Timeouts) => Readonly<Record<string, number | string>>,
): SessionTimeouts {
  const names = Object.keys(settings({tableLock: undefined, statement: undefined}))
  const set = (values: Readonly<Record<string, number | string | undefined>>): readonly string[] =>
    names.map((name) => `set session ${name} = ${values[name]}`)
  return {
    set: (timeouts) => set(settings(timeouts)),
    read: `select ${names.map((name) => `@@session.${name} as ${name}`).join(', ')}`,
    restore: set,
  }
}

/** Replacements for type names of other databases. */
export const mysqlTypes = {
  timestamptz: 'timestamp',
  timetz: 'time',
  jsonb: 'json',
  bytea: 'longblob',
  citext: 'text',
  money: 'decimal(19,4)',
  smallserial: 'smallint auto_increment',
  serial: 'int auto_increment',
  bigserial: 'bigint auto_increment',
} as const

/** Capabilities shared by MySQL and MariaDB. */
export const mysqlCapabilities = {
  ddlCommits: true,
  rebuildsTables: false,
  hasServerParser: false,
  schemas: false,
  extensions: false,
  domains: false,
  enumTypes: false,
  partitions: false,
  rowLevelSecurity: false,
  materializedViews: false,
  viewsFollowRenames: false,
  guardsViews: false,
  replacesViews: true,
  routines: true,
  overloadsRoutines: false,
  triggersPerTable: false,
  triggerConditions: false,
  cascade: false,
  comments: 'definition',
  tableOptions: [],
  storageParameters: false,
  renamesUsedColumns: true,
  altersUsedColumns: true,
  qualifiesRenames: true,
  identityColumns: false,
  countsInKeysOnly: false,
  unsignedNumbers: true,
  onUpdateValues: true,
  nullableGenerated: false,
  nullableKeys: false,
  columnPositions: true,
  columnChecks: false,
  cutsNames: undefined,
  redefinesColumns: true,
  typeConversions: false,
  primaryKeyNames: 'ignored',
  deferrable: 'none',
  actionColumns: false,
  notValid: false,
  inheritance: false,
  uniqueOptions: false,
  excludeConstraints: false,
  keepsConstantChecks: false,
  renamesConstraints: false,
  dropsByConstraintType: true,
  uniqueIsIndex: false,
  mergesUniques: false,
  concurrentIndexes: false,
  fullTextByExpression: false,
  indexPrefixes: true,
  indexesPerTable: true,
  keysNeedIndexes: true,
  keyTypeChanges: 'none',
  renamesIndexes: true,
} as const satisfies Partial<Capabilities>
