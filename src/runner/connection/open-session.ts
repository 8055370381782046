import {CompiledQuery} from 'kysely'
import type {Kysely} from 'kysely'
import {dialects} from '../../dialects/dialects.ts'
import {MigError} from '../../errors.ts'
import {rememberTimeouts} from '../transaction-boundaries.ts'
import {CommandFailure} from './command.ts'
import type {Connection} from './connect.ts'
import {connectionError} from './connection-errors.ts'
import {failureOf} from '../errors.ts'
import {PostgresClient} from './postgres-client.ts'
import {InterruptedError, TransactionNotSharedError} from '../run-errors.ts'
import {dialectOf, Session} from './session.ts'
import {enterTenant} from '../tenant.ts'

/**
 * Opens a session, passes it on, and gives it back afterwards.
 *
 * @throws MigError DATABASE_UNREACHABLE, DATABASE_REFUSED, DATABASE_FAILED, CONNECTION_LOST; what `use` throws
 */
export async function withSession<Result>(
  connection: Connection,
  signal: AbortSignal | undefined,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  if (connection.em.isInTransaction()) return withinTransaction(connection, signal, use)
  let isOpen = false
  let leave: (() => Promise<void>) | undefined
  let restore: (() => Promise<void>) | undefined
  const driverConnection = connection.em.getDriver().getConnection()
  const watch = await PostgresClient.watch(driverConnection)
  try {
    return await driverConnection
      .getClient<unknown>()
      .connection()
      .execute(async (pinned) => {
        isOpen = true
        const postgres = watch && (watch.find(await processIdOf(pinned)) ?? 'hidden')
        try {
          const serverId = signal && (await connectionIdOf(connection, pinned))
          const session = new Session(connection, pinned, postgres, signal, serverId)
          restore = connection.isShared ? await rememberTimeouts(session) : undefined
          leave = connection.tenant && (await enterTenant(session, connection.tenant))
          return await use(session)
        } finally {
          // Without the session there is nothing to leave.
          await leave?.().catch(() => {})
          await restore?.().catch(() => {})
          if (postgres !== 'hidden') postgres?.release()
        }
      })
  } catch (error) {
    if (error instanceof MigError) throw error
    if (signal?.aborted) throw new InterruptedError(`no revision was running on ${connection.name}.`, undefined)
    const cause = error instanceof CommandFailure ? error.cause : error
    throw isOpen
      ? failureOf(`A query on ${connection.name}`, connection.name, cause)
      : connectionError(connection.name, cause)
  } finally {
    watch?.stop()
  }
}

/**
 * Works in the transaction that an entity manager is in.
 *
 * @throws MigError TRANSACTION_NOT_SHARED, and as `withSession`
 */
async function withinTransaction<Result>(
  connection: Connection,
  signal: AbortSignal | undefined,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  const transaction = connection.em.getTransactionContext<Kysely<unknown>>()
  if (transaction === undefined) throw new RangeError('there is no transaction')
  const session = new Session(connection, transaction, undefined, signal, undefined)
  if (dialects[session.dialect].capabilities.ddlCommits) throw new TransactionNotSharedError(session.name)
  let leave: (() => Promise<void>) | undefined
  try {
    leave = connection.tenant && (await enterTenant(session, connection.tenant))
    return await use(session)
  } catch (error) {
    if (error instanceof MigError) throw error
    const cause = error instanceof CommandFailure ? error.cause : error
    throw failureOf(`A query on ${connection.name}`, connection.name, cause)
  } finally {
    await leave?.().catch(() => {})
  }
}

async function processIdOf(db: Kysely<unknown>): Promise<number> {
  const {rows} = await db.executeQuery<{readonly pid: number}>(CompiledQuery.raw('select pg_backend_pid() as pid'))
  return rows[0]?.pid ?? 0
}

/** Returns the id of a session, which only who may have to end its statements asks for. */
async function connectionIdOf({em}: Connection, db: Kysely<unknown>): Promise<number | undefined> {
  const {sessionId} = dialects[dialectOf(em.getDriver().getPlatform())]
  if (sessionId === undefined) return undefined
  const {rows} = await db.executeQuery<{readonly id: number | bigint}>(CompiledQuery.raw(sessionId))
  return rows[0] && Number(rows[0].id)
}
