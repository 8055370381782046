import {MigError} from '../errors.ts'
import type {HeadOrigin, MergeEvaluation} from '../git/evaluate-merge.ts'
import type {Repository} from '../git/repository.ts'
import type {VersionFile} from '../git/version-files.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {reachable} from '../graph/walk.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {divergentLines} from '../conflicts/divergent-lines.ts'
import type {SharedObjects} from '../conflicts/divergent-lines.ts'
import type {Pairs, RevisionPair} from '../conflicts/pairs.ts'
import {worstOf} from '../conflicts/pairs.ts'
import type {ReadTexts, RevisionTexts} from '../conflicts/revision-texts.ts'

export type {Pairs, RevisionPair}

/** Several heads and their origins, and how the lines that end in them relate. */
export interface Divergence extends Pairs {
  readonly heads: readonly HeadOrigin[]
  /** The nearest common ancestors of all heads. */
  readonly forkPoints: readonly {readonly revision: RevisionId; readonly message: string}[]
  /** The number of heads before the merge. */
  readonly before: number
  /** Objects that several branches touch, at least one of them by changing it. */
  readonly shared: SharedObjects
}

type EvaluatedMerge = Pick<MergeEvaluation, 'files' | 'ours' | 'theirs' | 'merged' | 'headsBefore'>

/** Returns the origins of the heads of a merge, and how their lines relate. */
export async function divergenceOf(
  repository: Repository,
  evaluation: EvaluatedMerge,
  heads: readonly RevisionId[],
  texts: RevisionTexts,
): Promise<Divergence> {
  const {forkPoints, originsOf} = await import('../git/evaluate-merge.ts')
  const {merged, headsBefore} = evaluation
  if (merged instanceof MigError) throw merged
  const origins = await originsOf(repository, evaluation, merged, heads)
  return {
    heads: origins,
    forkPoints: forkPoints(merged, heads).map((revision) => ({revision, message: merged.get(revision).message})),
    before: headsBefore,
    ...(await divergentLines(merged, oursFirst(origins), texts, textReader(repository, evaluation))),
  }
}

/** Returns the heads with those of ours first, so that verdicts name the sides in that order. */
export function oursFirst(heads: readonly HeadOrigin[]): readonly RevisionId[] {
  const order = ['ours', 'both', 'theirs']
  return heads.toSorted((a, b) => order.indexOf(a.side) - order.indexOf(b.side)).map(({revision}) => revision)
}

/** Judges each revision that only ours has against those of theirs that it does not come after, joined or not. */
export async function pairsOfMerge(
  repository: Repository,
  evaluation: EvaluatedMerge,
  texts: RevisionTexts,
): Promise<Pairs> {
  const {merged, files} = evaluation
  // Files that are no valid graph have no order in which they could be applied.
  if (merged instanceof MigError) return {verdict: 'unknown', pairs: []}
  const {unorderedPairs} = await import('../conflicts/unordered-pairs.ts')
  const {differing} = await import('../git/merge-files.ts')
  const {one: mine, other: others} = differing(files.ours, files.theirs)
  const [ids, theirs] = [idsIn(mine), idsOfTheirs(files.theirs)]
  const sides = {
    ours: new Set([...ids].filter((id) => !theirs.has(id) && merged.has(id))),
    theirs,
    unshared: idsIn(others).difference(ids),
  }
  return unorderedPairs(merged, sides, texts, textReader(repository, evaluation))
}

/** Judges the revisions of the heads of one graph that are not ordered. */
export async function pairsOfHeads(
  graph: RevisionGraph<ScriptRevision>,
  texts: RevisionTexts,
  read: ReadTexts,
): Promise<Pairs> {
  const {unorderedPairs} = await import('../conflicts/unordered-pairs.ts')
  const pairs: RevisionPair[] = []
  let theirs: ReadonlySet<RevisionId> = new Set()
  for (const head of graph.heads) {
    const line = reachable([head], (id) => graph.parents(id))
    const sides = {ours: line.difference(theirs), theirs, unshared: new Set<RevisionId>()}
    pairs.push(...(await unorderedPairs(graph, sides, texts, read)).pairs)
    theirs = theirs.union(line)
  }
  return {verdict: worstOf(pairs), pairs}
}

const theirIds = new WeakMap<readonly VersionFile[], ReadonlySet<RevisionId>>()

/** Cached per target commit. */
function idsOfTheirs(files: readonly VersionFile[]): ReadonlySet<RevisionId> {
  const ids = theirIds.get(files) ?? idsIn(files)
  theirIds.set(files, ids)
  return ids
}

function idsIn(files: readonly VersionFile[]): ReadonlySet<RevisionId> {
  const ids = new Set<RevisionId>()
  for (const {content} of files) if (content.kind === 'revision') ids.add(content.revision.id)
  return ids
}

function textReader(repository: Repository, {files}: Pick<MergeEvaluation, 'files'>): ReadTexts {
  return async (revisions) => {
    const wanted = new Set(revisions.map(({id}) => id))
    const blobs = new Map<RevisionId, string>()
    for (const side of [files.theirs, files.ours])
      for (const {id, content} of side)
        if (content.kind === 'revision' && wanted.has(content.revision.id)) blobs.set(content.revision.id, id)
    const found = await repository.blobs(revisions.map(({id}) => blobs.get(id) ?? ''))
    return found.map((bytes) => bytes.toString('utf8'))
  }
}
