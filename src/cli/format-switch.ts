import type {SnapshotStep, SwitchResult} from '../api/git/switch.ts'
import {describeLoss} from '../engine/losses.ts'
import {ageOf} from '../util/age.ts'
import {formatBytes} from './format-snapshots.ts'
import {text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import type {Paint} from './style.ts'

/** Returns the lines of a plan about lost data. */
export function formatLosses(steps: SwitchResult['steps'], paint: Paint): readonly SafeText[] {
  return steps.flatMap(({direction, revision, database, losses = [], losesData = [], mayLoseData}) => {
    // What is reverted was counted.
    const lost = direction === 'downgrade' ? losses.map(describeLoss) : losesData
    const where = database === undefined ? '' : ` on ${database}`
    const step = text`(${direction} ${paint('id', revision)}${where})`
    return [
      ...lost.map((what) => text`  ${paint('bad', 'loses')} ${what} ${step}`),
      ...(mayLoseData
        ? [text`  ${paint('bad', 'may lose')} data: parts of its code are known only when it runs ${step}`]
        : []),
    ]
  })
}

/** Returns the steps of a plan whose losses are listed before it. */
export function withoutLosses(steps: SwitchResult['steps']): SwitchResult['steps'] {
  return steps.map((step) => ({...step, losses: []}))
}

/** Returns the lines of a plan about revisions that stay. */
export function formatUncommitted(uncommitted: SwitchResult['uncommitted'], paint: Paint): readonly SafeText[] {
  return uncommitted.map(
    ({revision, file, isApplied}) =>
      text`  keep ${paint('id', revision)}, ${isApplied ? 'applied' : 'not applied'} and not committed: ${file}`,
  )
}

/** Returns the lines of a plan about the snapshots that are kept or brought back. */
export function formatSnapshotSteps(
  steps: readonly SnapshotStep[],
  action: SnapshotStep['action'],
): readonly SafeText[] {
  return steps
    .filter((step) => step.action === action)
    .map(({place, kept, bytes, database}) => {
      const of = database === undefined ? '' : ` ${database}`
      const age = kept === undefined ? '' : `, kept ${ageOf(new Date(kept), new Date())}`
      return text`  ${action} the database${of} of ${place} (${formatBytes(bytes)}${age})`
    })
}
