import {headsOf} from '../graph/applied.ts'
import {removedBy} from '../graph/plan.ts'
import type {Plan, Step} from '../graph/plan.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {countLosses} from '../runner/count-losses.ts'
import type {CountedLoss} from '../runner/count-losses.ts'
import {dataChangesOf} from '../runner/data-changes.ts'
import type {RunStep} from '../runner/prepare.ts'
import {PartiallyAppliedError} from '../runner/run-errors.ts'
import type {RevisionSource, Run} from '../runner/run.ts'
import type {BundleOptions} from './bundle/bundle.ts'
import {openDatabases} from './databases.ts'
import type {OpenDatabase, WriteOptions} from './databases.ts'
import {loadEach} from '../script/load.ts'
import {openScripts} from './project.ts'
import type {ScriptProject} from './project.ts'
import type {MigrateResult, StepView} from './results.ts'
import {contextOf} from './run-context.ts'
import type {RunContext} from './run-context.ts'
import {withRunHooks} from './around-run.ts'
import {acceptLosses} from './losses.ts'
import {forEachTenant} from './tenants/tenants.ts'
import {withWhereabouts} from './locate-revision.ts'
import {planFor, unknownIn} from './plan-migration.ts'
import {RelativeRun} from './relative-run.ts'
import type {Migration, Planned, Prepared, Request, Runner} from './plan-migration.ts'
import {listOf} from '../util/text.ts'
import {allowsUnknown, noteUnknown, parentsOf} from './unknown-revisions.ts'
import type {UnknownOptions} from './unknown-revisions.ts'

export interface MigrateOptions extends WriteOptions, BundleOptions {
  /** Returns the plan without changing anything, not even the version table. */
  readonly dryRun?: boolean | undefined
}

/** A database with its prepared plan. */
interface Ready<P extends Plan> {
  readonly database: OpenDatabase
  readonly planned: Planned<P>
  readonly prepared: Prepared
  /** Data that each step loses. */
  readonly losses: readonly (readonly CountedLoss[])[]
}

/** Prepares the steps of an upgrade or a downgrade. */
export async function runPlan(runner: Runner, run: Run, plan: {readonly steps: readonly RunStep[]}): Promise<Prepared> {
  const prepared = await runner.prepareRun(run, plan.steps)
  const empty = runner.withoutOperations(run, prepared)
  if (empty.length > 0) run.caller.onEvent({kind: 'note', text: emptySentence(empty)})
  return {
    previews: prepared.map(({statements, more}) => ({statements: statements.map(({sql}) => sql), ...(more && {more})})),
    dataChanges: async () => dataChangesOf(run, prepared),
    execute: async () => runner.runSteps(run, prepared),
  }
}

function emptySentence(revisions: readonly RevisionId[]): string {
  const [verb, pronoun] = revisions.length === 1 ? ['has', 'its upgrade is'] : ['have', 'their upgrades are']
  return `${listOf(revisions, 10)} ${verb} no operations: ${pronoun} empty.`
}

/** Plans, prepares, and runs a migration, once per tenant. */
export async function migrate<P extends Plan>(
  options: MigrateOptions & UnknownOptions,
  migration: Migration<P>,
): Promise<MigrateResult> {
  const project = await openScripts(options)
  const targets = await migration.resolve(project)
  const request = {migration, targets, dryRun: options.dryRun ?? false, isTolerant: allowsUnknown(project, options)}
  const relative = RelativeRun.of(project.scripts.graph, request, options)
  try {
    const context = contextOf(project, withEvents(options, relative))
    const unchanged = migration.endsUnlocked ? await unchangedBy(context, options, request) : undefined
    if (unchanged !== undefined) return unchanged
    const {results, tenants} = await forEachTenant(
      context,
      options,
      async (each) => migrateDatabases(each, request, relative),
      {
        outcomeOf: ({steps, heads}) => ({
          status: steps.length === 0 ? 'unchanged' : request.dryRun ? 'planned' : 'done',
          steps,
          heads,
        }),
        isRead: request.dryRun,
      },
    )
    return {
      steps: results.flatMap(({steps}) => steps),
      heads: commonHeads(results.map(({heads}) => heads)),
      ...(tenants === undefined && results[0]?.databases && {databases: results[0].databases}),
      ...unknownIn(results.flatMap(({unknown = []}) => unknown)),
      ...(tenants && {tenants}),
    }
  } catch (error) {
    const explained = await withWhereabouts(project, error)
    throw relative?.explain(explained) ?? explained
  }
}

/** Lets a relative run hear the events, too. */
function withEvents(options: MigrateOptions, relative: RelativeRun | undefined): MigrateOptions {
  if (relative === undefined) return options
  const {onEvent} = options
  return {
    ...options,
    onEvent: (event) => {
      relative.hear(event)
      onEvent?.(event)
    },
  }
}

/**
 * Returns the result of a migration that has nothing to do, which is most of them: it takes one query, and neither a lock nor
 * MikroORM. Returns undefined if there may be something to do.
 */
