import {createInterface} from 'node:readline/promises'
import {MigError} from '../errors.ts'

/** A question that cannot be asked. */
class ConfirmationNeededError extends MigError {
  constructor(command: string) {
    super(
      'CONFIRMATION_NEEDED',
      `\`${command}\` asks before it changes something, and there is no terminal to ask on.`,
      {
        hint: 'Say `--yes`, or look first with `--dry-run`.',
      },
    )
  }
}

/** The answer was no. */
class NotConfirmedError extends MigError {
  constructor() {
    super('INTERRUPTED', 'Nothing was done.')
  }
}

/**
 * Shows what would be done and asks whether to do it.
 *
 * @throws MigError CONFIRMATION_NEEDED, INTERRUPTED
 */
export async function confirm(lines: readonly string[], command: string): Promise<void> {
  if (!process.stdin.isTTY) throw new ConfirmationNeededError(command)
  process.stderr.write(`${lines.join('\n')}\n`)
  const terminal = createInterface({input: process.stdin, output: process.stderr})
  // Ctrl-C and Ctrl-D close it, and then a question is never answered.
  const closed = new Promise<undefined>((done) => void terminal.once('close', () => done(undefined)))
  terminal.once('SIGINT', () => terminal.close())
  try {
    const answer = await Promise.race([terminal.question('Do it? [y/N] ').catch(() => closed), closed])
    if (answer === undefined) process.stderr.write('\n')
    if (!/^y(?:es)?$/i.test(answer?.trim() ?? '')) throw new NotConfirmedError()
  } finally {
    terminal.close()
  }
}
