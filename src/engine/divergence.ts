import {MigError} from '../errors.ts'
import type {HeadOrigin, MergeEvaluation} from '../git/evaluate-merge.ts'
import type {Repository} from '../git/repository.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {sharedObjects} from '../conflicts/shared-objects.ts'
import type {SharedObjects} from '../conflicts/shared-objects.ts'

/** Several heads and their origins. */
export interface Divergence {
  readonly heads: readonly HeadOrigin[]
  /** The nearest common ancestors of all heads. */
  readonly forkPoints: readonly {readonly revision: RevisionId; readonly message: string}[]
  /** The number of heads before the merge. */
  readonly before: number
  /** Objects that several branches change; undefined if there are too many revisions to check. */
  readonly shared?: SharedObjects | undefined
}

/** Returns the origins of the heads of a merge. */
export async function divergenceOf(
  repository: Repository,
  evaluation: Pick<MergeEvaluation, 'files' | 'ours' | 'theirs' | 'merged' | 'headsBefore'>,
  heads: readonly RevisionId[],
  registry: OperationRegistry,
): Promise<Divergence> {
  const {forkPoints, originsOf} = await import('../git/evaluate-merge.ts')
  const {merged, headsBefore, files} = evaluation
  if (merged instanceof MigError) throw merged
  const blobs = new Map(
    [...files.theirs, ...files.ours].flatMap(({id, content}) =>
      content.kind === 'revision' ? [[content.revision.id, id]] : [],
    ),
  )
  const texts = async (revisions: readonly ScriptRevision[]): Promise<readonly string[]> =>
    (await repository.blobs(revisions.map(({id}) => blobs.get(id) ?? ''))).map((bytes) => bytes.toString('utf8'))
  return {
    heads: await originsOf(repository, evaluation, merged, heads),
    forkPoints: forkPoints(merged, heads).map((revision) => ({revision, message: merged.get(revision).message})),
    before: headsBefore,
    shared: await sharedObjects(merged, heads, texts, registry),
  }
}
