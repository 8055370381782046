import type {SqlContext} from '../../operations/definition.ts'
import type {MikroSql} from '../../sql/mikro-sql.ts'
import type {Stages} from './stages.ts'

/** The context in which operations are produced. */
export interface Producing {
  readonly context: SqlContext
  readonly stages: Stages
  readonly mikro: Pick<MikroSql, 'DatabaseTable'>
}
