import {MigError} from '../errors.ts'
import type {RevisionId} from '../graph/revision.ts'
import {contentIdOf} from '../script/content-id.ts'
import {mayBeRevision, readRevisionFile} from '../script/revision-file.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {versionLocationsOf} from '../script/script-directory.ts'
import type {ScriptLayout} from '../script/script-directory.ts'
import {pathInRepository} from './commit-tree.ts'
import type {Commit, CommitId, Repository, TreeFile} from './repository.ts'

/** What is looked for. */
export interface Wanted {
  /** An id, or the beginning of one. */
  readonly revision: RevisionId
  /** The git blob id of the text that was applied, line ends as LF. */
  readonly contentId?: string | undefined
}

/** A revision that git has. */
export interface FoundRevision {
  readonly revision: ScriptRevision
  readonly text: string
  /** The branch, tag or stash that has it; undefined when only the history has. */
  readonly ref: string | undefined
  /** How it was found. */
  readonly place: 'branch' | 'remote branch' | 'tag' | 'stash' | 'reflog' | 'history' | 'no commit'
  /** A commit that has it; where none has, the blob itself. */
  readonly at: CommitId
  /** The commit that brought its file, where that is known. */
  readonly commit: Commit | undefined
  /** Whether it is the text that was applied; undefined when that is not known. */
  readonly isAsApplied: boolean | undefined
}

/** A commit that is looked into. */
interface Tip {
  readonly place: FoundRevision['place']
  readonly ref: string | undefined
  readonly commit: CommitId
}

/**
 * Looks for revisions in all of git: in branches, remote branches, tags, stashes and what these once were, and then in
 * the history of the version locations. What was applied is known by its content; otherwise the id counts, which the
 * names of files have.
 *
 * @param base the absolute path that the layout is relative to
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
    for (const one of wanted) {
      // The text that was applied is better than another text with its id.
      const known = found.get(one.revision)
      if (known !== undefined && known.isAsApplied !== false) continue
      const isNamed = file.path.slice(file.path.lastIndexOf('/') + 1).includes(one.revision)
      const asked = `${one.revision} ${file.id}`
      if (seen.has(asked) || (file.id !== one.contentId && !isNamed)) continue
      const read = await readAs(repository, tip, file, one)
      if (read === undefined) continue
      seen.add(asked)
      if (known === undefined || read.isAsApplied === true) found.set(one.revision, read)
    }
  }
  for (const tip of tips)
    for (const folder of folders)
      for (const file of (await filesOrNone(repository, tip.commit, folder, layout)).filter(({path}) =>
        mayBeRevision(path),
      ))
        await look(tip, file)
  // What was applied may be further down, where only another text with its id is up here.
  const isFound = ({revision}: Wanted): boolean => found.get(revision)?.isAsApplied ?? found.has(revision)
  if (wanted.every(isFound)) return found
  const from = tips.map(({commit}) => commit)
  for await (const {commit, ...file} of repository.past(from, folders))
    if (mayBeRevision(file.path)) await look({place: 'history', ref: undefined, commit}, file)
  // What was staged once is there for a while, although no commit has it.
  for (const {revision, contentId: id} of wanted.filter((one) => !isFound(one)))
    if (id !== undefined && (await repository.has(id)))
      for (const path of [`${revision}.ts`, `${revision}.sql`])
        await look({place: 'no commit', ref: undefined, commit: id}, {path, id})
  return found
}

/** Refs in the order in which a person would name them, then where they once were. */
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
    ...refs.filter(({name}) => name === 'refs/stash').map(({commit}): Tip => ({place: 'stash', ref: 'stash', commit})),
    ...(await repository.reflog()).map((commit): Tip => ({place: 'reflog', ref: undefined, commit})),
  ]
  const all: Tip[] = []
  const seen = new Set<CommitId>()
  for (const tip of tips) {
    if (seen.has(tip.commit)) continue
    seen.add(tip.commit)
    // A commit that was thrown away may be gone.
    const commit = await repository.commit(tip.commit).catch(() => undefined)
    if (commit === undefined) continue
    all.push(tip)
    // A stash keeps what git did not know in a third parent.
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

/** Reads a file that may be the revision; undefined when it is another one. */
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
