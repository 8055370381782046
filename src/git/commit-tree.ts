import {isUtf8} from 'node:buffer'
import {relative, resolve, sep} from 'node:path'
import {NotUtf8Error} from '../script/errors.ts'
import type {FileTree} from '../script/file-tree.ts'
import {OutsideRepositoryError} from './errors.ts'
import {movedFolder} from './moved-folder.ts'
import type {CommitId, Repository, TreeFile} from './repository.ts'

/** The files of a commit, which looks like a folder of the disk. */
export class CommitTree implements FileTree {
  readonly #repository: Repository
  readonly #commit: CommitId
  readonly #base: string
  /** The blobs of the files that were listed. */
  readonly #blobs = new Map<string, string>()

  /** @param base the absolute path that the tree's paths are relative to */
  constructor(repository: Repository, commit: CommitId, base: string) {
    this.#repository = repository
    this.#commit = commit
    this.#base = base
  }

  async list(folder: string, {recursive}: {readonly recursive: boolean}): Promise<readonly string[] | undefined> {
    const inside = pathInRepository(this.#repository, this.#base, folder)
    const files = (await this.#files(inside, recursive)) ?? (await this.#filesElsewhere(inside, recursive))
    return files?.map(({path, id}) => {
      const shown = relative(this.#base, resolve(this.#repository.root, path)).split(sep).join('/')
      this.#blobs.set(shown, id)
      return shown
    })
  }

  async read(paths: readonly string[]): Promise<readonly string[]> {
    const contents = await this.#repository.blobs(paths.map((path) => this.blobOf(path)))
    return contents.map((bytes, i) => textOf(bytes, paths[i] ?? ''))
  }

  absolute(path: string): string {
    return resolve(this.#base, path)
  }

  async #files(folder: string, recursive: boolean): Promise<readonly TreeFile[] | undefined> {
    return this.#repository.files(this.#commit, folder, recursive)
  }

  /** The configuration says where the folder is now. At this commit it may have been somewhere else. */
  async #filesElsewhere(folder: string, recursive: boolean): Promise<readonly TreeFile[] | undefined> {
    const known = await this.#repository.resolve('HEAD')
    const other = this.#commit
    const moved = known && (await movedFolder(this.#repository, folder, {known, other}))
    return moved === undefined ? undefined : this.#files(moved, recursive)
  }

  /** Returns the id of the blob of a file that was listed. */
  blobOf(path: string): string {
    const id = this.#blobs.get(path)
    if (id === undefined) throw new RangeError(`${path} was not listed`)
    return id
  }
}

/**
 * Returns the path of a folder from the top of a repository.
 *
 * @param base the absolute path that `folder` is relative to
 * @throws MigError OUTSIDE_REPOSITORY
 */
export function pathInRepository({root}: Pick<Repository, 'root'>, base: string, folder: string): string {
  const path = relative(root, resolve(base, folder)).split(sep).join('/')
  if (path === '..' || path.startsWith('../')) throw new OutsideRepositoryError(folder, root)
  return path
}

/** @throws MigError NOT_UTF8 */
export function textOf(bytes: Buffer, path: string): string {
  if (!isUtf8(bytes)) throw new NotUtf8Error(path)
  return bytes.toString('utf8')
}
