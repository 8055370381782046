import {planDowngrade, planStamp, planUpgrade} from '../../graph/plan.ts'
import {expandKept, expandTargets} from '../../engine/git-targets.ts'
import {knownState, migrate, runPlan} from '../../engine/migrate.ts'
import type {MigrateOptions} from '../../engine/migrate.ts'
import type {MigrateResult} from '../../engine/results.ts'

export interface UpgradeOptions extends MigrateOptions {
  /** Where to go; `head` when left out. */
  readonly target?: string | readonly string[] | undefined
}

export interface DowngradeOptions extends MigrateOptions {
  readonly target: string
}

export interface StampOptions extends MigrateOptions {
  readonly target: string | readonly string[]
  /** Empties the version table first, whatever it holds. */
  readonly purge?: boolean | undefined
}

/** Applies what the target stands on and is not applied yet. */
export async function upgrade(options: UpgradeOptions): Promise<MigrateResult> {
  const target = await expandTargets(options, options.target ?? 'head')
  return migrate(options, {
    start: knownState,
    plan: (graph, applied) => planUpgrade(graph, applied, target),
    prepare: runPlan,
  })
}

/** Reverts what stands on the target. */
export async function downgrade(options: DowngradeOptions): Promise<MigrateResult> {
  const target = await expandKept(options, options.target)
  return migrate(options, {
    start: knownState,
    plan: (graph, applied) => planDowngrade(graph, applied, target),
    prepare: runPlan,
  })
}

/** Says where a database stands, without running anything. */
export async function stamp(options: StampOptions): Promise<MigrateResult> {
  const purge = options.purge ?? false
  const target = await expandTargets(options, options.target)
  return migrate(options, {
    start: purge ? () => new Set() : knownState,
    plan: (graph, applied) => planStamp(graph, applied, target),
    prepare: async (runner, run, {steps}) => ({
      statements: [],
      execute: async () => runner.runStamp(run, steps, purge),
    }),
  })
}
