import {headsOf} from '../graph/applied.ts'
import {UnknownAppliedRevisionError} from '../graph/errors.ts'
import {removedBy} from '../graph/plan.ts'
import type {Plan, Step} from '../graph/plan.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {Target} from '../graph/target.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {RunStep} from '../runner/prepare.ts'
import {PartiallyAppliedError} from '../runner/run-errors.ts'
import type {RevisionSource, Run} from '../runner/run.ts'
import type * as Runners from '../runner/runner.ts'
import {appliedSetOf, openDatabases} from './databases.ts'
import type {OpenDatabase, WriteOptions} from './databases.ts'
import {loadEach} from '../script/load.ts'
import {openScripts} from './project.ts'
import type {ScriptProject} from './project.ts'
import type {MigrateResult, StepView} from './results.ts'
import {contextOf} from './run-context.ts'
import type {RunContext} from './run-context.ts'
import {withRunHooks} from './around-run.ts'
import {forEachTenant} from './tenants/tenants.ts'
import {withWhereabouts} from './locate-revision.ts'

export interface MigrateOptions extends WriteOptions {
  /** Returns the plan without changing anything, not even the version table. */
  readonly dryRun?: boolean | undefined
}

type Runner = typeof Runners

/** The differences between upgrade, downgrade, and stamp. */
export interface Migration<P extends Plan> {
  /** Returns the applied set at the start of the plan. */
  start(graph: RevisionGraph, database: Pick<OpenDatabase, 'state'>): ReadonlySet<RevisionId>
  /** Returns the targets with `git:REF` resolved. */
  resolve(project: ScriptProject): Promise<readonly Target[]>
  plan(graph: RevisionGraph, applied: ReadonlySet<RevisionId>, targets: readonly Target[]): P
  /** Whether there is nothing to do if the recorded state, read without a lock, says so. */
  readonly endsUnlocked?: boolean
  /** Prepares the plan without changing the database. */
  prepare(runner: Runner, run: Run, plan: P): Promise<Prepared>
}

/** A plan ready to be executed. */
interface Prepared {
  /** The statements of each step, in the order of the steps. */
  readonly previews: readonly Pick<StepView, 'statements' | 'more'>[]
  execute(): Promise<void>
}

/** A database with its prepared plan. */
interface Ready<P extends Plan> {
  readonly database: OpenDatabase
  readonly applied: ReadonlySet<RevisionId>
  readonly plan: P
  readonly prepared: Prepared
}

/** Prepares the steps of an upgrade or a downgrade. */
export async function runPlan(runner: Runner, run: Run, plan: {readonly steps: readonly RunStep[]}): Promise<Prepared> {
  const prepared = await runner.prepareRun(run, plan.steps)
  return {
    previews: prepared.map(({statements, more}) => ({statements: statements.map(({sql}) => sql), ...(more && {more})})),
    execute: async () => runner.runSteps(run, prepared),
  }
}

/** Plans, prepares, and runs a migration, once per tenant. */
export async function migrate<P extends Plan>(
  options: MigrateOptions,
  migration: Migration<P>,
): Promise<MigrateResult> {
  const project = await openScripts(options)
  const targets = await migration.resolve(project)
  const dryRun = options.dryRun ?? false
  try {
    const context = contextOf(project, options)
    const unchanged = migration.endsUnlocked ? await unchangedBy(context, options, migration, targets) : undefined
    if (unchanged !== undefined) return unchanged
    const {results, tenants} = await forEachTenant(
      context,
      options,
      async (each) => migrateDatabases(each, {migration, targets, dryRun}),
      ({steps, heads}) => ({status: steps.length === 0 ? 'unchanged' : dryRun ? 'planned' : 'done', steps, heads}),
    )
    return {
      steps: results.flatMap(({steps}) => steps),
      heads: commonHeads(results.map(({heads}) => heads)),
      ...(tenants && {tenants}),
    }
  } catch (error) {
    throw await withWhereabouts(project, error)
  }
}

/**
 * Returns the result of a migration that has nothing to do, which is most of them: it takes one query, and neither a lock nor
 * MikroORM. Returns undefined if there may be something to do.
 */
async function unchangedBy<P extends Plan>(
  context: RunContext<ScriptProject>,
  {tenants, tenantsFile, dryRun = false}: MigrateOptions,
  migration: Migration<P>,
  targets: readonly Target[],
): Promise<MigrateResult | undefined> {
  const {project, onEvent} = context
  if (tenants !== undefined || tenantsFile !== undefined || project.settings.afterRun !== undefined) return undefined
  const {recordedStates} = await import('./recorded-states.ts')
  const databases = await recordedStates(context)
  if (databases === undefined) return undefined
  const {graph} = project.scripts
  const applied = databases.map((database) => migration.start(graph, database))
  if (applied.some((set) => migration.plan(graph, set, targets).steps.length > 0)) return undefined
  if (!dryRun) onEvent({kind: 'run-start', steps: 0})
  return {steps: [], heads: commonHeads(applied.map((set) => headsOf(graph, set)))}
}

/** The migration to run on every database. */
interface Request<P extends Plan> {
  readonly migration: Migration<P>
  readonly targets: readonly Target[]
  readonly dryRun: boolean
}

