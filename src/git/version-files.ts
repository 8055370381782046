import {posix, relative, resolve, sep} from 'node:path'
import {MigError} from '../errors.ts'
import {buildRevisionGraph} from '../graph/build.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {contentIdOf} from '../script/content-id.ts'
import {InvalidRevisionFileError} from '../script/errors.ts'
import {mayBeRevision, readRevisionFile} from '../script/revision-file.ts'
import type {KnownRevisions} from '../script/known-revisions.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {versionLocationsOf} from '../script/script-directory.ts'
import type {ScriptLayout} from '../script/script-directory.ts'
import {CommitTree, pathInRepository, textOf} from './commit-tree.ts'
import {refuseUnreadable} from './unreadable-folders.ts'
import type {CommitId, ComparedCommit, Difference, Repository, TreeFile} from './repository.ts'

/** A file of a version location in a commit. */
export interface VersionFile {
  /** Relative to the working directory. */
  readonly path: string
  /** Relative to the top of the repository. */
  readonly inRepository: string
  /** Blob id. */
  readonly id: string
  /** Blob id of its text with LF line ends. */
  readonly contentId: string
  readonly content: FileContent
}

export type FileContent =
  | {readonly kind: 'revision'; readonly revision: ScriptRevision}
  | {readonly kind: 'broken'; readonly error: MigError}
  | {readonly kind: 'other'}

type UnreadFile = Pick<VersionFile, 'path' | 'inRepository' | 'id'> & Pick<TreeFile, 'isLink'>

/** Number of cached commits: the merge target and the merge bases recur for every ref. */
const remembered = 8

/** Reads the version locations of many commits, each distinct content once. */
export class VersionFiles {
  readonly #repository: Repository
  readonly #layout: ScriptLayout
  readonly #base: string
  readonly #known: KnownRevisions | undefined
  /** The last file with each blob: usually the same in every commit. */
  readonly #files = new Map<string, VersionFile>()
  readonly #commits = new Map<CommitId, readonly VersionFile[] | undefined>()
  /** The files of commits that were compared; they share most of them. */
  readonly #compared = new Map<CommitId, readonly VersionFile[]>()

  /**
   * @param base the absolute path to which paths are relative
   * @param known revisions of another tree, which need not be read again
   */
  constructor(repository: Repository, layout: ScriptLayout, base: string, known?: KnownRevisions) {
    this.#repository = repository
    this.#layout = layout
    this.#base = base
    this.#known = known
  }

  /** The version locations, relative to the top of the repository. */
  get #folders(): readonly string[] {
    return versionLocationsOf(this.#layout).map((folder) => pathInRepository(this.#repository, this.#base, folder))
  }

