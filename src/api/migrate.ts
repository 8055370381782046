import {headsOf} from '../graph/applied.ts'
import {UnknownAppliedRevisionError} from '../graph/errors.ts'
import {planDowngrade, planStamp, planUpgrade} from '../graph/plan.ts'
import type {Plan, Step} from '../graph/plan.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type * as Runners from '../runner/runner.ts'
import type {Run} from '../runner/runner.ts'
import {appliedSetOf, withDatabases} from './databases.ts'
import type {DatabaseOptions, OpenDatabase} from './databases.ts'
import {expandKept, expandTargets} from './git-targets.ts'
import {openScripts} from './project.ts'
import {withWhereabouts} from './whereabouts.ts'

export interface MigrateOptions extends DatabaseOptions {
  /** Returns the plan and changes nothing, not even the version table. */
  readonly dryRun?: boolean | undefined
}

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

/** One step that was taken, or that would be. */
export interface StepView {
  readonly direction: Step['direction']
  readonly revision: RevisionId
  readonly message: string
  /** What the version table holds after the step. */
  readonly heads: readonly RevisionId[]
  /** Set when something that stands on the revision was applied before it. */
  readonly outOfOrder?: true
  /** The name of the database, where the configuration has several. */
  readonly database?: string
}

export interface MigrateResult {
  readonly steps: readonly StepView[]
  /** The heads of the database afterwards; of several databases, those that all of them have. */
  readonly heads: readonly RevisionId[]
}

/** Applies what the target stands on and is not applied yet. */
export async function upgrade(options: UpgradeOptions): Promise<MigrateResult> {
  const target = await expandTargets(options, options.target ?? 'head')
  return migrate(options, {
    start: knownState,
    plan: (graph, applied) => planUpgrade(graph, applied, target),
    execute: async (runner, run, plan) => runner.runPlan(run, plan),
  })
}

/** Reverts what stands on the target. */
export async function downgrade(options: DowngradeOptions): Promise<MigrateResult> {
  const target = await expandKept(options, options.target)
  return migrate(options, {
    start: knownState,
    plan: (graph, applied) => planDowngrade(graph, applied, target),
    execute: async (runner, run, plan) => runner.runPlan(run, plan),
  })
}

/** Says where a database stands, without running anything. */
export async function stamp(options: StampOptions): Promise<MigrateResult> {
  const purge = options.purge ?? false
  const target = await expandTargets(options, options.target)
  return migrate(options, {
    start: purge ? () => new Set() : knownState,
    plan: (graph, applied) => planStamp(graph, applied, target),
    execute: async (runner, run, plan) => runner.runStamp(run, plan, purge),
  })
}

type Runner = typeof Runners

/** What differs between the three ways to change a database. */
interface Migration<P extends Plan> {
  /** Returns the applied set that the plan starts from. */
  start(graph: RevisionGraph, database: OpenDatabase): ReadonlySet<RevisionId>
  plan(graph: RevisionGraph, applied: ReadonlySet<RevisionId>): P
  execute(runner: Runner, run: Run, plan: P): Promise<void>
}

/** Plans for every database before any is touched, then runs the plans one after another. */
async function migrate<P extends Plan>(options: MigrateOptions, migration: Migration<P>): Promise<MigrateResult> {
  return withWhereabouts(options, async () => migrateKnown(options, migration))
}

async function migrateKnown<P extends Plan>(options: MigrateOptions, migration: Migration<P>): Promise<MigrateResult> {
  const project = await openScripts(options)
  const {graph} = project.scripts
  const {tree} = project
  const {onEvent = () => {}, signal, x = {}} = options
  return withDatabases(project, options, async (databases) => {
    const planned = databases.map((database) => {
      const applied = migration.start(graph, database)
      return {database, applied, plan: migration.plan(graph, applied)}
    })
    const runner = await import('../runner/runner.ts')
    for (const {database, applied, plan} of options.dryRun ? [] : planned) {
      const {session, store, name} = database
      await migration.execute(runner, {session, store, tree, graph, applied, database: name, x, onEvent, signal}, plan)
    }
    const heads = planned.map(({plan, applied}) => plan.steps.at(-1)?.heads ?? headsOf(graph, applied))
    return {
      steps: planned.flatMap(({database, plan}) => plan.steps.map((step) => viewOfStep(graph, step, database.name))),
      heads: heads[0]?.filter((id) => heads.every((one) => one.includes(id))) ?? [],
    }
  })
}

/** Returns the applied set of a database, all of which must be in files. The database knows more than the ids. */
function knownState(graph: RevisionGraph, database: OpenDatabase): ReadonlySet<RevisionId> {
  const unknown = database.state?.filter(({revision}) => !graph.has(revision)) ?? []
  if (unknown.length > 0)
    throw new UnknownAppliedRevisionError(
      unknown.map(({revision}) => revision),
      new Map(unknown.map(({revision, message}) => [revision, message])),
      new Map(unknown.map(({revision, contentId}) => [revision, contentId])),
    )
  return appliedSetOf(database)
}

function viewOfStep(graph: RevisionGraph, step: Step, database: string | undefined): StepView {
  const {direction, revision, heads} = step
  return {
    direction,
    revision,
    message: graph.get(revision).message ?? '',
    heads,
    ...('outOfOrder' in step && {outOfOrder: true}),
    ...(database !== undefined && {database}),
  }
}
