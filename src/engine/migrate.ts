import {headsOf} from '../graph/applied.ts'
import {UnknownAppliedRevisionError} from '../graph/errors.ts'
import type {Plan, Step} from '../graph/plan.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {Target} from '../graph/target.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {RunStep} from '../runner/prepare.ts'
import {PartiallyAppliedError} from '../runner/run-errors.ts'
import type {RevisionSource, Run} from '../runner/run.ts'
import type * as Runners from '../runner/runner.ts'
import {appliedSetOf, withDatabases, withLockedDatabases} from './databases.ts'
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
  /** Returns the plan and changes nothing, not even the version table. */
  readonly dryRun?: boolean | undefined
}

type Runner = typeof Runners

/** What differs between the three ways to change a database. */
export interface Migration<P extends Plan> {
  /** Returns the applied set that the plan starts from. */
  start(graph: RevisionGraph, database: OpenDatabase): ReadonlySet<RevisionId>
  /** Returns the targets without `git:REF`. */
  resolve(project: ScriptProject): Promise<readonly Target[]>
  plan(graph: RevisionGraph, applied: ReadonlySet<RevisionId>, targets: readonly Target[]): P
  /** Makes ready what the plan needs, without touching the database. */
  prepare(runner: Runner, run: Run, plan: P): Promise<Prepared>
}

/** A plan that only needs to be executed. */
interface Prepared {
  /** What is known of the statements that each step sends, in the order of the steps. */
  readonly statements: readonly (readonly string[])[]
  execute(): Promise<void>
}

/** A database with all that its run needs. */
interface Ready<P extends Plan> {
  readonly database: OpenDatabase
  readonly applied: ReadonlySet<RevisionId>
  readonly plan: P
  readonly prepared: Prepared
}

/** Makes ready the steps of an upgrade or a downgrade. */
export async function runPlan(runner: Runner, run: Run, plan: {readonly steps: readonly RunStep[]}): Promise<Prepared> {
  const prepared = await runner.prepareRun(run, plan.steps)
  return {
    statements: prepared.map((one) => one.statements.map(({sql}) => sql)),
    execute: async () => runner.runSteps(run, prepared),
  }
}

/** Plans, prepares and runs a migration, once for each tenant. */
export async function migrate<P extends Plan>(
  options: MigrateOptions,
  migration: Migration<P>,
): Promise<MigrateResult> {
  return withWhereabouts(options, async () => migrateTenants(options, migration))
}

async function migrateTenants<P extends Plan>(
  options: MigrateOptions,
  migration: Migration<P>,
): Promise<MigrateResult> {
  const opened = await openScripts(options)
  const targets = await migration.resolve(opened)
  const dryRun = options.dryRun ?? false
  const {results, tenants} = await forEachTenant(
    contextOf(opened, options),
    options,
    async (context) => migrateOne(context, migration, targets, dryRun),
    ({steps, heads}) => ({
      status: steps.length === 0 ? 'unchanged' : dryRun ? 'planned' : 'done',
      steps,
      heads,
    }),
  )
  const heads = results.map((result) => result.heads)
  return {
    steps: results.flatMap(({steps}) => steps),
    heads: heads[0]?.filter((id) => heads.every((one) => one.includes(id))) ?? [],
    ...(tenants && {tenants}),
  }
}

/** Plans and prepares for every database before any is touched, then runs one after another. */
async function migrateOne<P extends Plan>(
  context: RunContext<ScriptProject>,
  migration: Migration<P>,
  targets: readonly Target[],
  dryRun: boolean,
): Promise<MigrateResult> {
  const {project, onEvent} = context
  const {graph} = project.scripts
  const withThem = dryRun ? withDatabases : withLockedDatabases
  return withThem(context, async (databases) => {
    const runner = await import('../runner/runner.ts')
    const ready: Ready<P>[] = []
    for (const database of databases) {
      refusePartiallyApplied(database)
      const applied = migration.start(graph, database)
      const plan = migration.plan(graph, applied, targets)
      const run = await runOf(context, database, applied)
      ready.push({database, applied, plan, prepared: await migration.prepare(runner, run, plan)})
    }
    const steps = ready.flatMap(({database, plan, prepared}) =>
      plan.steps.map((step, i) => ({
        ...viewOfStep(graph, step, database),
        ...(dryRun && {statements: prepared.statements[i] ?? []}),
      })),
    )
    const heads = ready.map(({plan, applied}) => plan.steps.at(-1)?.heads ?? headsOf(graph, applied))
    const result = {steps, heads: heads[0]?.filter((id) => heads.every((one) => one.includes(id))) ?? []}
    if (dryRun) return result
    await withRunHooks(project, databases, result, async () => {
      onEvent({kind: 'run-start', steps: ready.reduce((sum, {plan}) => sum + plan.steps.length, 0)})
      for (const {prepared} of ready) await prepared.execute()
    })
    return result
  })
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

/** Returns the revisions of a project, and their code. */
export function revisionsOf({scripts, tree, load = loadEach(tree)}: ScriptProject): RevisionSource {
  return {graph: scripts.graph, tree, load}
}

/** @throws MigError HALF_APPLIED */
export function refusePartiallyApplied({state, session}: OpenDatabase): void {
  if (state.partiallyApplied !== undefined) throw new PartiallyAppliedError(state.partiallyApplied, session.name)
}

/** Returns the applied set of a database, all of which must be in files. The database knows more than the ids. */
export function knownState(graph: RevisionGraph, database: OpenDatabase): ReadonlySet<RevisionId> {
  const unknown = database.state.applied.filter(({revision}) => !graph.has(revision))
  if (unknown.length > 0)
    throw new UnknownAppliedRevisionError(
      unknown.map(({revision}) => revision),
      new Map(unknown.map(({revision, message}) => [revision, message])),
      new Map(unknown.map(({revision, contentId}) => [revision, contentId])),
    )
  return appliedSetOf(database)
}

/** Returns a step as commands and programs see it. */
export function viewOfStep(
  graph: RevisionGraph,
  step: Step,
  {name: database, tenant}: Pick<OpenDatabase, 'name' | 'tenant'>,
): StepView {
  const {direction, revision, heads} = step
  return {
    direction,
    revision,
    message: graph.get(revision).message ?? '',
    heads,
    ...('outOfOrder' in step && {outOfOrder: true}),
    ...(database !== undefined && {database}),
    ...(tenant !== undefined && {tenant}),
  }
}