  /** Reads many commits at once, each by its differences from one that comes before it here or is read on its own. */
  async compare(compared: readonly ComparedCommit[]): Promise<void> {
    const changes = new Map(compared.map(({commit}): [CommitId, Difference[]] => [commit, []]))
    for await (const change of this.#repository.differences(compared, this.#folders))
      changes.get(change.commit)?.push(change)
    for (const {commit, with: other} of compared) {
      const files = await this.#changed((await this.at(other)) ?? [], changes.get(commit) ?? [])
      // The folder may be missing there, or be somewhere else.
      if (files.length > 0) this.#compared.set(commit, files)
    }
  }

  /** Returns the files of a commit; undefined if it has no version location. */
  async at(commit: CommitId): Promise<readonly VersionFile[] | undefined> {
    const isKnown = this.#commits.has(commit)
    if (!isKnown && !this.#showsFolders(commit))
      await refuseUnreadable(this.#repository, commit, this.#folders, this.#layout.recursive)
    const known = isKnown ? this.#commits.get(commit) : await this.#read(commit)
    this.#commits.delete(commit)
    this.#commits.set(commit, known)
    const [oldest] = this.#commits.keys()
    if (this.#commits.size > remembered && oldest !== undefined) this.#commits.delete(oldest)
    return known
  }

  /** Whether a commit that was compared has a file in every folder, so that none of them is a link or a submodule. */
  #showsFolders(commit: CommitId): boolean {
    const files = this.#compared.get(commit)
    if (files === undefined || this.#layout.recursive) return false
    return this.#folders.every((folder) => files.some(({inRepository}) => folderOf(inRepository) === folder))
  }

  /** Returns a revision of a commit that is below a folder of the repository, wherever that is. */
  async anywhere(commit: CommitId, folder: string): Promise<string | undefined> {
    const files = (await this.#repository.files(commit, folder, true)) ?? []
    const wanted = files.filter(({path, isLink}) => isLink !== true && mayBeRevision(path))
    const blobs = await this.#repository.blobs(wanted.map(({id}) => id))
    return wanted.find(({path}, i) => this.contentOf(path, () => blobs[i]?.toString('utf8') ?? '').kind === 'revision')
      ?.path
  }

  /**
   * Returns the graph of revisions, which is that of another tree with the same files.
   *
   * @throws MigError as `buildRevisionGraph`
   */
  graphOf(revisions: readonly ScriptRevision[]): RevisionGraph<ScriptRevision> {
    return this.#known?.graphOf(revisions) ?? buildRevisionGraph(revisions)
  }

  /** Parses a text as the file at a path. */
  contentOf(path: string, text: () => string): FileContent {
    try {
      const revision = readRevisionFile(path, text())
      return revision === undefined ? {kind: 'other'} : {kind: 'revision', revision}
    } catch (error) {
      if (!(error instanceof MigError)) throw error
      return {kind: 'broken', error}
    }
  }

  /** Returns files with changes applied. */
  async #changed(before: readonly VersionFile[], changes: readonly Difference[]): Promise<readonly VersionFile[]> {
    if (changes.length === 0) return before
    const changed = new Set(changes.map(({path}) => path))
    const kept = before.filter(({inRepository}) => !changed.has(inRepository))
    const added = changes.flatMap(({path: inRepository, id, isLink}): UnreadFile[] => {
      const path = relative(this.#base, resolve(this.#repository.root, inRepository)).split(sep).join('/')
      return id !== undefined && this.#isListed(inRepository) ? [{path, inRepository, id, ...(isLink && {isLink})}] : []
    })
    if (added.length === 0) return kept
    return withFiles(kept, await this.#readUnknown(added))
  }

  #isListed(inRepository: string): boolean {
    return mayBeRevision(inRepository) && (this.#layout.recursive || this.#folders.includes(folderOf(inRepository)))
  }

  async #read(commit: CommitId): Promise<readonly VersionFile[] | undefined> {
    const compared = this.#compared.get(commit)
    // A copy, so that what is remembered for the files of one merge can be forgotten after it.
    if (compared !== undefined) return [...compared]
    const tree = new CommitTree(this.#repository, commit, this.#base)
    const paths = new Set<string>()
    let isThere = false
    for (const location of versionLocationsOf(this.#layout)) {
      const listed = await tree.list(location, {recursive: this.#layout.recursive})
      isThere ||= listed !== undefined
      for (const path of listed ?? []) if (mayBeRevision(path)) paths.add(path)
    }
    return isThere ? this.#filesOf(tree, [...paths].toSorted()) : undefined
  }

  async #filesOf(tree: CommitTree, paths: readonly string[]): Promise<readonly VersionFile[]> {
    return this.#readUnknown(paths.map((path) => ({path, ...tree.fileOf(path)})))
  }

  /** Reads those of some files whose contents are not known. */
  async #readUnknown(wanted: readonly UnreadFile[]): Promise<readonly VersionFile[]> {
    const files = wanted.map((file): VersionFile | UnreadFile => {
      const known = this.#files.get(file.id)
      if (known?.path === file.path && known.inRepository === file.inRepository) return known
      return this.#sharedWithTree(file) ?? file
    })
    const unread = files.filter((file) => !('content' in file))
    const blobs = await this.#repository.blobs(unread.map(({id}) => id))
    const read = new Map(unread.map((file, i) => [file, this.#remember(file, blobs[i] ?? Buffer.alloc(0))]))
    return files.flatMap((file) => ('content' in file ? file : (read.get(file) ?? [])))
  }

  #sharedWithTree({isLink, ...file}: UnreadFile): VersionFile | undefined {
    const revision = isLink === true ? undefined : this.#known?.find(file.path, file.id)
    if (revision === undefined) return undefined
    const shared: VersionFile = {...file, contentId: file.id, content: {kind: 'revision', revision}}
    this.#files.set(file.id, shared)
    return shared
  }

  #remember(file: UnreadFile, blob: Buffer): VersionFile {
    const contentId = blob.includes('\r\n') ? contentIdOf(blob.toString('utf8')) : file.id
    const {isLink, ...place} = file
    const content = isLink ? linkContent(file.path) : this.contentOf(file.path, () => textOf(blob, file.path))
    const read = {...place, contentId, content}
    this.#files.set(file.id, read)
    return read
  }
}

function folderOf(inRepository: string): string {
  return posix.dirname(inRepository).replace(/^\.$/, '')
}

/** Returns files with others, all by path. */
function withFiles(sorted: readonly VersionFile[], added: readonly VersionFile[]): readonly VersionFile[] {
  const byPath = (a: VersionFile, b: VersionFile): number => (a.path < b.path ? -1 : 1)
  const files: VersionFile[] = []
  let at = 0
  for (const file of added.toSorted(byPath)) {
    let [low, high] = [at, sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (byPath(sorted[middle]!, file) < 0) low = middle + 1
      else high = middle
    }
    for (; at < low; at++) files.push(sorted[at]!)
    files.push(file)
  }
  return files.concat(sorted.slice(at))
}

/** A checkout follows a link, whose file a commit may not have. */
function linkContent(path: string): FileContent {
  const reason = 'it is a symbolic link, which is not followed in a commit'
  return {kind: 'broken', error: new InvalidRevisionFileError(path, 1, reason, 'Commit the file itself.')}
}
