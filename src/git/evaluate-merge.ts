import {merge as mergeLines} from 'node-diff3'
import type {MigError} from '../errors.ts'
import {mergeBases as graphMergeBases} from '../graph/merge-base.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import type {ScriptLayout} from '../script/script-directory.ts'
import {NotEvaluatedError} from './errors.ts'
import {misplacedFiles, movedFolderConflicts} from './folder-conflicts.ts'
import {mergedGraph, revisionsOf} from './merged-graph.ts'
import {differing, mergeFiles} from './merge-files.ts'
import type {FileConflict, MergeTexts, Sides} from './merge-files.ts'
import type {NamedCommit} from './ref-names.ts'
import type {Commit, CommitId, Repository} from './repository.ts'
import type {VersionFile, VersionFiles} from './version-files.ts'

/** A head and its origin. */
export interface HeadOrigin {
  readonly revision: RevisionId
  readonly message: string
  readonly file: string
  readonly side: 'ours' | 'theirs' | 'both'
  /** Commit that added its file; undefined if unknown or not committed. */
  readonly commit?: Commit | undefined
}

/** Result of merging ours into theirs. */
export interface MergeEvaluation {
  readonly ours: NamedCommit
  readonly theirs: NamedCommit
  /** Graph of the merged files, or the first error in them. */
  readonly merged: RevisionGraph<ScriptRevision> | MigError
  /** Number of heads in theirs alone. */
  readonly headsBefore: number
  readonly conflicts: readonly FileConflict[]
  /** Unreadable files added by ours. */
  readonly broken: readonly {readonly path: string; readonly error: MigError}[]
  /** Changes by ours to revisions that theirs already had. */
  readonly changed: readonly PublishedChange[]
  readonly files: Sides<readonly VersionFile[]>
}

/** A change to an existing revision. */
export interface PublishedChange {
  readonly kind: 'edited' | 'deleted' | 'renamed'
  readonly revision: RevisionId
  readonly path: string
  /** New path of a renamed file. */
  readonly to?: string
}

/**
 * Merges the version locations of two commits in memory, ignoring other files and writing nothing.
 *
 * @param options.root the folder of the project, relative to the top of the repository
 * @param options.layoutOver returns the folders after the merge, by those at its bases; undefined if no side changes them
 * @throws MigError NOT_EVALUATED, GIT_OBJECT_UNREADABLE
 */
export async function evaluateMerge(
  repository: Repository,
  versions: VersionFiles,
  {
    ours,
    theirs,
    root = '',
    layoutOver,
  }: {
    readonly ours: NamedCommit
    readonly theirs: NamedCommit
    readonly root?: string
    readonly layoutOver?: (bases: readonly CommitId[]) => Promise<ScriptLayout | undefined>
  },
): Promise<MergeEvaluation> {
  const mergeTexts = textMerger(repository, versions)
  const [mine, other] = [await versions.at(ours.commit), await versions.at(theirs.commit)]
  if (mine === undefined && other === undefined) await refuseMisplaced(versions, ours, theirs, root)
  const bases = await repository.mergeBases(ours.commit, theirs.commit)
  if (bases.length === 0) throw noMergeBase(repository, ours.ref, theirs.ref)
  const files = {base: await baseFiles(repository, versions, bases), ours: mine ?? [], theirs: other ?? []}
  const {files: merged, conflicts: ofFiles} = await mergeFiles(files, mergeTexts)
  const layout = await layoutOver?.(bases)
  const conflicts = firstOfEach([
    ...ofFiles,
    ...(await movedFolderConflicts(repository, files, {ours: ours.commit, theirs: theirs.commit})),
    ...(layout === undefined ? [] : misplacedFiles(merged, layout)),
  ])
  return {
    ours,
    theirs,
    merged: mergedGraph(versions, merged, files.theirs),
    headsBefore: headCount(files.theirs),
    conflicts,
    broken: brokenIn(merged),
    changed: changesOf(files.base, files.ours),
    files,
  }
}

/** Returns the first conflict of each file. */
function firstOfEach(conflicts: readonly FileConflict[]): readonly FileConflict[] {
  return [...Map.groupBy(conflicts, ({path}) => path).values()].flatMap(([first]) => first ?? [])
}

/**
 * git keeps no empty folders, so version locations may be missing before the first revision. If there are revisions
 * elsewhere, the configuration is wrong.
 */
async function refuseMisplaced(
  versions: VersionFiles,
  ours: NamedCommit,
  theirs: NamedCommit,
  root: string,
): Promise<void> {
  for (const {commit, ref} of [ours, theirs]) {
    const file = await versions.anywhere(commit, root)
    if (file !== undefined)
      throw new NotEvaluatedError(
        `Neither ${ours.ref} nor ${theirs.ref} has the version locations, but ${ref} has the revision ${file}.`,
        'Check `versionLocations` in the configuration of this checkout.',
        {ours: ours.ref, theirs: theirs.ref, file},
      )
  }
}

