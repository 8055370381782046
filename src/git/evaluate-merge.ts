import {merge as mergeLines} from 'node-diff3'
import {MigError} from '../errors.ts'
import {mergeBases as graphMergeBases} from '../graph/merge-base.ts'
import type {RevisionId} from '../graph/revision.ts'
import {buildRevisionGraph} from '../graph/revision-graph.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {NotEvaluatedError} from './errors.ts'
import {mergeFiles} from './merge-files.ts'
import type {FileConflict, MergeTexts, Sides} from './merge-files.ts'
import type {Commit, CommitId, Repository} from './repository.ts'
import type {VersionFile, VersionFiles} from './version-files.ts'

/** A commit, and what it was called. */
export interface NamedCommit {
  readonly ref: string
  readonly commit: CommitId
}

/** A head, and where it comes from. */
export interface HeadOrigin {
  readonly revision: RevisionId
  readonly message: string
  readonly file: string
  readonly side: 'yours' | 'theirs' | 'both'
  /** The commit that brought its file; undefined when that is not known, or not committed. */
  readonly commit?: Commit | undefined
}

/** What the revisions would be if yours were merged into theirs. */
export interface MergeEvaluation {
  readonly yours: NamedCommit
  readonly theirs: NamedCommit
  /** The revisions of the merged files; the first thing that is wrong with them when they are none. */
  readonly merged: RevisionGraph<ScriptRevision> | MigError
  /** How many heads theirs has by itself. */
  readonly headsBefore: number
  readonly conflicts: readonly FileConflict[]
  /** Files that yours brings and that cannot be read. */
  readonly broken: readonly {readonly path: string; readonly error: MigError}[]
  /** What yours did to revisions that theirs had already. */
  readonly changed: readonly PublishedChange[]
  readonly files: Sides<readonly VersionFile[]>
}

/** A revision that was there before, and is not what it was. */
export interface PublishedChange {
  readonly kind: 'edited' | 'deleted' | 'renamed'
  readonly revision: RevisionId
  readonly path: string
  /** The new path of a file that was renamed. */
  readonly to?: string
}

/**
 * Merges the version locations of two commits in memory: nothing else of them matters, and nothing is written.
 *
 * @throws MigError NOT_EVALUATED when it cannot be known; GIT_OBJECT_UNREADABLE
 */
export async function evaluateMerge(
  repository: Repository,
  versions: VersionFiles,
  {yours, theirs}: {readonly yours: NamedCommit; readonly theirs: NamedCommit},
): Promise<MergeEvaluation> {
  const mergeTexts = textMerger(repository, versions)
  const [mine, other] = [await versions.at(yours.commit), await versions.at(theirs.commit)]
  if (mine === undefined && other === undefined)
    throw new NotEvaluatedError(
      `Neither ${yours.ref} nor ${theirs.ref} has the version locations.`,
      'The configuration of the checkout says where they are.',
      {yours: yours.ref, theirs: theirs.ref},
    )
  const bases = await repository.mergeBases(yours.commit, theirs.commit)
  if (bases.length === 0) throw noMergeBase(repository, yours.ref, theirs.ref)
  const files = {base: await baseFiles(repository, versions, bases), yours: mine ?? [], theirs: other ?? []}
  const {files: merged, conflicts} = await mergeFiles(files, mergeTexts)
  return {
    yours,
    theirs,
    merged: graphOf(merged),
    headsBefore: headCount(files.theirs),
    conflicts,
    broken: merged.flatMap(({path, content}) => (content.kind === 'broken' ? [{path, error: content.error}] : [])),
    changed: changesOf(files.base, files.yours),
    files,
  }
}

/** Returns where each of some heads comes from. */
export async function originsOf(
  repository: Repository,
  {files, yours, theirs}: Pick<MergeEvaluation, 'files' | 'yours' | 'theirs'>,
  graph: RevisionGraph<ScriptRevision>,
  heads: readonly RevisionId[],
): Promise<readonly HeadOrigin[]> {
  const [mine, other] = [idsOf(files.yours), idsOf(files.theirs)]
  const origins: HeadOrigin[] = []
  for (const revision of heads) {
    const side = !other.has(revision) ? 'yours' : mine.has(revision) ? 'both' : 'theirs'
    const {message, file} = graph.get(revision)
    const places = [
      {files: files.theirs, from: theirs.commit},
      {files: files.yours, from: yours.commit},
    ]
    const commit = await whoBrought(repository, side === 'yours' ? places.toReversed() : places, file)
    origins.push({revision, message, file, side, commit})
  }
  return origins
}

