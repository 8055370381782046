import type {Connection} from '../../src/runner/connection/connect.ts'
import {openSession} from '../../src/runner/connection/open-session.ts'
import type {Session} from '../../src/runner/connection/session.ts'

/** Opens a session, passes it on, and closes it afterwards. */
export async function withSession<Result>(
  connection: Connection,
  signal: AbortSignal | undefined,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  const {session, explain, close} = await openSession(connection, signal)
  try {
    return await use(session)
  } catch (error) {
    throw explain(error)
  } finally {
    await close()
  }
}
