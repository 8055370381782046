import {headsOf} from '../../graph/applied.ts'
import {keepBaselines} from '../../graph/baseline.ts'
import {stateIn} from '../../graph/recorded.ts'
import {downgradeTarget} from '../../graph/squash-targets.ts'
import {planDowngrade, planStamp, planUpgrade} from '../../graph/plan.ts'
import type {StampStep} from '../../graph/plan.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import {NotAnAncestorError} from '../../graph/target-errors.ts'
import {resolveUpgrade} from '../../graph/resolve.ts'
import {parseScriptRange, readTargets} from '../../graph/target.ts'
import type {Target} from '../../graph/target.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {ScriptContext} from '../../runner/offline/write-script.ts'
import type {RunStep} from '../../runner/prepare.ts'
import {migVersion} from '../../util/version.ts'
import {databaseForScript, OfflineRangeError, WrongDirectionError} from '../../engine/script-database.ts'
import {tableNamesOf} from '../../engine/databases.ts'
import {revisionsOf, viewOfStep} from '../../engine/migrate.ts'
import type {MigrateResult} from '../../engine/results.ts'
import type {ScriptOptions} from '../../engine/script-options.ts'
import {resolveGitTargets, resolveKeptTarget} from '../../engine/git-targets.ts'
import {actorOf} from '../../engine/run-context.ts'
import {openScripts} from '../../engine/project.ts'
import type {ScriptProject} from '../../engine/project.ts'

export interface ScriptResult extends MigrateResult {
  /** Script for the command-line client of the database. */
  readonly sql: string
}

/**
 * Writes a script that upgrades a database.
 *
 * @param options `target` is `from:to`, or a target to start from the base
 * @throws MigError INVALID_RANGE, OFFLINE_QUERY, and as `upgrade`
 */
export async function upgradeSql(
  options: ScriptOptions & {readonly target?: string | undefined},
): Promise<ScriptResult> {
  const range = options.target ?? 'head'
  const {lower: from = base, upper: to = {kind: 'heads'}} = parseScriptRange(range)
  return script(options, async (project) => {
    const start = appliedAt(project.scripts.graph, await resolveKeptTarget(project, from))
    const {graph} = project.scripts
    const targets = await resolveGitTargets(project, [to])
    const {steps} = planUpgrade(graph, start, targets)
    if (steps.length === 0 && !isAt(graph, start, targets)) throw new WrongDirectionError(range, 'upgrade')
    return {what: 'upgrade', start, steps}
  })
}

/**
 * Writes a script that downgrades a database.
 *
 * @param options `target` is `from:to`, because a script cannot query the state of the database
 * @throws MigError OFFLINE_RANGE, INVALID_RANGE, OFFLINE_QUERY, and as `downgrade`
 */
export async function downgradeSql(
  options: ScriptOptions & {readonly target: string; readonly baseline?: boolean | undefined},
): Promise<ScriptResult> {
  const {lower: from, upper: to} = parseScriptRange(options.target)
  if (from === undefined || to === undefined) throw new OfflineRangeError(options.target)
  return script(options, async (project) => {
    const [resolved = from] = await resolveGitTargets(project, [from])
    const start = appliedAt(project.scripts.graph, resolved)
    const target = await resolveKeptTarget(project, to)
    const {graph} = project.scripts
    const steps = downgradeSteps(graph, start, target, options.target)
    if (!options.baseline) keepBaselines(graph, steps)
    return {what: 'downgrade', start, steps}
  })
}

/** Writes a script that sets the recorded state of a database; starts from the base unless `target` is a range. */
export async function stampSql(
  options: ScriptOptions & {readonly target: string | readonly string[]; readonly purge?: boolean},
): Promise<ScriptResult> {
  const [only = '', ...others] = [options.target].flat()
  const {lower: from = base, upper: to} = others.length === 0 ? parseScriptRange(only) : {}
  const targets = to === undefined ? readTargets(options.target) : [to]
  return script(options, async (project) => {
    const start = appliedAt(project.scripts.graph, await resolveKeptTarget(project, from))
    const resolved = await resolveGitTargets(project, targets)
    const {steps} = planStamp(project.scripts.graph, start, resolved)
    return {what: 'stamp', start, steps, purge: options.purge ?? false}
  })
}

/** Writes a script that creates the tables of mig. */
export async function ensureVersionSql(options: ScriptOptions): Promise<{readonly sql: string}> {
  const project = await openScripts(options)
  const {session, state} = await sessionFor(project, options)
  const {writeTables} = await import('../../runner/offline/write-script.ts')
  return {sql: await writeTables({session, state})}
}

