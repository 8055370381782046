import {planDowngrade, planStamp, planUpgrade} from '../../graph/plan.ts'
import {readTargets} from '../../graph/target.ts'
import {resolveGitTargets, resolveKeptTarget} from '../../engine/git-targets.ts'
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
  const targets = readTargets(options.target ?? 'head')
  return migrate(options, {
    start: knownState,
    resolve: async (project) => resolveGitTargets(project, targets),
    plan: planUpgrade,
    prepare: runPlan,
  })
}

/** Reverts what stands on the target. */
export async function downgrade(options: DowngradeOptions): Promise<MigrateResult> {
  const targets = readTargets(options.target)
  return migrate(options, {
    start: knownState,
    resolve: async (project) => Promise.all(targets.map(async (target) => resolveKeptTarget(project, target))),
    plan: planDowngrade,
    prepare: runPlan,
  })
}

/** Says where a database stands, without running anything. */
export async function stamp(options: StampOptions): Promise<MigrateResult> {
  const purge = options.purge ?? false
  const targets = readTargets(options.target)
  return migrate(options, {
    start: purge ? () => new Set() : knownState,
    resolve: async (project) => resolveGitTargets(project, targets),
    plan: planStamp,
    prepare: async (runner, run, {steps}) => ({
      statements: [],
      execute: async () => runner.runStamp(run, steps, purge),
    }),
  })
}
