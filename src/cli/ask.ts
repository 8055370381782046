import {createInterface} from 'node:readline/promises'
import {MigError} from '../errors.ts'
import {printed, text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import {printNote} from './stdout.ts'

/** Asks a question, and returns the answer; undefined when there will be none. */
type Ask = (question: SafeText) => Promise<string | undefined>

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
      const answer = await Promise.race([terminal.question(printed(question)).catch(() => closed), closed])
      if (answer === undefined) printNote(text``)
      return answer
    })
  } finally {
    terminal.close()
  }
}
