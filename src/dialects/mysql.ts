import {mysqlAddress} from './addresses.ts'
import type {DialectDefinition} from './dialect.ts'
import {lockTimeouts, mysqlFamily, mysqlTypes, sessionSettings} from './mysql-family.ts'

export const mysql: DialectDefinition = {
  ...mysqlFamily,
  name: 'mysql',
  title: 'MySQL',
  drivers: [
    {
      kind: 'mysql',
      package: '@mikro-orm/mysql',
      driver: 'MySqlDriver',
      schemes: ['mysql'],
      isFile: false,
      isExclusive: false,
      address: mysqlAddress,
    },
  ],
  platforms: ['MySqlPlatform'],
  offlineUrl: 'mysql://localhost/none',
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
    sessionTimeouts: sessionSettings(lockTimeouts),
    elapsed: undefined,
  },
  types: {...mysqlTypes, uuid: 'char(36)', inet: 'varchar(43)'},
}
