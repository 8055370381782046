import {MigError} from '../errors.ts'
import type {HeadOrigin, MergeEvaluation} from '../git/evaluate-merge.ts'
import type {Repository} from '../git/repository.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {sharedObjects} from '../conflicts/shared-objects.ts'
import type {SharedObjects} from '../conflicts/shared-objects.ts'

/** Several heads, and where they come from. */
export interface Divergence {
  readonly heads: readonly HeadOrigin[]
  /** The revisions that all heads stand on and that no other such revision stands on. */
  readonly forkPoints: readonly {readonly revision: RevisionId; readonly message: string}[]
  /** How many heads there were before. */
  readonly before: number
  /** What the lines of several heads touch in common; undefined when there are too many revisions to look at. */
  readonly shared?: SharedObjects | undefined
}

/** Returns where the heads of a merge come from. */
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
