import {CompiledQuery} from 'kysely'
import type {Kysely} from 'kysely'
import {dialects} from '../../dialects/dialects.ts'
import {MigError} from '../../errors.ts'
import type {Row} from '../../operations/bulk-insert.ts'
import {rememberTimeouts} from '../transaction-boundaries.ts'
import {CommandFailure} from './command.ts'
import type {Connection} from './connect.ts'
import {connectionError} from './connection-errors.ts'
import {failureOf} from '../errors.ts'
import {watchPool} from './pool-watch.ts'
import type {PoolWatch} from './pool-watch.ts'
import {PostgresClient} from './postgres-client.ts'
import {InterruptedError} from '../run-errors.ts'
import {TransactionNotSharedError} from '../statement-errors.ts'
import {ServerSession} from './server-session.ts'
import {dialectOf, Session} from './session.ts'
import {enterTenant} from '../tenant.ts'

/** An open session and the function that closes it. */
export interface OpenSession {
  readonly session: Session
  /** Converts an error thrown during the session to a MigError. */
  readonly explain: (error: unknown) => MigError
  readonly close: () => Promise<void>
}

/**
 * Opens a session on a dedicated connection, or in the current transaction of the entity manager.
 *
 * @throws MigError DATABASE_UNREACHABLE, DATABASE_REFUSED, DATABASE_FAILED, CONNECTION_LOST, TRANSACTION_NOT_SHARED
 */
export async function openSession(connection: Connection, signal: AbortSignal | undefined): Promise<OpenSession> {
  return connection.em.isInTransaction() ? openWithinTransaction(connection, signal) : openPinned(connection, signal)
}

async function openPinned(connection: Connection, signal: AbortSignal | undefined): Promise<OpenSession> {
  const explain = explainOn(connection, signal)
  const driverConnection = connection.em.getDriver().getConnection()
  const watch = await watchPool(driverConnection)
  const cleanup = new Cleanup()
  cleanup.add(async () => watch?.stop())
  let pinned: Kysely<unknown>
  try {
    pinned = await pin(driverConnection.getClient<unknown>(), cleanup)
  } catch (error) {
    await cleanup.run()
    if (error instanceof MigError || signal?.aborted) throw explain(error)
    throw connectionError(connection.name, error)
  }
  try {
    const server = watch && (await serverSessionOf(connection, pinned, watch))
    cleanup.add(async () => server?.postgres?.release())
    await adaptLiterals(connection, pinned)
    const session = new Session(connection, pinned, server, signal)
    if (connection.isShared) cleanup.add(await rememberTimeouts(session))
    if (connection.tenant) cleanup.add(await enterTenant(session, connection.tenant))
    return {session, explain, close: async () => cleanup.run()}
  } catch (error) {
    await cleanup.run()
    throw explain(error)
  }
}

/** Reserves a pool connection until cleanup. */
async function pin(client: Kysely<unknown>, cleanup: Cleanup): Promise<Kysely<unknown>> {
  const {promise: released, resolve: release} = Promise.withResolvers<void>()
  return new Promise((resolve, reject) => {
    const done = client.connection().execute(async (pinned) => {
      resolve(pinned)
      await released
    })
    cleanup.add(async () => {
      release()
      await done
    })
    done.catch(reject)
  })
}

async function openWithinTransaction(connection: Connection, signal: AbortSignal | undefined): Promise<OpenSession> {
  const transaction = connection.em.getTransactionContext<Kysely<unknown>>()
  if (transaction === undefined) throw new RangeError('there is no transaction')
  const session = new Session(connection, transaction, undefined, signal)
  if (dialects[session.dialect].capabilities.ddlCommits) throw new TransactionNotSharedError(session.name)
  const explain = explainOn(connection, undefined)
  try {
    const leave = connection.tenant && (await enterTenant(session, connection.tenant))
    // Fails if the transaction has ended, and then there is nothing to restore.
    return {session, explain, close: async () => leave?.().catch(() => {})}
  } catch (error) {
    throw explain(error)
  }
}

function explainOn({name}: Connection, signal: AbortSignal | undefined): OpenSession['explain'] {
  return (error) => {
    if (error instanceof MigError) return error
    if (signal?.aborted) return new InterruptedError(`no revision was running on ${name}.`, undefined)
    return failureOf(`A query on ${name}`, name, error instanceof CommandFailure ? error.cause : error)
  }
}

/** Cleanup actions, run last to first. Failures are ignored: they mean that the connection is gone. */
class Cleanup {
  readonly #actions: (() => Promise<void>)[] = []

  add(action: () => Promise<void>): void {
    this.#actions.push(action)
  }

  async run(): Promise<void> {
    for (let action = this.#actions.pop(); action !== undefined; action = this.#actions.pop())
      await action().catch(() => {})
  }
}

/** Returns the connection under a session. */
async function serverSessionOf(
  {em}: Connection,
  db: Kysely<unknown>,
  watch: PoolWatch,
): Promise<ServerSession | undefined> {
  const driver = em.getDriver()
  const sql = dialects[dialectOf(driver.getPlatform())].sessions
  if (sql === undefined) return undefined
  const {rows} = await db.executeQuery<{readonly id: number | bigint}>(CompiledQuery.raw(sql.id))
  const id = Number(rows[0]?.id ?? 0)
  const socket = watch.socketOf(id)
  if (watch.find(id) === undefined)
    return new ServerSession({sql, id: undefined, socket, postgres: undefined, beside: async () => {}})
  const postgres = PostgresClient.find(watch, id)
  if (postgres === undefined) {
    const run = async (text: string): Promise<readonly Row[]> => driver.getConnection().execute(text)
    return new ServerSession({sql, id, socket, postgres, beside: async (use) => void (await use(run))})
  }
  return new ServerSession({
    ...{sql, id, socket, postgres},
    beside: async (use, over) =>
      postgres.beside(async (client) => use(async (text) => (await client.query(text)).rows), over),
  })
}

/** Makes literals right in the mode of the session. */
async function adaptLiterals({em}: Connection, db: Kysely<unknown>): Promise<void> {
  const platform = em.getDriver().getPlatform()
  const {literals} = dialects[dialectOf(platform)]
  if (literals === undefined) return
  const {rows} = await db.executeQuery<{readonly mode: string}>(CompiledQuery.raw(literals.readMode))
  literals.adapt(platform, rows[0]?.mode)
}
