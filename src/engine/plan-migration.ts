import {MigError} from '../errors.ts'
import {downgradeTarget} from '../graph/squash-targets.ts'
import {areRowsRevisions, throughSquashes} from '../graph/squash-plan.ts'
import {stateIn} from '../graph/recorded.ts'
import type {GraphState} from '../graph/recorded.ts'
import type {Plan, StampStep} from '../graph/plan.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {Target} from '../graph/target.ts'
import type {Run} from '../runner/run.ts'
import type * as Runners from '../runner/runner.ts'
import type {AppliedRevision} from '../runner/state/store.ts'
import type {DataChange} from '../sql/losses/data-change.ts'
import {stateOf} from './database-state.ts'
import type {OpenDatabase} from './databases.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import type {ScriptProject} from './project.ts'
import type {RecordedState} from './recorded-states.ts'
import type {AcceptLoss} from './losses.ts'
import type {MigrateResult, StepView} from './results.ts'
import type {RunContext} from './run-context.ts'
import {unknownError} from './unknown-revisions.ts'

/** The functions that change a database. */
export type Runner = typeof Runners

/** The differences between upgrade, downgrade, and stamp. */
export interface Migration<P extends Plan> {
  /** The command that does the same. */
  readonly command: 'upgrade' | 'downgrade' | 'stamp'
  /** Whether it starts by forgetting all recorded revisions. */
  readonly purge?: boolean
  /** Returns the targets with `git:REF` resolved. */
  resolve(project: ScriptProject): Promise<readonly Target[]>
  plan(graph: RevisionGraph, applied: ReadonlySet<RevisionId>, targets: readonly Target[]): P
  /** Returns the targets on one database, if they differ between databases. */
  readonly targetsOn?: (project: ScriptProject, database: OpenDatabase) => Promise<readonly Target[]>
  /** Returns why the plan cannot run beside unknown revisions, even if they are allowed; undefined if it can. */
  readonly obstacle?: (steps: P['steps'], unknown: readonly AppliedRevision[]) => string | undefined
  /** Whether there is nothing to do if the recorded state, read without a lock, says so. */
  readonly endsUnlocked?: boolean
  /** Returns what to say before the plan is executed. */
  readonly notes?: (project: ScriptProject, database: OpenDatabase) => Promise<readonly string[]>
  /** As `notes`, where there is nothing to do and the databases are not open. */
  readonly unlockedNotes?: (
    context: RunContext<ScriptProject>,
    states: readonly RecordedState[],
  ) => Promise<readonly string[]>
  /** Whether to run what loses data. */
  readonly acceptLoss?: (project: ScriptProject) => boolean | AcceptLoss
  /** Prepares the plan without changing the database. */
  prepare(runner: Runner, run: Run, plan: P): Promise<Prepared>
}

/** A plan ready to be executed. */
export interface Prepared {
  /** Returns the changes of each step that decide about data; undefined if there are none. */
  readonly dataChanges?: () => Promise<readonly (readonly DataChange[])[]>
  /** The statements of each step, in the order of the steps. */
  readonly previews: readonly Pick<StepView, 'statements' | 'more'>[]
  execute(): Promise<void>
}

/** The migration to run on every database. */
export interface Request<P extends Plan> {
  readonly migration: Migration<P>
  readonly targets: readonly Target[]
  readonly dryRun: boolean
  /** Whether applied revisions may be missing from the files. */
  readonly isTolerant: boolean
}

/** The plan for a database. */
export interface Planned<P extends Plan> {
  /** The graph of the plan: with the originals of squashes that are applied in part. */
  readonly graph: RevisionGraph<ScriptRevision>
  /** The applied revisions that the plan starts from. */
  readonly applied: ReadonlySet<RevisionId>
  /** The applied revisions that are missing from the files, if they are allowed. */
  readonly unknown: readonly AppliedRevision[]
  readonly plan: P
  /** Steps that record squashes whose revisions are all applied, after the plan. */
  readonly records: readonly StampStep[]
}

/**
 * Plans a migration of one database.
 *
 * @throws MigError UNKNOWN_APPLIED_REVISION, SQUASH_ORIGINALS_MISSING, SQUASH_INDIVISIBLE, and as `migration.plan`
 */
export function planFor<P extends Plan>(
  graph: RevisionGraph<ScriptRevision>,
  database: Pick<OpenDatabase, 'state'>,
  {migration, targets, isTolerant}: Request<P>,
): Planned<P> {
  const {obstacle, purge = false, command} = migration
  const apart = command === 'downgrade'
  const state = purge ? stateIn(graph, []) : stateOf(graph, database, {apart})
  const unknown = purge ? [] : database.state.applied.filter(({revision}) => state.unknown.has(revision))
  const planned = (): Planned<P> => {
    const wanted = apart ? targets.map((target) => downgradeTarget(graph, state, target)) : targets
    const plan = migration.plan(state.graph, state.applied, wanted)
    const found = unknown.length === 0 ? undefined : obstacle?.(plan.steps, unknown)
    if (found !== undefined) throw unknownError(unknown, {obstacle: found})
    const {steps, records} = throughSquashes(graph, state, plan.steps, !apart)
    return {graph: state.graph, applied: state.applied, unknown, plan: {...plan, steps}, records}
  }
  if (unknown.length === 0 || (isTolerant && obstacle !== undefined)) return planned()
  throw unknownError(unknown, obstacle !== undefined && succeeds(planned) ? 'allowable' : undefined)
}

function succeeds(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch (error) {
    if (error instanceof MigError) return false
    throw error
  }
}

/** Returns the part of a result that names unknown revisions. */
export function unknownIn(unknown: readonly RevisionId[]): Pick<MigrateResult, 'unknown'> {
  return unknown.length === 0 ? {} : {unknown: [...new Set(unknown)]}
}

/**
 * Returns the state of a database all of whose revisions have files.
 *
 * @throws MigError UNKNOWN_APPLIED_REVISION if an applied revision is missing from the files
 */
export function knownState(
  graph: RevisionGraph<ScriptRevision>,
  database: Pick<OpenDatabase, 'state'>,
): Pick<GraphState<ScriptRevision>, 'graph' | 'applied'> & Pick<Run['start'], 'recorded'> {
  const state = stateOf(graph, database)
  const unknown = database.state.applied.filter(({revision}) => state.unknown.has(revision))
  if (unknown.length > 0) throw unknownError(unknown)
  return {...state, ...(!areRowsRevisions(graph, state) && {recorded: state})}
}
