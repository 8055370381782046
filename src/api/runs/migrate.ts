import {keepBaselines} from '../../graph/baseline.ts'
import {planDowngrade, planStamp, planUpgrade} from '../../graph/plan.ts'
import type {UpgradeStep} from '../../graph/plan.ts'
import {readPlanTargets} from '../../graph/target.ts'
import {resolveGitTargets, resolveKeptTarget} from '../../engine/git-targets.ts'
import {migrate, runPlan} from '../../engine/migrate.ts'
import type {OpenDatabase} from '../../engine/databases.ts'
import type * as Edits from '../../engine/edited.ts'
import type {MigrateOptions} from '../../engine/migrate.ts'
import type {ScriptProject} from '../../engine/project.ts'
import type {Migration} from '../../engine/plan-migration.ts'
import {downgradeObstacle, upgradeObstacle} from '../../engine/unknown-revisions.ts'
import type {UnknownOptions} from '../../engine/unknown-revisions.ts'
import type {LossOptions} from '../../engine/losses.ts'
import type {MigrateResult} from '../../engine/results.ts'

export interface UpgradeOptions extends MigrateOptions, UnknownOptions, LossOptions {
  /** Target; default: `head`. */
  readonly target?: string | readonly string[] | undefined
}

export interface DowngradeOptions extends MigrateOptions, UnknownOptions, LossOptions {
  readonly target: string
  /** Whether a baseline may be reverted. */
  readonly baseline?: boolean | undefined
}

export interface StampOptions extends MigrateOptions {
  readonly target: string | readonly string[]
  /** Whether to empty the version table first. */
  readonly purge?: boolean | undefined
}

/**
 * Applies the target and its unapplied ancestors.
 *
 * @throws MigError DATA_LOSS, with `policy.loss` set to `ask`
 */
export async function upgrade(options: UpgradeOptions): Promise<MigrateResult> {
  return migrate(options, {
    ...upgradeOf(options),
    notes: async (project, database) => [
      ...(await notesOfTables(project, database)),
      ...(await notesOfEdits(async (edits) => edits.changedFilesOf(project, [database], heads))),
    ],
    unlockedNotes: async (context, states) => notesOfEdits(async (edits) => edits.changedFiles(context, states, heads)),
  })
}

/**
 * As `upgrade`, without notes about edited revisions, for a caller that has compared them with what was applied.
 *
 * @param asks whether to ask about lost data, whatever the policy is
 */
export async function upgradeCompared(options: UpgradeOptions, asks = false): Promise<MigrateResult> {
  const plan = upgradeOf(options)
  return migrate(options, asks ? {...plan, acceptLoss: () => options.acceptLoss ?? true} : plan)
}

function upgradeOf(options: UpgradeOptions): Migration<{readonly steps: readonly UpgradeStep[]}> {
  const targets = readPlanTargets(options.target ?? 'head')
  return {
    command: 'upgrade',
    resolve: async (project) => resolveGitTargets(project, targets),
    plan: planUpgrade,
    obstacle: upgradeObstacle,
    endsUnlocked: true,
    acceptLoss: ({settings}) => (settings.policy.loss === 'ask' ? (options.acceptLoss ?? true) : true),
    prepare: runPlan,
  }
}

/**
 * Reverts the revisions above the target.
 *
 * @throws MigError DATA_LOSS
 */
export async function downgrade(options: DowngradeOptions): Promise<MigrateResult> {
  const targets = readPlanTargets(options.target)
  return migrate(options, {
    command: 'downgrade',
    resolve: async (project) => Promise.all(targets.map(async (target) => resolveKeptTarget(project, target))),
    plan: (graph, applied, target) => {
      const plan = planDowngrade(graph, applied, target)
      if (!options.baseline) keepBaselines(graph, plan.steps)
      return plan
    },
    obstacle: downgradeObstacle,
    acceptLoss: () => options.acceptLoss ?? true,
    prepare: runPlan,
  })
}

/** Sets the recorded state of a database without running revisions. */
export async function stamp(options: StampOptions): Promise<MigrateResult> {
  const purge = options.purge ?? false
  const targets = readPlanTargets(options.target)
  return migrate(options, {
    command: 'stamp',
    purge,
    resolve: async (project) => resolveGitTargets(project, targets),
    plan: planStamp,
    ...(purge && {notes: notesOfPurge}),
    prepare: async (runner, run, {steps}) => ({
      previews: [],
      execute: async () => runner.runStamp(run, steps, {purge}),
    }),
  })
}

const heads = {onlyHeads: true}

/** An upgrade does not apply the edits of an applied revision; most of them are made to the last one. */
async function notesOfEdits(changed: (edits: typeof Edits) => Promise<Edits.ChangedFiles>): Promise<readonly string[]> {
  const {edited} = await changed(await import('../../engine/edited.ts'))
  if (edited.length === 0) return []
  const {editHint, editTitle} = await import('../../engine/edit-advice.ts')
  return edited.map((one) => `${editTitle(one)}. ${editHint(one)}`)
}

/** A database that existed before the history has nothing to upgrade, until its schema is the first revision. */
async function notesOfTables(project: ScriptProject, {session}: OpenDatabase): Promise<readonly string[]> {
  if (project.scripts.graph.topological.length > 0 || project.settings.tenants !== undefined) return []
  const {hasTables, noteOfTables} = await import('../../autogenerate/existing-database.ts')
  return (await hasTables(project, session)) ? [`${noteOfTables(session)}.`] : []
}

/** A purge replaces the record of what was applied with the files as they are. */
async function notesOfPurge(project: ScriptProject, database: OpenDatabase): Promise<readonly string[]> {
  const {changedFilesOf} = await import('../../engine/edited.ts')
  const {edited} = await changedFilesOf(project, [database])
  return edited.map(
    ({revision}) =>
      `Revision ${revision} was edited after it was applied: the record of the applied text is replaced, and the database stays as it is.`,
  )
}
