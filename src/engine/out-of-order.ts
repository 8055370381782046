import {MigError} from '../errors.ts'
import {planDowngrade} from '../graph/plan.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {reachable} from '../graph/walk.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {shellCommand} from '../util/shell.ts'
import type {ScriptProject} from './project.ts'
import {publishedRevisions} from './published.ts'

/** Applied revisions that come after one that is not applied. */
export interface OutOfOrder {
  readonly revisions: readonly RevisionId[]
  /** The command that reverts them. */
  readonly command: string
}

/**
 * Returns the applied revisions that now come after one that is not applied, because their parents or dependencies have
 * changed, and that do not work in either order. Returns undefined if one of them is published, or may be: other databases
 * keep it.
 */
export async function outOfOrder(
  project: ScriptProject,
  applied: ReadonlySet<RevisionId>,
): Promise<OutOfOrder | undefined> {
  const {graph} = project.scripts
  const first = graph.sorted(applied).find((id) => graph.parents(id).some((parent) => !applied.has(parent)))
  if (first === undefined) return undefined
  const after = reachable([first], (id) => graph.childrenAndDependents(id)).intersection(applied)
  if (await areInterchangeable(project, applied, after)) return undefined
  const published = await publishedRevisions(project)
  if (published.size === 0 || !after.isDisjointFrom(published)) return undefined
  const below = reachable([first], (id) => graph.parents(id)).difference(after)
  const place = graph.sorted(below.intersection(applied)).at(-1) ?? 'base'
  const target = [place, `${first}@${place}`].find((candidate) => reverts(graph, applied, candidate, after))
  if (target === undefined) return undefined
  return {revisions: graph.sorted(after), command: shellCommand`mig downgrade ${target}`}
}

/** Whether applied revisions may stay although revisions that are not applied come before them. */
async function areInterchangeable(
  project: ScriptProject,
  applied: ReadonlySet<RevisionId>,
  late: ReadonlySet<RevisionId>,
): Promise<boolean> {
  const {
    scripts: {graph},
    tree,
    registry,
  } = project
  const {pairsOf} = await import('../conflicts/pairs.ts')
  const {RevisionTexts} = await import('../conflicts/revision-texts.ts')
  const {knownDialects} = await import('./dialect.ts')
  const missing = reachable(late, (id) => graph.parents(id)).difference(applied)
  const sorted = (ids: ReadonlySet<RevisionId>): readonly ScriptRevision[] =>
    graph.sorted(ids).map((id) => graph.get(id))
  const sides = {common: sorted(applied.difference(late)), ours: sorted(late), theirs: sorted(missing)}
  const texts = new RevisionTexts(await registry(), await knownDialects(project))
  const {verdict} = await pairsOf(sides, texts, async (revisions) => tree.read(revisions.map(({file}) => file)))
  return verdict === 'independent' || verdict === 'together'
}

/** Whether a downgrade reverts some revisions and no others. */
function reverts(
  graph: RevisionGraph,
  applied: ReadonlySet<RevisionId>,
  target: string,
  wanted: ReadonlySet<RevisionId>,
): boolean {
  try {
    const {steps} = planDowngrade(graph, applied, target)
    return steps.length === wanted.size && steps.every(({revision}) => wanted.has(revision))
  } catch (error) {
    if (error instanceof MigError) return false
    throw error
  }
}