/** Returns the revisions at which the lines of some heads part. */
export function forkPoints(graph: RevisionGraph, heads: readonly RevisionId[]): readonly RevisionId[] {
  return heads.length < 2 ? [] : graphMergeBases(graph, heads)
}

async function whoBrought(
  repository: Repository,
  places: readonly {readonly files: readonly VersionFile[]; readonly from: CommitId}[],
  path: string,
): Promise<Commit | undefined> {
  for (const {files, from} of places) {
    const place = files.find((file) => file.path === path)?.inRepository
    // Who brought a file is a kindness: where the history is too short, it is left out.
    if (place !== undefined) return repository.commitThatAdded(from, place).catch(() => undefined)
  }
  return undefined
}

/** Several merge bases are merged with each other first, as git does. */
async function baseFiles(
  repository: Repository,
  versions: VersionFiles,
  [first, ...others]: readonly CommitId[],
): Promise<readonly VersionFile[]> {
  if (first === undefined) return []
  let yours = (await versions.at(first)) ?? []
  for (const other of others) {
    const theirs = (await versions.at(other)) ?? []
    const below = await repository.mergeBases(first, other)
    const base = await baseFiles(repository, versions, below)
    yours = (await mergeFiles({base, yours, theirs}, textMerger(repository, versions))).files
  }
  return yours
}

function textMerger(repository: Repository, versions: VersionFiles): MergeTexts {
  return async ({base, yours, theirs}) => {
    const texts = await repository.blobs([yours.id, base.id, theirs.id])
    const [mine = [], was = [], other = []] = texts.map((bytes) => bytes.toString('utf8').split('\n'))
    const {conflict, result} = mergeLines(mine, was, other)
    if (conflict) return undefined
    return {
      ...theirs,
      id: 'merged',
      contentId: 'merged',
      content: versions.contentOf(theirs.path, () => result.join('\n')),
    }
  }
}

function graphOf(files: readonly VersionFile[]): RevisionGraph<ScriptRevision> | MigError {
  try {
    return buildRevisionGraph(revisionsOf(files))
  } catch (error) {
    if (error instanceof MigError) return error
    throw error
  }
}

const headCounts = new WeakMap<readonly VersionFile[], number>()

/** Counted once for all that would be merged into the same commit; without a graph, which may be wrong before, too. */
function headCount(files: readonly VersionFile[]): number {
  const known = headCounts.get(files)
  if (known !== undefined) return known
  const revisions = revisionsOf(files)
  const below = new Set(revisions.flatMap(({downRevisions}) => downRevisions))
  const count = Math.max(1, revisions.filter(({id}) => !below.has(id)).length)
  headCounts.set(files, count)
  return count
}

/** Returns what one side did to revisions that were there: a difference in line ends is none. */
export function changesOf(base: readonly VersionFile[], now: readonly VersionFile[]): readonly PublishedChange[] {
  const byId = Map.groupBy(now, ({content}) => (content.kind === 'revision' ? content.revision.id : undefined))
  return base.flatMap((was): readonly PublishedChange[] => {
    if (was.content.kind !== 'revision') return []
    const revision = was.content.revision.id
    const files = byId.get(revision) ?? []
    // One that was copied is still where it was.
    const is = files.find(({path}) => path === was.path) ?? files[0]
    if (is === undefined) return [{kind: 'deleted', revision, path: was.path}]
    if (is.contentId !== was.contentId) return [{kind: 'edited', revision, path: is.path}]
    return is.path === was.path ? [] : [{kind: 'renamed', revision, path: was.path, to: is.path}]
  })
}

function revisionsOf(files: readonly VersionFile[]): readonly ScriptRevision[] {
  return files.flatMap(({content}) => (content.kind === 'revision' ? [content.revision] : []))
}

function idsOf(files: readonly VersionFile[]): ReadonlySet<RevisionId> {
  return new Set(revisionsOf(files).map(({id}) => id))
}

function noMergeBase({isShallow}: Repository, yours: string, theirs: string): NotEvaluatedError {
  return new NotEvaluatedError(
    isShallow
      ? `This clone is shallow, and its history ends before ${yours} and ${theirs} part.`
      : `${yours} and ${theirs} have no commit in common.`,
    isShallow
      ? '`git fetch --deepen 100` (in GitHub Actions: `fetch-depth: 0`) brings more of it.'
      : 'Only histories with a common beginning can be merged.',
    {yours, theirs, isShallow},
  )
}
