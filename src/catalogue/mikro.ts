import type * as Mikro from '@mikro-orm/sql'
import type {AbstractSqlConnection, AbstractSqlPlatform, SqlEntityManager} from '@mikro-orm/sql'
import type {Dialect} from '../operations/operation.ts'

/** The package as the project has it: what entities are made of must be of the same copy. */
export type MikroSql = typeof Mikro

/** A database whose schema is compared, and who knows the entities. All queries go through one session. */
export interface ComparedDatabase {
  readonly mikro: MikroSql
  readonly em: SqlEntityManager
  readonly dialect: Dialect
  readonly platform: AbstractSqlPlatform
  /** What MikroORM reads catalogues with. */
  readonly connection: AbstractSqlConnection
  query<Row>(sql: string): Promise<readonly Row[]>
}
