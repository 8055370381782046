import {fileAddress, libsqlAddress} from './addresses.ts'
import {defaultInParentheses} from './default-expression.ts'
import type {DialectDefinition} from './dialect.ts'
import {guardByConstraint} from './script-guard.ts'

export const sqlite: DialectDefinition = {
  name: 'sqlite',
  title: 'SQLite',
  drivers: [
    {
      kind: 'sqlite',
      package: '@mikro-orm/sqlite',
      driver: 'SqliteDriver',
      schemes: ['sqlite', 'file'],
      isFile: true,
      isExclusive: false,
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
  // A file is not looked into before something is asked of it.
  probe: 'pragma schema_version',
  sessionId: undefined,
  capabilities: {
    ddlCommits: false,
    rebuildsTables: true,
    hasServerParser: false,
    identityColumns: false,
    enumTypes: false,
    unsignedNumbers: false,
    onUpdateValues: false,
    nullableGenerated: true,
    redefinesColumns: false,
    partitions: false,
    primaryKeyNames: 'accepted',
    uniqueIsIndex: true,
    fullTextByExpression: false,
    indexesPerTable: false,
    renamesConstraints: false,
    renamesIndexes: false,
  },
  transaction: {
    begin: 'begin immediate',
    timeouts: () => [],
    sessionTimeouts: undefined,
    elapsed: undefined,
  },
  lock: 'row',
  tenants: undefined,
  script: {
    stopOnError: {command: '.bail on', isForTransactions: true},
    checksRows: false,
    needsDelimiter: false,
    guard: guardByConstraint({create: 'create temp table', drop: 'drop table'}),
  },
  scratch: {kind: 'memory'},
  // SQLite takes any name for a type.
  types: {},
  spellings: {},
  // SQLite counts rows in this one type.
  counterType: () => 'integer',
  defaultExpression: (sql) => (/^now\(\d*\)$/i.test(sql) ? 'current_timestamp' : defaultInParentheses(sql)),
  split: async (text) => {
    const {splitSqlite} = await import('./split/scanned.ts')
    return splitSqlite(text)
  },
}
