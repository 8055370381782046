import {keepBaselines} from '../../graph/baseline.ts'
import {planDowngrade, planUpgrade} from '../../graph/plan.ts'
import type {DowngradeStep, Step, UpgradeStep} from '../../graph/plan.ts'
import {headsOf} from '../../graph/applied.ts'
import {stateIn} from '../../graph/recorded.ts'
import {throughSquashes} from '../../graph/squash-plan.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {buildRevisionGraph} from '../../graph/build.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import {loadEach} from '../../script/load.ts'
import {OverlayTree} from '../../script/overlay-tree.ts'
import type {AppliedRevision} from '../../runner/state/store.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import type {WrittenLosses} from '../../conflicts/written-losses.ts'
import type {OpenDatabase} from '../databases.ts'
import {refusePartiallyApplied, runOf} from '../migrate.ts'
import type {CountedLoss} from '../../runner/count-losses.ts'
import type {DataChange} from '../../sql/losses/data-change.ts'
import type {ScriptProject} from '../project.ts'
import type {StepView} from '../results.ts'
import type {RunContext} from '../run-context.ts'
import type {Destination} from './destination.ts'
import {aboveReverted, rewrittenAt} from './replaced.ts'
import {downgradeSources} from './sources.ts'
import type {DowngradeSource} from './sources.ts'

/** Plan for one database: down with the code that was applied, then up with the code of the destination. */
export interface SwitchPlan {
  readonly database: OpenDatabase
  /** The applied set before the plan: of the database, or of the snapshot that becomes the database. */
  readonly applied: ReadonlySet<RevisionId>
  readonly union: RevisionGraph<ScriptRevision>
  readonly sources: readonly DowngradeSource[]
  readonly down: readonly DowngradeStep[]
  readonly up: readonly UpgradeStep[]
}

/**
 * Plans the replay on one database.
 *
 * @throws MigError HALF_APPLIED, SWITCH_REFUSED
 */
export async function planSwitch(
  {project, onEvent}: RunContext<ScriptProject>,
  database: OpenDatabase,
  destination: Destination,
  isTrusting: boolean,
): Promise<SwitchPlan> {
  refusePartiallyApplied(database)
  const {graph} = destination
  const rows = database.state.applied
  const {unknown} = stateIn(graph, rows)
  const rewritten = await rewrittenAt(project, database, rows, destination)
  const above = aboveReverted(rows, new Set([...unknown, ...rewritten.keys()]), destination)
  const replaced = new Map([...rewritten, ...above])
  for (const text of replaced.values()) onEvent({kind: 'note', text})
  const isReverted = (id: RevisionId): boolean => unknown.has(id) || replaced.has(id)
  const reverted = rows.filter(({revision}) => isReverted(revision))
  const sources = await downgradeSources(project, database, reverted, isTrusting)
  for (const {revision, origin} of sources)
    if (origin === 'recorded')
      onEvent({kind: 'note', text: `${revision.id} is reverted with the SQL recorded when it was applied.`})
  const files = buildRevisionGraph([
    ...graph.sources.filter(({id}) => !replaced.has(id)),
    ...sources.map(({revision}) => withKnownParents(revision, graph, rows)),
  ])
  const before = stateIn(files, rows, {apart: true})
  const {graph: union, applied} = before
  const kept = [...applied].filter((id) => !isReverted(id))
  const reverting = planDowngrade(union, applied, {kind: 'revisions', ids: kept})
  const down = throughSquashes(files, before, reverting.steps, false).steps
  keepBaselines(
    union,
    down,
    () => 'Merge the branch with the baseline into the other one first, or use another database for it.',
  )
  const gone = new Set(down.flatMap(({revision, rows: change}) => change?.removed ?? revision))
  const after = stateIn(
    graph,
    rows.filter(({revision}) => !gone.has(revision)),
  )
  const applying = planUpgrade(after.graph, after.applied, [...after.graph.effectiveHeads])
  const up = throughSquashes(graph, after, applying.steps, false).steps
  return {database, applied, union, sources, down, up}
}

/** A revision may come after a squash that the destination does not have, but whose originals it has. */
function withKnownParents(
  revision: ScriptRevision,
  graph: RevisionGraph,
  rows: readonly AppliedRevision[],
): ScriptRevision {
  const originals = new Map(rows.map((row) => [row.revision, row.replaces ?? []]))
  const known = (id: RevisionId): readonly RevisionId[] => {
    const found = graph.named(id) === undefined ? (originals.get(id) ?? []) : []
    return found.length > 0 && found.every((one) => graph.named(one) !== undefined) ? found : [id]
  }
  const downRevisions = revision.downRevisions.flatMap(known)
  return downRevisions.length === revision.downRevisions.length ? revision : revision.after(downRevisions)
}

