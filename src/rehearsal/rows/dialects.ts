import type {Dialect} from '../../dialects/dialect.ts'
import type {SqlContext} from '../../operations/definition.ts'
import type {Session} from '../../runner/connection/session.ts'
import type {InsertSyntax} from './insert.ts'
import {mariadbChecks, mysqlChecks, mysqlSyntax, readMysqlTables} from './mysql-tables.ts'
import {postgresSyntax, readPostgresTables} from './postgres-tables.ts'
import {readSqliteTables, sqliteSyntax} from './sqlite-tables.ts'
import type {Catalogue} from './table.ts'

/** The catalogue of a dialect and its syntax. */
interface RowDialect {
  readonly read: (session: Session, names: readonly string[]) => Promise<Catalogue>
  readonly syntax: (context: SqlContext) => InsertSyntax
}

export const rowDialects: Readonly<Record<Dialect, RowDialect>> = {
  postgresql: {read: readPostgresTables, syntax: postgresSyntax},
  sqlite: {read: readSqliteTables, syntax: sqliteSyntax},
  mariadb: {read: async (session, names) => readMysqlTables(session, names, mariadbChecks), syntax: mysqlSyntax},
  mysql: {read: async (session, names) => readMysqlTables(session, names, mysqlChecks), syntax: mysqlSyntax},
}
