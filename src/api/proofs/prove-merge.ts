import type {Pairs} from '../../conflicts/pairs.ts'
import type {Project} from '../../engine/project.ts'
import type {MergeEvaluation} from '../../git/evaluate-merge.ts'
import {revisionsOf} from '../../git/merged-graph.ts'
import {MergedTree} from '../../git/merged-tree.ts'
import type {Repository} from '../../git/repository.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import {reachable} from '../../graph/walk.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import type {CheckOptions} from '../checks/check-options.ts'
import type {Proven} from './prove-heads.ts'

/** Proves a merge that git would make; undefined if only one side has revisions that the other one lacks. */
export async function proveMerge(
  project: Project,
  repository: Repository,
  evaluation: MergeEvaluation,
  merged: RevisionGraph<ScriptRevision>,
  options: CheckOptions,
  judged: Pairs,
): Promise<Proven | undefined> {
  const heads = headsOfSides(merged, evaluation)
  if (heads === undefined) return undefined
  const tree = new MergedTree(repository, evaluation, merged, project.cwd)
  const scripts = {layout: project.layout, locations: [], graph: merged}
  const {proveHeads} = await import('./prove-heads.ts')
  return proveHeads({...project, tree, scripts}, options, heads, judged)
}

/**
 * Returns the last revisions of each side that do not come after the other one, whether or not a revision joins them
 * already; undefined if nothing of ours is without an order.
 */
function headsOfSides(
  merged: RevisionGraph<ScriptRevision>,
  {files}: Pick<MergeEvaluation, 'files'>,
): readonly RevisionId[] | undefined {
  const idsOf = (side: MergeEvaluation['files']['ours']): ReadonlySet<RevisionId> =>
    new Set(revisionsOf(side).flatMap(({id}) => (merged.has(id) ? id : [])))
  const tipsOf = (line: ReadonlySet<RevisionId>): readonly RevisionId[] =>
    [...line].filter((id) => !merged.childrenAndDependents(id).some((child) => line.has(child)))
  const ancestorsOf = (ids: readonly RevisionId[]): ReadonlySet<RevisionId> =>
    reachable(ids, (id) => merged.parents(id))
  const theirs = idsOf(files.theirs)
  const after = reachable(tipsOf(theirs), (id) => merged.childrenAndDependents(id))
  const ours = tipsOf(idsOf(files.ours).difference(theirs).difference(after))
  const below = ancestorsOf(ours)
  // A line that was never forked from has no order either, and every database has it.
  const others = tipsOf(theirs).filter((id) => !below.has(id) && !ancestorsOf([id]).isDisjointFrom(below))
  return ours.length === 0 || others.length === 0 ? undefined : [...others, ...ours]
}
