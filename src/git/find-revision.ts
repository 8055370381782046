import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {contentIdOf} from '../script/content-id.ts'
import {mayBeRevision, readRevisionFile} from '../script/revision-file.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {versionLocationsOf} from '../script/script-directory.ts'
import type {ScriptLayout} from '../script/script-directory.ts'
import {pathInRepository} from './commit-tree.ts'
import type {Commit, CommitId, Repository, TreeFile} from './repository.ts'

/** A revision to find. */
export interface Wanted {
  /** A revision id or a prefix of one. */
  readonly revision: RevisionId
  /** Git blob id of the applied text, with LF line ends. */
  readonly contentId?: string | undefined
}

/** A revision found in git. */
export interface FoundRevision {
  readonly revision: ScriptRevision
  readonly text: string
  /** Branch, tag or stash that contains it; undefined if only the history does. */
  readonly ref: string | undefined
  /** Kind of place where it was found. */
  readonly place: 'branch' | 'remote branch' | 'tag' | 'stash' | 'reflog' | 'history' | 'no commit'
  /** A commit that contains it, or the blob if no commit does. */
  readonly at: CommitId
  /** Commit that added its file, if known. */
  readonly commit: Commit | undefined
  /** Whether it is the applied text; undefined if unknown. */
  readonly isAsApplied: boolean | undefined
}

/** A commit to search. */
interface Tip {
  readonly place: FoundRevision['place']
  readonly ref: string | undefined
  readonly commit: CommitId
}

/**
 * Searches git for revisions: branches, remote branches, tags, stashes and their reflogs, then the history of the
 * version locations. Applied revisions are identified by content, others by the id in the file name.
 *
 * @param base the absolute path to which the layout is relative
 */
export async function findRevisions(
  repository: Repository,
  {layout, base}: {readonly layout: ScriptLayout; readonly base: string},
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<RevisionId, FoundRevision>> {
  const folders = versionLocationsOf(layout).map((folder) => pathInRepository(repository, base, folder))
  const found = new Map<RevisionId, FoundRevision>()
  const seen = new Set<string>()
  const tips = await tipsOf(repository)
  const look = async (tip: Tip, file: TreeFile): Promise<void> => {
    for (const target of wanted) {
      // The applied text is preferred to another text with the same id.
      const known = found.get(target.revision)
      if (known !== undefined && known.isAsApplied !== false) continue
      const isNamed = file.path.slice(file.path.lastIndexOf('/') + 1).includes(target.revision)
      const asked = `${target.revision} ${file.id}`
      if (seen.has(asked) || (file.id !== target.contentId && !isNamed)) continue
      const read = await readAs(repository, tip, file, target)
      if (read === undefined) continue
      seen.add(asked)
      if (known === undefined || read.isAsApplied === true) found.set(target.revision, read)
    }
  }
  for (const tip of tips)
    for (const folder of folders)
      for (const file of (await filesOrNone(repository, tip.commit, folder, layout)).filter(({path}) =>
        mayBeRevision(path),
      ))
        await look(tip, file)
  // The applied text may be further back in the history if only another text was found so far.
  const isFound = ({revision}: Wanted): boolean => found.get(revision)?.isAsApplied ?? found.has(revision)
  if (wanted.every(isFound)) return found
  const from = tips.map(({commit}) => commit)
  for await (const {commit, ...file} of repository.past(from, folders))
    if (mayBeRevision(file.path)) await look({place: 'history', ref: undefined, commit}, file)
  // A blob that was only staged survives until git collects garbage.
  for (const {revision, contentId: id} of wanted.filter((target) => !isFound(target)))
    if (id !== undefined && (await repository.has(id)))
      for (const path of [`${revision}.ts`, `${revision}.sql`])
        await look({place: 'no commit', ref: undefined, commit: id}, {path, id})
  return found
}

/**
 * Returns the paths of revisions that are missing from the work tree but not from HEAD, relative to the top of the
 * repository.
 *
 * @param base the absolute path to which the layout is relative
 */
export async function deletedFiles(
  repository: Repository,
  {layout, base}: {readonly layout: ScriptLayout; readonly base: string},
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<RevisionId, string>> {
  const deleted = new Map<RevisionId, string>()
  const commit = await repository.resolve('HEAD')
  if (commit === undefined) return deleted
  const head: Tip = {place: 'branch', ref: 'HEAD', commit}
  for (const folder of versionLocationsOf(layout).map((location) => pathInRepository(repository, base, location)))
    for (const file of await filesOrNone(repository, commit, folder, layout)) {
      if (!mayBeRevision(file.path) || existsSync(join(repository.root, file.path))) continue
      for (const one of wanted) if (await readAs(repository, head, file, one)) deleted.set(one.revision, file.path)
    }
  return deleted
}

/** Refs by preference for messages, then their reflogs. */
async function tipsOf(repository: Repository): Promise<readonly Tip[]> {
  const refs = await repository.refs()
  const below = (prefix: string, place: Tip['place']): Tip[] =>
    refs
      .filter(({name}) => name.startsWith(prefix))
      .map(({name, commit}) => ({place, ref: name.slice(prefix.length), commit}))
  const tips = [
    ...below('refs/heads/', 'branch'),
    ...below('refs/remotes/', 'remote branch'),
    ...below('refs/tags/', 'tag'),
    ...(await repository.stashes()).map((commit, i): Tip => ({place: 'stash', ref: `stash@{${i}}`, commit})),
    ...(await repository.reflog()).map((commit): Tip => ({place: 'reflog', ref: undefined, commit})),
  ]
  const all: Tip[] = []
  const seen = new Set<CommitId>()
  for (const tip of tips) {
    if (seen.has(tip.commit)) continue
    seen.add(tip.commit)
    // A discarded commit may have been collected.
    const commit = await repository.commit(tip.commit).catch(() => undefined)
    if (commit === undefined) continue
    all.push(tip)
    // A stash keeps untracked files in its third parent.
    const untracked = tip.place === 'stash' ? commit.parents[2] : undefined
    if (untracked !== undefined) all.push({...tip, commit: untracked})
  }
  return all
}

async function filesOrNone(
  repository: Repository,
  commit: CommitId,
  folder: string,
  {recursive}: ScriptLayout,
): Promise<readonly TreeFile[]> {
  return (await repository.files(commit, folder, recursive).catch(() => undefined)) ?? []
}

/** Reads a file that may be the revision; returns undefined if it is another one. */
async function readAs(
  repository: Repository,
  {place, ref, commit: at}: Tip,
  {path, id}: TreeFile,
  {revision: wanted, contentId}: Wanted,
): Promise<FoundRevision | undefined> {
  const [bytes] = await repository.blobs([id]).catch(() => [])
  const text = bytes?.toString('utf8') ?? ''
  const revision = revisionOf(path, text)
  if (revision === undefined || !(revision.id === wanted || (wanted.length > 3 && revision.id.startsWith(wanted))))
    return undefined
  const isAsApplied = contentId === undefined ? undefined : contentIdOf(text) === contentId
  const commit = await repository.commitThatAdded(at, path).catch(() => undefined)
  return {revision, text, ref, place, at, commit, isAsApplied}
}

function revisionOf(path: string, text: string): ScriptRevision | undefined {
  try {
    return readRevisionFile(path, text)
  } catch (error) {
    if (error instanceof MigError) return undefined
    throw error
  }
}
