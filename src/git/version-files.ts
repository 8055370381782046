import {MigError} from '../errors.ts'
import {contentIdOf} from '../script/content-id.ts'
import {mayBeRevision, readRevisionFile} from '../script/revision-file.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {versionLocationsOf} from '../script/script-directory.ts'
import type {ScriptLayout} from '../script/script-directory.ts'
import {CommitTree, textOf} from './commit-tree.ts'
import type {CommitId, Repository} from './repository.ts'

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

type UnreadFile = Pick<VersionFile, 'path' | 'inRepository' | 'id'>

/** Number of cached commits: the merge target and the merge bases recur for every ref. */
const remembered = 8

/** Reads the version locations of many commits, each distinct content once. */
export class VersionFiles {
  readonly #repository: Repository
  readonly #layout: ScriptLayout
  readonly #base: string
  /** The last file with each blob: usually the same in every commit. */
  readonly #files = new Map<string, VersionFile>()
  readonly #commits = new Map<CommitId, readonly VersionFile[] | undefined>()

  /** @param base the absolute path to which paths are relative */
  constructor(repository: Repository, layout: ScriptLayout, base: string) {
    this.#repository = repository
    this.#layout = layout
    this.#base = base
  }

  /** Returns the files of a commit; undefined if it has no version location. */
  async at(commit: CommitId): Promise<readonly VersionFile[] | undefined> {
    const known = this.#commits.has(commit) ? this.#commits.get(commit) : await this.#read(commit)
    this.#commits.delete(commit)
    this.#commits.set(commit, known)
    const [oldest] = this.#commits.keys()
    if (this.#commits.size > remembered && oldest !== undefined) this.#commits.delete(oldest)
    return known
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

  async #read(commit: CommitId): Promise<readonly VersionFile[] | undefined> {
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
    const files = paths.map((path): VersionFile | UnreadFile => {
      const place = tree.fileOf(path)
      const known = this.#files.get(place.id)
      return known?.path === path && known.inRepository === place.inRepository ? known : {path, ...place}
    })
    const unread = files.filter((file) => !('content' in file))
    const blobs = await this.#repository.blobs(unread.map(({id}) => id))
    const read = new Map(unread.map((file, i) => [file, this.#remember(file, blobs[i] ?? Buffer.alloc(0))]))
    return files.flatMap((file) => ('content' in file ? file : (read.get(file) ?? [])))
  }

  #remember(file: UnreadFile, blob: Buffer): VersionFile {
    const contentId = blob.includes('\r\n') ? contentIdOf(blob.toString('utf8')) : file.id
    const read = {...file, contentId, content: this.contentOf(file.path, () => textOf(blob, file.path))}
    this.#files.set(file.id, read)
    return read
  }
}