/** Plans and prepares all databases before changing any, then runs them one after another. */
async function migrateDatabases<P extends Plan>(
  context: RunContext<ScriptProject>,
  request: Request<P>,
): Promise<MigrateResult> {
  const {databases, explain, close} = await openDatabases(context, !request.dryRun)
  try {
    const ready: Ready<P>[] = []
    for (const database of databases) ready.push(await makeReady(context, database, request))
    const result = resultOf(context.project.scripts.graph, ready, request.dryRun)
    if (!request.dryRun) await execute(context, ready, result)
    return result
  } catch (error) {
    throw explain(error)
  } finally {
    await close()
  }
}

async function makeReady<P extends Plan>(
  context: RunContext<ScriptProject>,
  database: OpenDatabase,
  {migration, targets}: Request<P>,
): Promise<Ready<P>> {
  const {graph} = context.project.scripts
  refusePartiallyApplied(database)
  const applied = migration.start(graph, database)
  const plan = migration.plan(graph, applied, targets)
  const runner = await import('../runner/runner.ts')
  const prepared = await migration.prepare(runner, await runOf(context, database, applied), plan)
  return {database, applied, plan, prepared}
}

async function execute<P extends Plan>(
  {project, onEvent, signal}: RunContext<ScriptProject>,
  ready: readonly Ready<P>[],
  result: MigrateResult,
): Promise<void> {
  const databases = ready.map(({database}) => database)
  const work = async (): Promise<void> => {
    onEvent({kind: 'run-start', steps: result.steps.length})
    for (const {prepared} of ready) await prepared.execute()
  }
  await withRunHooks(project, databases, result, work, signal)
}

function resultOf<P extends Plan>(graph: RevisionGraph, ready: readonly Ready<P>[], dryRun: boolean): MigrateResult {
  const steps = ready.flatMap(({database, plan, prepared}) =>
    plan.steps.map((step, i) => ({
      ...viewOfStep(graph, step, database),
      ...(dryRun && {statements: [], ...prepared.previews[i]}),
    })),
  )
  return {
    steps,
    heads: commonHeads(ready.map(({plan, applied}) => plan.steps.at(-1)?.heads ?? headsOf(graph, applied))),
  }
}

/** Returns the heads that all databases are at. */
function commonHeads([first = [], ...others]: readonly (readonly RevisionId[])[]): readonly RevisionId[] {
  return first.filter((id) => others.every((heads) => heads.includes(id)))
}

/** Returns the run on one database. */
export async function runOf(
  {project, x, onEvent, signal}: RunContext<ScriptProject>,
  {session, store, state, lock, name, tenant}: OpenDatabase,
  applied: ReadonlySet<RevisionId>,
): Promise<Run> {
  const {settings, root} = project
  const {tableLockTimeout: tableLock, statementTimeout: statement, lockRetries, recordDowngrade} = settings
  const registry = await project.registry()
  return {
    session,
    state: store,
    revisions: revisionsOf(project),
    start: {applied, missing: state.missing},
    context: {dialect: session.dialect, database: name, tenant, x, offline: false, registry},
    settings: {
      transaction: session.isBorrowed ? 'all' : settings.transaction,
      timeouts: {tableLock, statement},
    },
    policy: {lockRetries, recordDowngrade, hooks: settings, root},
    fence: lock?.fence ? [lock.fence] : [],
    caller: {onEvent, signal},
  }
}

/** Returns the revisions of a project and their code. */
export function revisionsOf({scripts, tree, load = loadEach(tree)}: ScriptProject): RevisionSource {
  return {graph: scripts.graph, tree, load}
}

/**
 * Throws if a revision is partially applied.
 *
 * @throws MigError HALF_APPLIED
 */
export function refusePartiallyApplied({state, session}: OpenDatabase): void {
  if (state.partiallyApplied !== undefined) throw new PartiallyAppliedError(state.partiallyApplied, session.name)
}

/**
 * Returns the applied set of a database.
 *
 * @throws MigError UNKNOWN_APPLIED_REVISION if an applied revision is missing from the files
 */
export function knownState(graph: RevisionGraph, database: Pick<OpenDatabase, 'state'>): ReadonlySet<RevisionId> {
  const unknown = database.state.applied.filter(({revision}) => !graph.has(revision))
  if (unknown.length > 0)
    throw new UnknownAppliedRevisionError(
      unknown.map(({revision}) => revision),
      new Map(unknown.map(({revision, message}) => [revision, message])),
      new Map(unknown.map(({revision, contentId}) => [revision, contentId])),
    )
  return appliedSetOf(database)
}

/** Returns the public view of a step. */
export function viewOfStep(
  graph: RevisionGraph,
  step: Step,
  {name: database, tenant}: Pick<OpenDatabase, 'name' | 'tenant'>,
): StepView {
  const {direction, revision, heads} = step
  const removed = removedBy(step)
  return {
    direction,
    revision,
    message: graph.get(revision).message ?? '',
    heads,
    ...('outOfOrder' in step && {outOfOrder: true}),
    ...(removed && {removed}),
    ...(database !== undefined && {database}),
    ...(tenant !== undefined && {tenant}),
  }
}
