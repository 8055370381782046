import {MigError} from '../errors.ts'
import type {HeadOrigin, MergeEvaluation} from '../git/evaluate-merge.ts'
import type {Repository} from '../git/repository.ts'
import type {RevisionId} from '../graph/revision.ts'

/** Several heads, and where they come from. */
export interface Divergence {
  readonly heads: readonly HeadOrigin[]
  /** The revisions that all heads stand on and that no other such revision stands on. */
  readonly forkPoints: readonly {readonly revision: RevisionId; readonly message: string}[]
  /** How many heads there were before. */
  readonly before: number
}

/** Returns where the heads of a merge come from. */
export async function divergenceOf(
  repository: Repository,
  evaluation: Pick<MergeEvaluation, 'files' | 'yours' | 'theirs' | 'merged' | 'headsBefore'>,
  heads: readonly RevisionId[],
): Promise<Divergence> {
  const {forkPoints, originsOf} = await import('../git/evaluate-merge.ts')
  const {merged, headsBefore} = evaluation
  if (merged instanceof MigError) throw merged
  return {
    heads: await originsOf(repository, evaluation, merged, heads),
    forkPoints: forkPoints(merged, heads).map((revision) => ({revision, message: merged.get(revision).message})),
    before: headsBefore,
  }
}
