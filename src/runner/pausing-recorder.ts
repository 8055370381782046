import type {SqlEntityManager} from '@mikro-orm/sql'
import type {Kysely} from 'kysely'
import {OperationsRecorder} from '../operations/recorder.ts'
import type {Row} from '../operations/bulk-insert.ts'

/** A recorder that remembers where its revision first waits for the database. */
export class PausingRecorder extends OperationsRecorder {
  #pause: Error | undefined

  /** An error whose stack locates the first call that waits; undefined without any. */
  get pause(): Error | undefined {
    return this.#pause
  }

  override async query<Result extends Row = Row>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<readonly Result[]> {
    this.#pause ??= new Error('waits')
    return super.query(sql, parameters)
  }

  override async flush(): Promise<void> {
    this.#pause ??= new Error('waits')
    return super.flush()
  }

  override async kysely<Database>(): Promise<Kysely<Database>> {
    this.#pause ??= new Error('waits')
    return super.kysely()
  }

  override async entityManager(): Promise<SqlEntityManager> {
    this.#pause ??= new Error('waits')
    return super.entityManager()
  }
}
