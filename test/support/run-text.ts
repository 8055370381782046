import {CommandFailure} from '../../src/runner/connection/command.ts'
import type {Session} from '../../src/runner/connection/session.ts'
import {dialects} from '../../src/dialects/dialects.ts'

/** Runs a text of several statements; on MySQL, which takes them so, in one piece. */
export async function runText(session: Session, text: string): Promise<void> {
  const statements = await dialects[session.dialect].split(text, false)
  try {
    await session.send(statements.map(({sql}) => ({sql})))
  } catch (error) {
    throw error instanceof CommandFailure ? error.cause : error
  }
}
