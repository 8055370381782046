import {MigError} from '../../errors.ts'
import type {Project} from '../../engine/project.ts'
import type {MergeEvaluation} from '../../git/evaluate-merge.ts'
import {headsTooMany} from '../../git/policy.ts'
import type {Policy} from '../../git/policy.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {readScriptDirectory} from '../../script/script-directory.ts'

/** Returns the files of the work tree that join the heads of a merge, if they only have to be committed. */
export async function uncommittedJoin(
  {tree, layout}: Project,
  {merged, headsBefore}: MergeEvaluation,
  policy: Policy,
  heads: readonly RevisionId[],
): Promise<readonly string[]> {
  if (merged instanceof MigError) return []
  try {
    const {graph} = await readScriptDirectory(tree, layout)
    const isJoined = heads.every((head) => graph.has(head)) && headsTooMany(graph, policy, headsBefore).length === 0
    return isJoined ? graph.mergePoints.filter((id) => !merged.has(id)).map((id) => graph.get(id).file) : []
  } catch (error) {
    if (error instanceof MigError) return []
    throw error
  }
}
