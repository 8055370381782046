import {mysqlAddress} from './addresses.ts'
import type {DialectDefinition} from './dialect.ts'
import {lockTimeouts, mysqlFamily, mysqlTypes, sessionSettings} from './mysql-family.ts'

export const mariadb: DialectDefinition = {
  ...mysqlFamily,
  name: 'mariadb',
  title: 'MariaDB',
  drivers: [
    {
      kind: 'mariadb',
      package: '@mikro-orm/mariadb',
      driver: 'MariaDbDriver',
      schemes: ['mariadb'],
      isFile: false,
      isExclusive: false,
      address: mysqlAddress,
    },
  ],
  platforms: ['MariaDbPlatform'],
  offlineUrl: 'mariadb://localhost/none',
  capabilities: {
    ddlCommits: true,
    rebuildsTables: false,
    hasServerParser: false,
    identityColumns: false,
    enumTypes: false,
    unsignedNumbers: true,
    onUpdateValues: true,
    nullableGenerated: false,
    redefinesColumns: true,
    partitions: false,
    primaryKeyNames: 'ignored',
    uniqueIsIndex: false,
    fullTextByExpression: false,
    indexesPerTable: true,
    renamesConstraints: false,
    renamesIndexes: true,
  },
  transaction: {
    begin: 'start transaction',
    timeouts: () => [],
    sessionTimeouts: sessionSettings((timeouts) => ({
      ...lockTimeouts(timeouts),
      max_statement_time: timeouts.statement === undefined ? 'default' : timeouts.statement / 1000,
    })),
    elapsed: undefined,
  },
  types: {...mysqlTypes, inet: 'inet6'},
}
