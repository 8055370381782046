import {mysqlAddress} from './addresses.ts'
import type {DialectDefinition} from './dialect.ts'
import {
  lockTimeouts,
  mysqlCapabilities,
  mysqlFamily,
  mysqlTypes,
  nonTransactional,
  sessionSettings,
} from './mysql-family.ts'
import {mysqlSession} from './session/mysql.ts'

export const mysql: DialectDefinition = {
  ...mysqlFamily,
  name: 'mysql',
  drivers: [
    {
      kind: 'mysql',
      package: '@mikro-orm/mysql',
      driver: 'MySqlDriver',
      schemes: ['mysql'],
      isFile: false,
      isExclusive: false,
      connectLimit: {option: 'connectTimeout', parameter: 'connectTimeout'},
      address: mysqlAddress,
    },
  ],
  platforms: ['MySqlPlatform'],
  offlineUrl: 'mysql://localhost/none',
  capabilities: {
    ...mysqlCapabilities,
    sequences: 'none',
    renamesUsedColumns: false,
    columnIfExists: false,
    indexIfExists: false,
    constraintIfExists: false,
    expressionIndexes: true,
    longDefaults: false,
    changesAnyDefault: false,
  },
  transaction: {
    begin: 'start transaction',
    timeouts: () => [],
    sessionTimeouts: sessionSettings(lockTimeouts),
    probe: {sql: 'set transaction read write', undo: []},
    nonTransactional,
    elapsed: undefined,
  },
  session: mysqlSession(['max_execution_time', 'transaction_isolation', 'transaction_read_only'], 'several'),
  types: {...mysqlTypes, uuid: 'char(36)', inet: 'varchar(43)'},
}
