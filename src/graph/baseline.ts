import {shellCommand} from '../util/shell.ts'
import {BaselineRevertedError} from './errors.ts'
import type {Step} from './plan.ts'
import type {RevisionGraph} from './revision-graph.ts'

/**
 * Refuses a plan that reverts a baseline.
 *
 * @param hint returns what to do instead
 * @throws MigError BASELINE_REVERTED
 */
export function keepBaselines(
  graph: RevisionGraph,
  steps: readonly Step[],
  hint: (revision: string) => string = hintOfDowngrade,
): void {
  const found = steps.find(({direction, revision}) => direction === 'downgrade' && graph.get(revision).isBaseline)
  if (found !== undefined) throw new BaselineRevertedError(found.revision, hint(found.revision))
}

function hintOfDowngrade(revision: string): string {
  return `\`${shellCommand`mig downgrade ${revision}`}\` reverts what comes after it. To drop everything, use \`--baseline\`.`
}
