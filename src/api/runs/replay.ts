import {keepBaselines} from '../../graph/baseline.ts'
import {planDowngrade} from '../../graph/plan.ts'
import type {Rebase} from '../../graph/rebase.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {reachable} from '../../graph/walk.ts'
import type {WriteOptions} from '../../engine/databases.ts'
import type {LossOptions} from '../../engine/losses.ts'
import {migrate, runPlan} from '../../engine/migrate.ts'
import type {MigrateResult} from '../../engine/results.ts'
import {downgradeObstacle} from '../../engine/unknown-revisions.ts'
import {upgradeCompared} from './migrate.ts'

export interface ReplayOptions extends WriteOptions, LossOptions {
  readonly dryRun?: boolean | undefined
}

/**
 * Reverts the applied revisions that a rebase moves, and those that depend on them.
 *
 * @throws MigError DATA_LOSS
 */
export async function revertMoved(options: ReplayOptions, {moved}: Rebase): Promise<MigrateResult> {
  return migrate(options, {
    command: 'downgrade',
    resolve: async () => [],
    plan: (graph, applied) => {
      const roots = moved.map((id) => graph.named(id) ?? id)
      const reverted = reachable(roots, (id) => graph.childrenAndDependents(id))
      const plan = planDowngrade(graph, applied, {
        kind: 'revisions',
        ids: [...applied].filter((id) => !reverted.has(id)),
      })
      keepBaselines(graph, plan.steps)
      return plan
    },
    obstacle: downgradeObstacle,
    acceptLoss: () => options.acceptLoss ?? true,
    prepare: runPlan,
  })
}

/** Applies what was reverted in its new place, with all that comes before it. */
export async function upgradeMoved(
  options: ReplayOptions,
  {moved}: Rebase,
  down: MigrateResult,
): Promise<MigrateResult> {
  const {openScripts} = await import('../../engine/project.ts')
  const {graph} = (await openScripts(options)).scripts
  const wanted = new Set<RevisionId>([...moved, ...down.steps.map(({revision}) => revision)])
  const isLast = (id: RevisionId): boolean =>
    reachable(graph.childrenAndDependents(id), (other) => graph.childrenAndDependents(other)).isDisjointFrom(wanted)
  try {
    return await upgradeCompared({...options, target: [...wanted].filter(isLast)})
  } catch (error) {
    options.onEvent?.({kind: 'note', text: 'The files are rebased already; `mig upgrade heads` goes on.'})
    throw error
  }
}
