import {MigError} from '../errors.ts'
import type {CountedLoss} from '../runner/count-losses.ts'
import {listOf, plural} from '../util/text.ts'
import type {StepView} from './results.ts'
import type {RunContext} from './run-context.ts'

export interface LossOptions {
  /**
   * Whether to run what loses rows or values, or a function that is asked; by default, it is run. Data is counted before
   * anything is changed.
   */
  readonly acceptLoss?: boolean | AcceptLoss | undefined
}

/** Returns whether steps may be run that lose data. */
export type AcceptLoss = (steps: readonly StepView[]) => Promise<boolean>

/** Thrown before a run that would lose data. */
class DataLossError extends MigError {
  constructor(steps: readonly StepView[]) {
    const lost = steps.flatMap(({losses = []}) => losses)
    const [step] = steps
    super(
      'DATA_LOSS',
      `The ${step?.direction ?? 'run'} would lose ${listOf(lost.map(describeLoss), 5)}; nothing was executed.`,
      {
        hint: 'Inspect the plan with `--dry-run`; `--yes` accepts the loss.',
        data: {losses: lost},
      },
    )
  }
}

/** Returns lost data as text: `3 rows of people`, `1 value in people.note`. */
export function describeLoss({table, column, count, precision, reason}: CountedLoss): string {
  const [what, place] =
    column === null ? (['row', `of ${table}`] as const) : (['value', `in ${table}.${column}`] as const)
  if (count === null) return `the ${what}s ${place}, which could not be counted (${(reason ?? '').split('\n')[0]})`
  const number = new Intl.NumberFormat('en-US').format(count)
  const counted = precision === 'exact' ? plural(count, what).replace(String(count), number) : `${number} ${what}s`
  const about = {exact: '', estimate: 'about ', 'at least': 'at least '}[precision]
  return `${about}${counted} ${place}`
}

/**
 * Says what a run would lose, and refuses it if the caller does not accept that.
 *
 * @throws MigError DATA_LOSS, and what the caller's function throws
 */
export async function acceptLosses(
  {onEvent}: Pick<RunContext, 'onEvent'>,
  steps: readonly StepView[],
  acceptLoss: boolean | AcceptLoss,
): Promise<void> {
  const losing = steps.filter(({losses}) => losses !== undefined)
  if (losing.length === 0) return
  if (acceptLoss === true)
    for (const {direction, revision, losses = []} of losing)
      onEvent({kind: 'note', text: `The ${direction} of ${revision} loses ${listOf(losses.map(describeLoss), 5)}.`})
  else if (acceptLoss === false || !(await acceptLoss(losing))) throw new DataLossError(losing)
}
