import {MigError} from '../errors.ts'
import {mayBeRevision, readRevisionFile} from '../script/revision-file.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {versionLocationsOf} from '../script/script-directory.ts'
import type {ScriptLayout} from '../script/script-directory.ts'
import {CommitTree, textOf} from './commit-tree.ts'
import type {CommitId, Repository} from './repository.ts'

/** A file in a version location, at some commit. */
export interface VersionFile {
  /** Relative to the working directory. */
  readonly path: string
  /** From the top of the repository. */
  readonly inRepository: string
  /** The id of its blob. */
  readonly id: string
  readonly content: FileContent
}

export type FileContent =
  | {readonly kind: 'revision'; readonly revision: ScriptRevision}
  | {readonly kind: 'broken'; readonly error: MigError}
  | {readonly kind: 'other'}

/** Reads the files in the version locations of many commits: every content once. */
export class VersionFiles {
  readonly #repository: Repository
  readonly #layout: ScriptLayout
  readonly #base: string
  readonly #contents = new Map<string, FileContent>()
  readonly #commits = new Map<CommitId, Promise<readonly VersionFile[] | undefined>>()

  /** @param base the absolute path that paths are relative to */
  constructor(repository: Repository, layout: ScriptLayout, base: string) {
    this.#repository = repository
    this.#layout = layout
    this.#base = base
  }

  /** Returns the files of a commit; undefined where it has no version location. */
  async at(commit: CommitId): Promise<readonly VersionFile[] | undefined> {
    const known = this.#commits.get(commit) ?? this.#read(commit)
    this.#commits.set(commit, known)
    return known
  }

  /** Reads a text as the file at a path. */
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
      for (const path of (listed ?? []).filter(mayBeRevision)) paths.add(path)
    }
    if (!isThere) return undefined
    const files = [...paths].toSorted().map((path) => ({path, ...tree.fileOf(path)}))
    await this.#fill(files)
    return files.map((file) => ({...file, content: this.#contents.get(keyOf(file)) ?? {kind: 'other'}}))
  }

  async #fill(files: readonly {readonly path: string; readonly id: string}[]): Promise<void> {
    const unread = files.filter((file) => !this.#contents.has(keyOf(file)))
    const blobs = await this.#repository.blobs(unread.map(({id}) => id))
    for (const [i, file] of unread.entries())
      this.#contents.set(
        keyOf(file),
        this.contentOf(file.path, () => textOf(blobs[i] ?? Buffer.alloc(0), file.path)),
      )
  }
}

function keyOf({path, id}: {readonly path: string; readonly id: string}): string {
  return `${id} ${path}`
}