/** Reads what many merges into one commit need: merge bases by their differences from each other, and then the commits. */
export async function prepareMerges(
  repository: Repository,
  versions: VersionFiles,
  commits: readonly CommitId[],
  theirs: CommitId,
): Promise<void> {
  const baseOf = new Map<CommitId, Commit>()
  for (const commit of commits) {
    // An error is found again when the merge is evaluated.
    const [base, ...others] = await repository.mergeBases(commit, theirs).catch(() => [])
    if (base !== undefined && others.length === 0) baseOf.set(commit, await repository.commit(base))
  }
  const bases = new Map([...baseOf.values()].map((base) => [base.id, base]))
  const newestFirst = [...bases.values()].toSorted((a, b) => b.committed - a.committed).map(({id}) => id)
  await versions.compare([
    ...newestFirst.map((commit, i) => ({commit, with: newestFirst[i - 1] ?? theirs})),
    ...[...baseOf].map(([commit, base]) => ({commit, with: base.id})),
  ])
}

/** Returns the origin of each head. */
export async function originsOf(
  repository: Repository,
  {files, ours, theirs}: Pick<MergeEvaluation, 'files' | 'ours' | 'theirs'>,
  graph: RevisionGraph<ScriptRevision>,
  heads: readonly RevisionId[],
): Promise<readonly HeadOrigin[]> {
  const [mine, other] = [idsOf(files.ours), idsOf(files.theirs)]
  const origins: HeadOrigin[] = []
  for (const revision of heads) {
    const side = !other.has(revision) ? 'ours' : mine.has(revision) ? 'both' : 'theirs'
    const {message, file} = graph.get(revision)
    const places = [
      {files: files.theirs, from: theirs.commit},
      {files: files.ours, from: ours.commit},
    ]
    const commit = await whoBrought(repository, side === 'ours' ? places.toReversed() : places, file)
    origins.push({revision, message, file, side, commit})
  }
  return origins
}

/** Returns the revisions where the lines of the heads diverge. */
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
    // The origin is optional: a shallow history may not contain it.
    if (place !== undefined) return repository.commitThatAdded(from, place).catch(() => undefined)
  }
  return undefined
}

/** Several merge bases are merged with each other first, as in git. */
async function baseFiles(
  repository: Repository,
  versions: VersionFiles,
  [first, ...others]: readonly CommitId[],
): Promise<readonly VersionFile[]> {
  if (first === undefined) return []
  let ours = (await versions.at(first)) ?? []
  for (const other of others) {
    const theirs = (await versions.at(other)) ?? []
    const below = await repository.mergeBases(first, other)
    if (below.length === 0 && repository.isShallow) throw noMergeBase(repository, first, other)
    const base = await baseFiles(repository, versions, below)
    ours = (await mergeFiles({base, ours, theirs}, textMerger(repository, versions))).files
  }
  return ours
}

function textMerger(repository: Repository, versions: VersionFiles): MergeTexts {
  return async ({base, ours, theirs}) => {
    const texts = await repository.blobs([ours.id, base.id, theirs.id])
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

function brokenIn(files: readonly VersionFile[]): MergeEvaluation['broken'] {
  const broken: {readonly path: string; readonly error: MigError}[] = []
  for (const {path, content} of files) if (content.kind === 'broken') broken.push({path, error: content.error})
  return broken
}

const headCounts = new WeakMap<readonly VersionFile[], number>()

/** Cached per target commit, and counted without a graph, because theirs may be invalid. */
function headCount(files: readonly VersionFile[]): number {
  const known = headCounts.get(files)
  if (known !== undefined) return known
  const revisions = revisionsOf(files)
  const aliases = new Map<RevisionId, RevisionId>()
  for (const {id, replaces, replacedSquashes} of revisions.toSorted((a, b) => a.replaces.length - b.replaces.length))
    for (const replaced of [...replaces, ...replacedSquashes]) aliases.set(replaced, id)
  const shown = revisions.filter(({id}) => !aliases.has(id))
  const below = new Set(shown.flatMap(({downRevisions}) => downRevisions.map((id) => aliases.get(id) ?? id)))
  const count = Math.max(1, shown.filter(({id}) => !below.has(id)).length)
  headCounts.set(files, count)
  return count
}

/** Returns the changes of one side to existing revisions, ignoring line ends. */
export function changesOf(base: readonly VersionFile[], now: readonly VersionFile[]): readonly PublishedChange[] {
  const others = differing(base, now).one
  if (others.length === 0) return []
  const byId = Map.groupBy(now, ({content}) => (content.kind === 'revision' ? content.revision.id : undefined))
  return others.flatMap((was): readonly PublishedChange[] => {
    if (was.content.kind !== 'revision') return []
    const revision = was.content.revision.id
    const files = byId.get(revision) ?? []
    // A copied revision is still at its old path.
    const is = files.find(({path}) => path === was.path) ?? files[0]
    if (is === undefined) return [{kind: 'deleted', revision, path: was.path}]
    if (is.contentId !== was.contentId) return [{kind: 'edited', revision, path: is.path}]
    return is.path === was.path ? [] : [{kind: 'renamed', revision, path: was.path, to: is.path}]
  })
}

function idsOf(files: readonly VersionFile[]): ReadonlySet<RevisionId> {
  return new Set(revisionsOf(files).map(({id}) => id))
}

function noMergeBase({isShallow}: Repository, ours: string, theirs: string): NotEvaluatedError {
  return new NotEvaluatedError(
    isShallow
      ? `This clone is shallow and does not contain the history of ${ours} and ${theirs} back to their merge base.`
      : `${ours} and ${theirs} have no common ancestor.`,
    isShallow
      ? 'Run `git fetch --deepen 100` (in GitHub Actions, set `fetch-depth: 0`).'
      : 'Choose refs with a common ancestor.',
    {ours, theirs, isShallow},
  )
}
