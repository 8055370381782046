import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {hasContentId} from '../script/former-name.ts'
import {mayBeRevision, readRevisionFile} from '../script/revision-file.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {versionLocationsOf} from '../script/script-directory.ts'
import type {ScriptLayout} from '../script/script-directory.ts'
import {pathInRepository} from './commit-tree.ts'
import {movedFolder} from './moved-folder.ts'
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

/** Number of revisions whose commits are looked up, for messages: each takes a walk through the history. */
const explained = 10

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
  const tips = await tipsOf(repository)
  const search = new Search(repository, wanted)
  for await (const {tip, file} of filesOfTips(repository, tips, {folders, isRecursive: layout.recursive}))
    await search.look(tip, file)
  if (!search.isDone)
    for await (const {tip, file} of movedFiles(repository, tips, {folders, isRecursive: layout.recursive})) {
      await search.look(tip, file)
      if (search.isDone) break
    }
  // The applied text may be further back in the history if only another text was found so far.
  if (!search.isDone) {
    const from = tips.map(({commit}) => commit)
    for await (const {commit, ...file} of repository.past(from, folders)) {
      await search.look({place: 'history', ref: undefined, commit}, file)
      if (search.isDone) break
    }
  }
  // A blob that was only staged survives until git collects garbage.
  for (const {revision, contentId: id} of search.missing)
    if (id !== undefined && (await repository.has(id)))
      for (const path of [`${revision}.ts`, `${revision}.sql`])
        await search.look({place: 'no commit', ref: undefined, commit: id}, {path, id})
  return search.explained()
}

/** Revisions found so far among files that are looked at in the order of preference. */
class Search {
  readonly #repository: Repository
  readonly #found = new Map<RevisionId, FoundRevision>()
  readonly #seen = new Set<string>()
  /** Those that are not found as they were applied. */
  #missing: readonly Wanted[]

  constructor(repository: Repository, wanted: readonly Wanted[]) {
    this.#repository = repository
    this.#missing = wanted
  }

  get isDone(): boolean {
    return this.#missing.length === 0
  }

  get missing(): readonly Wanted[] {
    return this.#missing
  }

  /** Looks at a file; the same file in another commit says nothing new. */
  async look(tip: Tip, file: TreeFile): Promise<void> {
    const place = `${file.id} ${file.path}`
    if (this.#seen.has(place) || !mayBeRevision(file.path)) return
    this.#seen.add(place)
    const name = file.path.slice(file.path.lastIndexOf('/') + 1)
    const asked = this.#missing.filter(({revision, contentId}) => file.id === contentId || name.includes(revision))
    for (const target of asked) {
      const read = await readAs(this.#repository, tip, file, target)
      if (read === undefined) continue
      // The applied text is preferred to another text with the same id.
      if (!this.#found.has(target.revision) || read.isAsApplied === true) this.#found.set(target.revision, read)
      this.#missing = this.#missing.filter(
        ({revision}) => !(this.#found.get(revision)?.isAsApplied ?? this.#found.has(revision)),
      )
    }
  }

  /** Returns the revisions found, with the commits that added the first ones. */
  async explained(): Promise<ReadonlyMap<RevisionId, FoundRevision>> {
    for (const [id, found] of [...this.#found].slice(0, explained)) {
      const {at, revision} = found
      const commit = await this.#repository.commitThatAdded(at, revision.file).catch(() => undefined)
      this.#found.set(id, {...found, commit})
    }
    return this.#found
  }
}

/** Returns the files of some commits, those of the first one and what others have in their place or besides. */
async function* filesOfTips(
  repository: Repository,
  tips: readonly Tip[],
  {folders, isRecursive}: {readonly folders: readonly string[]; readonly isRecursive: boolean},
): AsyncIterable<{readonly tip: Tip; readonly file: TreeFile}> {
  const [first, ...others] = tips
  if (first === undefined) return
  for (const folder of folders)
    for (const file of (await repository.files(first.commit, folder, isRecursive).catch(() => undefined)) ?? [])
      yield {tip: first, file}
  const byCommit = new Map(others.map((tip) => [tip.commit, tip]))
  const compared = others.map(({commit}) => ({commit, with: first.commit}))
  const isListed = (path: string): boolean =>
    isRecursive || folders.some((folder) => path.lastIndexOf('/') === (folder === '' ? -1 : folder.length))
  for await (const {commit, path, id} of repository.differences(compared, folders, 'deleted')) {
    const tip = byCommit.get(commit)
    if (tip !== undefined && id !== undefined && isListed(path)) yield {tip, file: {path, id}}
  }
}

/** Returns the files of branches, tags and stashes on which a folder has another path. */
async function* movedFiles(
  repository: Repository,
  tips: readonly Tip[],
  {folders, isRecursive}: {readonly folders: readonly string[]; readonly isRecursive: boolean},
): AsyncIterable<{readonly tip: Tip; readonly file: TreeFile}> {
  const known = await repository.resolve('HEAD')
  if (known === undefined) return
  for (const tip of tips.filter(({place}) => place !== 'reflog'))
    for (const folder of folders) {
      const other = tip.commit
      // A partial clone may lack it.
      const there = await repository.files(other, folder, isRecursive).catch(() => [])
      if (there !== undefined) continue
      const moved = await movedFolder(repository, folder, {known, other}).catch(() => undefined)
      const files = moved === undefined ? undefined : await repository.files(other, moved, isRecursive)
      for (const file of files ?? []) yield {tip, file}
    }
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
    for (const file of (await repository.files(commit, folder, layout.recursive).catch(() => undefined)) ?? []) {
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
  const isAsApplied = contentId === undefined ? undefined : hasContentId(text, contentId)
  return {revision, text, ref, place, at, commit: undefined, isAsApplied}
}

function revisionOf(path: string, text: string): ScriptRevision | undefined {
  try {
    return readRevisionFile(path, text)
  } catch (error) {
    if (error instanceof MigError) return undefined
    throw error
  }
}