async function unchangedBy<P extends Plan>(
  context: RunContext<ScriptProject>,
  {tenants, tenantsFile}: MigrateOptions,
  request: Request<P>,
): Promise<MigrateResult | undefined> {
  const {project, onEvent} = context
  if (tenants !== undefined || tenantsFile !== undefined || project.settings.afterRun !== undefined) return undefined
  const {recordedStates} = await import('./recorded-states.ts')
  const databases = await recordedStates(context)
  if (databases === undefined) return undefined
  const {graph} = project.scripts
  const planned = databases.map((database) => planFor(graph, database, request))
  if (planned.some(({plan, records}) => plan.steps.length + records.length > 0)) return undefined
  if (!request.dryRun) onEvent({kind: 'run-start', steps: 0})
  for (const [i, {name}] of databases.entries()) noteUnknown(planned[i]?.unknown ?? [], {name}, onEvent)
  for (const text of (await request.migration.unlockedNotes?.(context, databases)) ?? []) onEvent({kind: 'note', text})
  return {
    steps: [],
    ...placesOf(
      databases.map(({name}, i) => ({name, heads: headsOf(planned[i]?.graph ?? graph, planned[i]?.applied ?? [])})),
    ),
    ...unknownIn(planned.flatMap(({unknown}) => unknown.map(({revision}) => revision))),
  }
}

/** Plans and prepares all databases before changing any, then runs them one after another. */
async function migrateDatabases<P extends Plan>(
  context: RunContext<ScriptProject>,
  request: Request<P>,
  relative: RelativeRun | undefined,
): Promise<MigrateResult> {
  const {databases, explain, close} = await openDatabases(context, !request.dryRun)
  try {
    const ready: Ready<P>[] = []
    for (const database of databases) ready.push(await makeReady(context, database, request))
    for (const {planned} of ready) relative?.planned(context.project.tenant?.name, planned)
    const result = resultOf(context.project.scripts.graph, ready, request.dryRun)
    if (!request.dryRun) {
      await acceptLosses(context, result.steps, request.migration.acceptLoss?.(context.project) ?? true)
      await execute(context, ready, result)
    }
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
  request: Request<P>,
): Promise<Ready<P>> {
  refusePartiallyApplied(database)
  const {targetsOn} = request.migration
  const targets = targetsOn === undefined ? request.targets : await targetsOn(context.project, database)
  const planned = planFor(context.project.scripts.graph, database, {...request, targets})
  const {graph, applied, unknown, plan, records} = planned
  noteUnknown(unknown, database, context.onEvent)
  for (const text of (await request.migration.notes?.(context.project, database)) ?? [])
    context.onEvent({kind: 'note', text})
  const runner = await import('../runner/runner.ts')
  const run = await runOf(context, database, {graph, applied}, parentsOf(unknown))
  const own = await request.migration.prepare(runner, run, plan)
  // Squashes are recorded in the graph that has them.
  const revisions = revisionsOf(context.project)
  const known = new Set([...applied].filter((id) => revisions.graph.has(id)))
  const recording = {...run, revisions, start: {...run.start, applied: known}}
  const prepared: Prepared = {
    ...own,
    execute: async () => {
      await own.execute()
      if (records.length > 0) await runner.runStamp(recording, records)
    },
  }
  const losses = await countLosses(
    database.session,
    (await prepared.dataChanges?.()) ?? [],
    run.settings.timeouts.tableLock,
  )
  return {database, planned, prepared, losses}
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
  const steps = ready.flatMap(({database, planned, prepared, losses}) =>
    [...planned.plan.steps, ...planned.records].map((step, i) => ({
      ...viewOfStep(planned.graph.has(step.revision) ? planned.graph : graph, step, database),
      ...(losses[i]?.length && {losses: losses[i]}),
      ...(dryRun && {statements: [], ...prepared.previews[i]}),
    })),
  )
  return {
    steps,
    ...placesOf(
      ready.map(({database: {name}, planned: {graph: own, plan, records, applied}}) => ({
        name,
        heads: (records.at(-1) ?? plan.steps.at(-1))?.heads ?? headsOf(own, applied),
      })),
    ),
    ...unknownIn(ready.flatMap(({planned}) => planned.unknown.map(({revision}) => revision))),
  }
}

/** Returns the heads that databases have in common, and if there are several, the heads of each. */
function placesOf(
  all: readonly {readonly name: string | undefined; readonly heads: readonly RevisionId[]}[],
): Pick<MigrateResult, 'heads' | 'databases'> {
  const databases = all.flatMap(({name, heads}) => (name === undefined ? [] : {database: name, heads}))
  return {heads: commonHeads(all.map(({heads}) => heads)), ...(databases.length > 1 && {databases})}
}

/** Returns the heads that all databases are at. */
function commonHeads([first = [], ...others]: readonly (readonly RevisionId[])[]): readonly RevisionId[] {
  return first.filter((id) => others.every((heads) => heads.includes(id)))
}

/**
 * Returns the run on one database.
 *
 * @param covered applied revisions that are parents of unknown ones
 */
export async function runOf(
  {project, x, onEvent, signal}: RunContext<ScriptProject>,
  {session, store, state, lock, name, tenant}: OpenDatabase,
  {graph, applied, recorded}: Pick<Run['start'], 'applied' | 'recorded'> & Pick<RevisionSource, 'graph'>,
  covered?: ReadonlySet<RevisionId>,
): Promise<Run> {
  const {settings, root} = project
  const {tableLockTimeout: tableLock, statementTimeout: statement, lockRetries, recordDowngrade} = settings
  const registry = await project.registry()
  return {
    session,
    state: store,
    revisions: {...revisionsOf(project), graph},
    start: {applied, missing: state.missing, ...(recorded && {recorded}), ...(covered !== undefined && {covered})},
    context: {dialect: session.dialect, database: name, tenant, x, offline: false, rehearsing: false, registry},
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
    ...(step.direction === 'stamp' && {recorded: {added: step.added, removed: step.removed}}),
    ...(database !== undefined && {database}),
    ...(tenant !== undefined && {tenant}),
  }
}