/** Plans the upgrade of a snapshot that becomes the database. */
export function planBroughtBack(
  database: OpenDatabase,
  {graph}: Destination,
  applied: ReadonlySet<RevisionId>,
): SwitchPlan {
  const up = planUpgrade(graph, applied, [...graph.effectiveHeads]).steps
  return {database, applied, union: graph, sources: [], down: [], up}
}

/** Reverts what a plan reverts. */
export async function goDown(context: RunContext<ScriptProject>, plan: SwitchPlan): Promise<void> {
  const {database, union, down} = plan
  if (down.length === 0) return
  const {prepareRun, runSteps} = await import('../../runner/runner.ts')
  const tree = treeOf(context.project, plan)
  const revisions = {tree, graph: union, load: loadEach(tree)}
  const run = {...(await runOf(context, database, {graph: union, applied: plan.applied})), revisions}
  await runSteps(run, await prepareRun(run, down))
}

/** Returns the heads of a database after its plan. */
export function headsAfter({applied, union, down, up}: SwitchPlan): readonly RevisionId[] {
  return [...down, ...up].at(-1)?.heads ?? headsOf(union, applied)
}

/**
 * Returns the steps of a plan.
 *
 * @param withLosses whether to find out which data each step loses
 */
export async function viewsOf(
  context: RunContext<ScriptProject>,
  plan: SwitchPlan,
  destination: Destination,
  withLosses: boolean,
): Promise<readonly StepView[]> {
  const {database, union, down, up} = plan
  const losses = withLosses ? await countedLosses(context, plan) : []
  const views: StepView[] = []
  for (const [i, step] of [...down, ...up].entries()) {
    const {direction, revision, heads} = step
    const {losses: losesData, isPartial} = withLosses
      ? await lossesOf(context, plan, destination, step)
      : {losses: [], isPartial: false}
    views.push({
      direction,
      revision,
      message: revisionOf(direction === 'downgrade' ? union : destination.graph, revision).message,
      heads,
      ...(database.name !== undefined && {database: database.name}),
      ...(losses[i]?.length && {losses: losses[i]}),
      ...(losesData.length > 0 && {losesData}),
      ...(isPartial && {mayLoseData: true as const}),
    })
  }
  return views
}

/** Counts what the database loses by each step down. */
async function countedLosses(
  {project, x}: RunContext<ScriptProject>,
  plan: SwitchPlan,
): Promise<readonly (readonly CountedLoss[])[]> {
  const {database, union, down} = plan
  if (down.length === 0) return []
  const {dataChangesOn} = await import('../effects.ts')
  const {countLosses} = await import('../../runner/count-losses.ts')
  const on = {name: database.name, dialect: database.session.dialect}
  const registry = await project.registry()
  const changes: (readonly DataChange[])[] = []
  for (const {revision} of down)
    changes.push(await dataChangesOn(treeOf(project, plan), revisionOf(union, revision), 'downgrade', on, x, registry))
  return countLosses(database.session, changes, project.settings.tableLockTimeout)
}

async function lossesOf(
  {project, x}: RunContext<ScriptProject>,
  plan: SwitchPlan,
  destination: Destination,
  {direction, revision}: Step,
): Promise<WrittenLosses> {
  const {name, session} = plan.database
  const registry = await project.registry()
  if (direction === 'downgrade') {
    const scriptRevision = revisionOf(plan.union, revision)
    const {effectsOn} = await import('../effects.ts')
    const on = {name, dialect: session.dialect}
    const {losesData} = await effectsOn(treeOf(project, plan), scriptRevision, 'downgrade', on, x, registry)
    return {losses: losesData, isPartial: false}
  }
  // Code from another branch is not run before the plan is confirmed.
  const {writtenLosses} = await import('../../conflicts/written-losses.ts')
  const {file} = revisionOf(destination.graph, revision)
  const [text = ''] = await destination.tree.read([file])
  return writtenLosses(file, text, registry, session.dialect)
}

/** Returns a revision of a step, which may be one that a squash replaces. */
function revisionOf(graph: RevisionGraph<ScriptRevision>, id: RevisionId): ScriptRevision {
  return graph.has(id) ? graph.get(id) : graph.sources.find((revision) => revision.id === id)!
}

/** Returns the files of this checkout, with the code that reverts. */
function treeOf({tree}: ScriptProject, {sources}: SwitchPlan): OverlayTree {
  return new OverlayTree(tree, new Map(sources.map(({revision, text}) => [revision.file, text])))
}
