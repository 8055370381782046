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

export const mariadb: DialectDefinition = {
  ...mysqlFamily,
  name: 'mariadb',
  drivers: [
    {
      kind: 'mariadb',
      package: '@mikro-orm/mariadb',
      driver: 'MariaDbDriver',
      schemes: ['mariadb'],
      isFile: false,
      isExclusive: false,
      connectLimit: {option: 'connectTimeout', parameter: 'connectTimeout'},
      address: mysqlAddress,
    },
  ],
  platforms: ['MariaDbPlatform'],
  offlineUrl: 'mariadb://localhost/none',
  capabilities: {
    ...mysqlCapabilities,
    sequences: 'some',
    columnIfExists: true,
    indexIfExists: true,
    constraintIfExists: true,
    expressionIndexes: false,
    longDefaults: true,
    changesAnyDefault: true,
    columnChecks: true,
  },
  transaction: {
    begin: 'start transaction',
    timeouts: () => [],
    sessionTimeouts: sessionSettings((timeouts) => ({
      ...lockTimeouts(timeouts),
      max_statement_time: timeouts.statement === undefined ? 'default' : timeouts.statement / 1000,
    })),
    probe: {sql: 'set transaction read write', undo: []},
    nonTransactional,
    elapsed: undefined,
  },
  session: mysqlSession(
    [
      'check_constraint_checks',
      'innodb_strict_mode',
      'tx_isolation',
      'tx_read_only',
      'system_versioning_alter_history',
    ],
    'one',
  ),
  types: {...mysqlTypes, inet: 'inet6'},
}
