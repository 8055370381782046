import type {AcceptLoss} from '../engine/losses.ts'
import type {StepView} from '../engine/results.ts'
import {MigError} from '../errors.ts'
import {joined, text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import {acceptLossOption} from './accept-loss.ts'
import type {Paint} from './style.ts'
import {asking, isYes, NotConfirmedError} from './ask.ts'
import {printNote} from './stdout.ts'

/** A question that cannot be asked. */
class ConfirmationNeededError extends MigError {
  constructor(command: string) {
    super('CONFIRMATION_NEEDED', `\`${command}\` requires confirmation, but there is no terminal to ask on.`, {
      hint: 'Use `--yes`, or inspect the plan with `--dry-run`.',
    })
  }
}

/**
 * Shows a plan and asks for confirmation.
 *
 * @throws MigError CONFIRMATION_NEEDED, INTERRUPTED
 */
export async function confirm(lines: readonly SafeText[], command: string): Promise<void> {
  if (!process.stdin.isTTY) throw new ConfirmationNeededError(command)
  printNote(joined(lines, '\n'))
  const answer = await asking(async (ask) => ask(text`Do it? [y/N] `))
  if (answer === undefined || !isYes(answer)) throw new NotConfirmedError()
}

/** Returns whether data may be lost that a confirmed plan does not name: asks about it, unless a flag says so. */
export function acceptUnplanned(
  planned: readonly StepView[],
  flags: {readonly yes: boolean},
  paint: Paint,
): boolean | AcceptLoss {
  const accept = acceptLossOption(flags, true, paint)
  if (typeof accept === 'boolean') return accept
  const known = new Set(planned.flatMap(({revision, losesData = []}) => (losesData.length > 0 ? revision : [])))
  return async (steps) => {
    const others = steps.filter(({revision}) => !known.has(revision))
    return others.length === 0 || accept(others)
  }
}