const base: Target = {kind: 'base'}

/** Contents of a script for a database at `start`. */
type ScriptPlan = {readonly start: ReadonlySet<RevisionId>} & (
  | {readonly what: 'upgrade' | 'downgrade'; readonly steps: readonly RunStep[]}
  | {readonly what: 'stamp'; readonly steps: readonly StampStep[]; readonly purge: boolean}
)

/** Whether the heads of an applied set include every target of an upgrade. */
function isAt(graph: RevisionGraph, start: ReadonlySet<RevisionId>, targets: readonly Target[]): boolean {
  const heads = headsOf(graph, start)
  const ends = targets.flatMap((target) => resolveUpgrade(graph, target, heads))
  return ends.length === 0 ? heads.length === 0 : ends.every((end) => heads.includes(end))
}

function downgradeSteps(
  graph: RevisionGraph,
  start: ReadonlySet<RevisionId>,
  target: Target,
  range: string,
): readonly RunStep[] {
  try {
    const rows = [...start].map((revision) => ({revision, isHead: false}))
    const {steps} = planDowngrade(graph, start, downgradeTarget(graph, stateIn(graph, rows), target))
    const isElsewhere = target.kind === 'revisions' && target.ids.some((id) => !start.has(id))
    if (steps.length > 0 || !isElsewhere) return steps
  } catch (error) {
    if (!(error instanceof NotAnAncestorError)) throw error
  }
  throw new WrongDirectionError(range, 'downgrade')
}

/** Returns the applied set of a database at a target. */
function appliedAt(graph: RevisionGraph, target: Target): ReadonlySet<RevisionId> {
  if (target.kind === 'base' && target.branch === undefined) return new Set()
  return new Set(planUpgrade(graph, [], target).steps.map(({revision}) => revision))
}

async function script(
  options: ScriptOptions,
  planFor: (project: ScriptProject) => Promise<ScriptPlan>,
): Promise<ScriptResult> {
  const project = await openScripts(options)
  const {settings, scripts} = project
  const {graph} = scripts
  const {name, ...target} = await sessionFor(project, options)
  const {session} = target
  const plan = await planFor(project)
  const {what, start, steps} = plan
  const purge = what === 'stamp' && plan.purge
  const startHeads = headsOf(graph, start)
  const heads = steps.at(-1)?.heads ?? startHeads
  const applied = purge ? new Set<RevisionId>() : start
  const context: ScriptContext = {
    ...target,
    revisions: revisionsOf(project),
    // A database with applied revisions already has the tables.
    start: {applied, missing: applied.size === 0 ? ['version', 'log'] : []},
    context: {
      dialect: session.dialect,
      database: name,
      x: options.x ?? {},
      offline: true,
      rehearsing: false,
      registry: await project.registry(),
    },
    settings: {
      transaction: settings.transaction,
      timeouts: {tableLock: settings.tableLockTimeout, statement: settings.statementTimeout},
    },
  }
  const {placeOf, writeStamp, writeSteps} = await import('../../runner/offline/write-script.ts')
  const {prepare} = await import('../../runner/prepare.ts')
  session.comment(
    `mig ${migVersion()}: ${what} of ${session.dialect} from ${purge ? 'anywhere' : placeOf(startHeads)} to ${placeOf(heads)}`,
    ...(purge ? [] : [`It does nothing unless the database is at ${placeOf(startHeads)}.`]),
    ...(options.tag === undefined ? [] : [`tag: ${options.tag}`]),
  )
  const text =
    plan.what === 'stamp'
      ? await writeStamp(context, plan.steps, purge)
      : await writeSteps(context, await prepare(plan.steps, context))
  return {sql: text, steps: steps.map((step) => viewOfStep(graph, step, {name, tenant: undefined})), heads}
}

async function sessionFor(
  project: ScriptProject,
  options: ScriptOptions,
): Promise<Pick<ScriptContext, 'session' | 'state' | 'names'> & {readonly name: string | undefined}> {
  const {ScriptSession} = await import('../../runner/offline/script-session.ts')
  const {StateSql} = await import('../../runner/state/state-sql.ts')
  const {dialectOf} = await import('../../runner/connection/session.ts')
  const {platformOf} = await import('../../runner/offline/platform.ts')
  const {name, source} = await databaseForScript(project, options)
  const platform = await platformOf(source, project.root)
  const session = new ScriptSession(dialectOf(platform), platform)
  const names = tableNamesOf(project)
  return {name, session, names, state: new StateSql(names, platform, session.dialect, actorOf(options.tag))}
}
