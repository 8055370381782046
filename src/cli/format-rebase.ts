import type {RebaseResult} from '../api/files/rebase.ts'
import {text} from '../render/safe/text.ts'
import type {SafeText} from '../render/safe/text.ts'
import {lossLines} from './accept-loss.ts'
import {describePairs} from './format-divergence.ts'
import {describeProof} from './format-proof.ts'
import type {Paint} from './style.ts'

/** Returns what a rebase did, or would do, and what to know about it. */
export function formatRebase(
  result: RebaseResult,
  isDry: boolean,
  paint: Paint,
): {readonly printed: readonly SafeText[]; readonly notes: readonly SafeText[]} {
  const {revisions, replayed, next, heads, proof, findings = []} = result
  const moves = revisions.map((view) => {
    const message = view.message === '' ? '' : text`, ${view.message}`
    return text`${isDry ? '  ' : 'moved '}${paint('id', view.revision)}${message}: after ${parentsOf(view.downRevisions)} instead of ${parentsOf(view.formerDownRevisions)}`
  })
  const steps = isDry ? (replayed?.down.steps ?? []) : []
  return {
    printed: [
      ...(isDry ? [text`Dry run; nothing was changed:`] : []),
      ...moves,
      ...steps.flatMap((step) => [
        text`  revert ${paint('id', step.revision)}`,
        ...lossLines(step, paint).map((line) => text`      ${line}`),
      ]),
    ],
    notes: [
      ...(proof === undefined ? [] : [text`The rebase ${describeProof(proof)}`]),
      ...findings.map(({message}) => text`${message}`),
      ...(proof?.commutes === false
        ? [
            text`Databases that have ${result.moved.join(', ')} already need \`mig rebase --replay\`, or to revert them before.`,
          ]
        : []),
      ...describePairs(result).map((line) => text`${line}`),
      ...(heads.length > 1 ? [text`There are still ${String(heads.length)} heads: ${heads.join(', ')}.`] : []),
      ...(isDry ? [] : [text`next: ${next}`]),
    ],
  }
}

const parentsOf = (ids: readonly string[]): string => ids.join(', ') || 'base'
