import {outsideSqlite} from './outside.ts'
import {fileAddress, libsqlAddress} from './addresses.ts'
import {defaultInParentheses} from './default-expression.ts'
import type {DialectDefinition} from './dialect.ts'
import {guardByConstraint} from './script-guard.ts'
import {sqliteSession} from './session/sqlite.ts'
import {once} from '../util/once.ts'

/** Imported once: `import()` takes time even when the module is loaded. */
const splitModule = once(async () => import('./split/scanned.ts'))

export const sqlite: DialectDefinition = {
  name: 'sqlite',
  drivers: [
    {
      kind: 'sqlite',
      package: '@mikro-orm/sqlite',
      driver: 'SqliteDriver',
      schemes: ['sqlite', 'file'],
      isFile: true,
      isExclusive: false,
      snapshots: 'file',
      client: 'better-sqlite3',
      address: fileAddress(':memory:'),
    },
    {
      kind: 'libsql',
      package: '@mikro-orm/libsql',
      driver: 'LibSqlDriver',
      schemes: ['libsql'],
      isFile: true,
      isExclusive: false,
      address: libsqlAddress,
    },
  ],
  platforms: ['SqlitePlatform'],
  offlineUrl: 'sqlite::memory:',
  // SQLite does not read the file until the first query.
  probe: 'pragma schema_version',
  sessions: undefined,
  capabilities: {
    ddlCommits: false,
    rebuildsTables: true,
    hasServerParser: false,
    schemas: false,
    extensions: false,
    domains: false,
    enumTypes: false,
    partitions: false,
    rowLevelSecurity: false,
    materializedViews: false,
    viewsFollowRenames: true,
    guardsViews: true,
    replacesViews: false,
    routines: false,
    overloadsRoutines: false,
    triggersPerTable: false,
    triggerConditions: true,
    sequences: 'none',
    cascade: false,
    columnIfExists: false,
    indexIfExists: true,
    constraintIfExists: true,
    comments: 'none',
    tableOptions: ['strict', 'withoutRowid'],
    storageParameters: false,
    renamesUsedColumns: true,
    altersUsedColumns: true,
    qualifiesRenames: false,
    identityColumns: false,
    countsInKeysOnly: true,
    unsignedNumbers: false,
    onUpdateValues: false,
    nullableGenerated: true,
    nullableKeys: true,
    longDefaults: true,
    changesAnyDefault: false,
    columnPositions: false,
    columnChecks: false,
    cutsNames: undefined,
    redefinesColumns: false,
    typeConversions: false,
    primaryKeyNames: 'accepted',
    deferrable: 'foreignKeys',
    actionColumns: false,
    notValid: false,
    inheritance: false,
    uniqueOptions: false,
    excludeConstraints: false,
    keepsConstantChecks: true,
    renamesConstraints: false,
    dropsByConstraintType: true,
    uniqueIsIndex: true,
    mergesUniques: false,
    concurrentIndexes: false,
    expressionIndexes: true,
    fullTextByExpression: false,
    indexPrefixes: false,
    indexesPerTable: false,
    keysNeedIndexes: false,
    keyTypeChanges: 'all',
    renamesIndexes: false,
  },
  literals: undefined,
  transaction: {
    begin: 'begin immediate',
    timeouts: () => [],
    sessionTimeouts: undefined,
    probe: {sql: 'begin', undo: ['rollback']},
    nonTransactional: undefined,
    elapsed: undefined,
  },
  session: sqliteSession,
  lock: 'row',
  releasesLocks: undefined,
  tenants: undefined,
  script: {
    stopOnError: '.bail on',
    checksRows: false,
    needsDelimiter: false,
    guard: guardByConstraint({create: 'create temp table', drop: 'drop table'}),
  },
  scratch: {kind: 'memory', outside: outsideSqlite},
  // SQLite accepts any type name.
  types: {},
  spellings: {},
  // SQLite only supports autoincrement on this type.
  rowEstimate: undefined,
  counterType: () => 'integer',
  defaultExpression: (sql) => (/^now\(\d*\)$/i.test(sql) ? 'current_timestamp' : defaultInParentheses(sql)),
  split: async (text) => {
    const {splitSqlite} = await splitModule()
    return splitSqlite(text)
  },
  condense: async (sql) => {
    const {condenseScanned} = await import('./split/scan.ts')
    return condenseScanned(sql, 'sqlite')
  },
}
