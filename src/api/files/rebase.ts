import {worstOf} from '../../conflicts/pairs.ts'
import type {RevisionPair} from '../../conflicts/pairs.ts'
import type {WriteOptions} from '../../engine/databases.ts'
import type {Pairs} from '../../engine/divergence.ts'
import type {LossOptions} from '../../engine/losses.ts'
import {openScripts} from '../../engine/project.ts'
import type {ScriptProject} from '../../engine/project.ts'
import {planRebaseOf, writeRebase} from '../../engine/rebase.ts'
import type {PlannedRebase, RebaseRequest} from '../../engine/rebase.ts'
import type {MigrateResult} from '../../engine/results.ts'
import {viewsOf} from '../../engine/views.ts'
import type {RevisionView} from '../../engine/views.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import {locateRepository, operationIn} from '../../git/locate.ts'
import {MigError} from '../../errors.ts'
import {reachable} from '../../graph/walk.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import {RebaseFailsError} from '../proofs/errors.ts'
import type {Proof, Proven} from '../proofs/prove-heads.ts'
import type {Finding} from '../../script/finding.ts'
import {revertMoved, upgradeMoved} from '../runs/replay.ts'
import {shellCommand} from '../../util/shell.ts'

export interface RebaseOptions extends RebaseRequest, WriteOptions, LossOptions {
  /** Whether to revert the revisions that move, and to apply them again in their new place. */
  readonly replay?: boolean | undefined
  /** Whether to try it out on temporary databases first; true by default. */
  readonly prove?: boolean | undefined
  /** Whether to return the plan without changing a file or a database. */
  readonly dryRun?: boolean | undefined
}

/** Revisions that were moved, and how they relate to those that they now come after. */
export interface RebaseResult extends Pairs {
  /** The revision that they come after; null if they start a line of their own. */
  readonly onto: RevisionId | null
  /** The revisions whose files were changed. */
  readonly revisions: readonly (RevisionView & {readonly formerDownRevisions: readonly RevisionId[]})[]
  /** All revisions that moved. */
  readonly moved: readonly RevisionId[]
  /** The heads of the history afterwards. */
  readonly heads: readonly RevisionId[]
  /** The runs on the database. */
  readonly replayed?: {readonly down: MigrateResult; readonly up: MigrateResult | null}
  /** The outcome on temporary databases, and what was found. */
  readonly proof?: Proof
  readonly findings?: readonly Finding[]
  /** Suggested next command. */
  readonly next: string
}

/**
 * Moves revisions that others do not have yet after those that they have, by changing the parents in their files.
 *
 * @throws MigError NOTHING_TO_REBASE, REBASE_REFUSED, MULTIPLE_HEADS, DATA_LOSS, FILE_UNWRITABLE; as `proveHeads`; as
 *   `upgrade` and `downgrade` if the database is to follow
 */
export async function rebase(options: RebaseOptions): Promise<RebaseResult> {
  const {dryRun = false, replay = false, prove = true} = options
  const project = await openScripts(options)
  const planned = await planRebaseOf(project, options)
  const pairs = await pairsOfRebase(project, planned)
  // Whatever would refuse the files must do so before the database is touched.
  const preview = await writeRebase(project, planned, true)
  const proven = prove
    ? await provenRebase(project, options, {planned, preview}, {verdict: worstOf(pairs), pairs})
    : undefined
  const down = replay ? await revertMoved(options, planned) : undefined
  const graph = dryRun ? preview : await writeRebase(project, planned, false)
  const up = down === undefined || dryRun ? null : await upgradeMoved(options, planned, down)
  const view = viewsOf(graph)
  return {
    onto: planned.onto,
    revisions: planned.reparented.map(({revision, from}) => ({...view(revision), formerDownRevisions: from})),
    moved: planned.moved,
    heads: graph.heads,
    verdict: worstOf(pairs),
    pairs,
    ...(down !== undefined && {replayed: {down, up}}),
    ...proven,
    next: nextCommand(project, graph, planned, up !== null),
  }
}

/** Judges the revisions that move against those that they come after. */
async function pairsOfRebase(project: ScriptProject, {moved, onto}: PlannedRebase): Promise<readonly RevisionPair[]> {
  if (onto === null) return []
  const {divergentLines} = await import('../../conflicts/divergent-lines.ts')
  const {RevisionTexts} = await import('../../conflicts/revision-texts.ts')
  const {knownDialects} = await import('../../engine/dialect.ts')
  const {graph} = project.scripts
  const texts = new RevisionTexts(await project.registry(), await knownDialects(project))
  const found = new Map<string, RevisionPair>()
  for (const head of headsAmong(graph, moved)) {
    const {pairs} = await divergentLines(graph, [head, onto], texts, async (revisions) =>
      project.tree.read(revisions.map(({file}) => file)),
    )
    for (const pair of pairs) found.set(`${pair.ours} ${pair.theirs}`, pair)
  }
  return [...found.values()]
}

/** @throws MigError REBASE_REFUSED if the revisions cannot be applied in their new place */
async function provenRebase(
  project: ScriptProject,
  options: RebaseOptions,
  {planned, preview}: {readonly planned: PlannedRebase; readonly preview: RevisionGraph<ScriptRevision>},
  judged: Pairs,
): Promise<Proven | undefined> {
  const {moved, onto} = planned
  if (onto === null) return undefined
  const {graph} = project.scripts
  const {proveHeads} = await import('../proofs/prove-heads.ts')
  if (leavesRevisions(graph, planned, onto)) {
    const after = {...project, scripts: {...project.scripts, graph: preview}}
    for (const head of headsAmong(preview, moved))
      await orRefused(onto, async () => proveHeads(after, options, [head], judged))
  }
  const proven = await proveHeads(project, options, [onto, ...headsAmong(graph, moved)], judged)
  const failed = proven.proof.orders.find(({heads, failed: failure}) => heads[0] === onto && failure !== undefined)
  if (failed?.failed !== undefined) throw new RebaseFailsError(failed.failed, onto, proven.proof)
  return proven
}

/** Whether something that came before what moves is not before it any more. */
function leavesRevisions(graph: RevisionGraph, {reparented, moved}: PlannedRebase, onto: RevisionId): boolean {
  const before = reachable([onto, ...moved.filter((id) => id !== onto)], (id) =>
    moved.includes(id) ? graph.dependencies(id) : graph.parents(id),
  )
  return reparented.some(({from}) => from.some((id) => !before.has(id)))
}

/** Turns the failure of a revision on the way to its new place into a refusal. */
async function orRefused<Result>(onto: RevisionId, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    const {revision, reason} = error instanceof MigError ? Object(error.data) : {}
    if (typeof revision !== 'string') throw error
    throw new RebaseFailsError({revision, error: String(reason ?? (error as Error).message)}, onto)
  }
}

function nextCommand(
  project: ScriptProject,
  graph: RevisionGraph,
  {moved, reparented}: PlannedRebase,
  isReplayed: boolean,
): string {
  const place = locateRepository(project.cwd)
  const operation = place && operationIn(place)
  const files = reparented.map(({revision}) => project.scripts.graph.get(revision).file)
  if (operation === 'rebase') return `${shellCommand`git add -- ${files}`} && git rebase --continue`
  if (isReplayed) return 'mig status'
  return headsAmong(graph, moved).length === graph.heads.length && graph.heads.length === 1
    ? 'mig upgrade'
    : 'mig upgrade heads'
}

const headsAmong = (graph: RevisionGraph, ids: readonly RevisionId[]): readonly RevisionId[] =>
  ids.filter((id) => graph.children(id).length === 0)
