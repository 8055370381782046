import {printable} from './untrusted.ts'
import {createInterface} from 'node:readline/promises'
import {MigError} from '../errors.ts'

/** Asks a question, and returns the answer; undefined when there will be none. */
type Ask = (question: string) => Promise<string | undefined>

/** The answer was no, or there was none. */
export class NotConfirmedError extends MigError {
  constructor() {
    super('INTERRUPTED', 'Cancelled; nothing was changed.')
  }
}

/** Returns whether an answer is yes. */
export function isYes(answer: string): boolean {
  return /^y(?:es)?$/i.test(answer.trim())
}

/** Asks on the terminal as long as `use` goes on. */
export async function asking<Result>(use: (ask: Ask) => Promise<Result>): Promise<Result> {
  const terminal = createInterface({input: process.stdin, output: process.stderr})
  // Ctrl-C and Ctrl-D close it, and then a question is never answered.
  const closed = new Promise<undefined>((done) => void terminal.once('close', () => done(undefined)))
  terminal.once('SIGINT', () => terminal.close())
  try {
    return await use(async (question) => {
      const answer = await Promise.race([terminal.question(printable(question)).catch(() => closed), closed])
      if (answer === undefined) process.stderr.write('\n')
      return answer
    })
  } finally {
    terminal.close()
  }
}
