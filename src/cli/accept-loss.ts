import * as Flags from '@oclif/core/flags'
import {describeLoss} from '../engine/losses.ts'
import type {AcceptLoss} from '../engine/losses.ts'
import type {StepView} from '../engine/results.ts'
import {joined, text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import {printNote} from './stdout.ts'
import type {Paint} from './style.ts'

/** The flag of commands that may lose data. */
export const acceptLossFlag = {
  yes: Flags.boolean({char: 'y', summary: 'Run what loses rows or values without asking'}),
}

/** Returns the lines about the data that a step loses. */
export function lossLines({losses = []}: Pick<StepView, 'losses'>, paint: Paint): readonly SafeText[] {
  return losses.map((loss) => text`${paint('bad', 'loses')} ${describeLoss(loss)}`)
}

/**
 * Returns whether data may be lost: as a flag says, or on a terminal, a function that asks. Questions of several tenants are
 * asked one after another.
 *
 * @param mayAsk whether people read the output
 */
export function acceptLossOption({yes}: {readonly yes: boolean}, mayAsk: boolean, paint: Paint): boolean | AcceptLoss {
  if (yes) return true
  if (!mayAsk || !process.stdin.isTTY) return false
  let last: Promise<unknown> = Promise.resolve()
  return async (steps) => {
    const answer = last.then(async () => ask(steps, paint))
    last = answer.catch(() => {})
    return answer
  }
}

/** @throws MigError INTERRUPTED if the answer is no */
async function ask(steps: readonly StepView[], paint: Paint): Promise<boolean> {
  printNote(
    joined(
      steps.flatMap((step) => {
        const where = [step.database ?? [], step.tenant ?? []].flat().map((name) => text` on ${name}`)
        return lossLines(step, paint).map(
          (line) => text`  ${line} (${step.direction} ${paint('id', step.revision)}${joined(where, '')})`,
        )
      }),
      '\n',
    ),
  )
  const {asking, isYes, NotConfirmedError} = await import('./ask.ts')
  const answer = await asking(async (question) => question(text`Do it? [y/N] `))
  if (answer === undefined || !isYes(answer)) throw new NotConfirmedError()
  return true
}
