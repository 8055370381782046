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
  /** The files that were listed, by their paths in this tree. */
  readonly #files = new Map<string, TreeFile>()

  /** @param base the absolute path that the tree's paths are relative to */
  constructor(repository: Repository, commit: CommitId, base: string) {
    this.#repository = repository
    this.#commit = commit
    this.#base = base
  }

  async list(folder: string, {recursive}: {readonly recursive: boolean}): Promise<readonly string[] | undefined> {
    const inside = pathInRepository(this.#repository, this.#base, folder)
    const there = {folder: inside, files: await this.#below(inside, recursive)}
    const {folder: found, files} = there.files === undefined ? await this.#elsewhere(inside, recursive) : there
    const shownFolder = relative(this.#base, resolve(this.#repository.root, found)).split(sep).join('/')
    return files?.map((file) => {
      const shown = `${shownFolder}${file.path.slice(found.length)}`
      this.#files.set(shown, file)
      return shown
    })
  }

  async read(paths: readonly string[]): Promise<readonly string[]> {
    const contents = await this.#repository.blobs(paths.map((path) => this.fileOf(path).id))
    return contents.map((bytes, i) => textOf(bytes, paths[i] ?? ''))
  }

  absolute(path: string): string {
    return resolve(this.#base, path)
  }

  async #below(folder: string, recursive: boolean): Promise<readonly TreeFile[] | undefined> {
    return this.#repository.files(this.#commit, folder, recursive)
  }

  /** The configuration says where the folder is now. At this commit it may have been somewhere else. */
  async #elsewhere(
    folder: string,
    recursive: boolean,
  ): Promise<{readonly folder: string; readonly files: readonly TreeFile[] | undefined}> {
    const known = await this.#repository.resolve('HEAD')
    const moved = known && (await movedFolder(this.#repository, folder, {known, other: this.#commit}))
    return {folder: moved ?? folder, files: moved === undefined ? undefined : await this.#below(moved, recursive)}
  }

  /** Returns where a file that was listed is in the repository, and which blob it is; `inRepository` is its path there. */
  fileOf(path: string): {readonly id: string; readonly inRepository: string} {
    const file = this.#files.get(path)
    if (file === undefined) throw new RangeError(`${path} was not listed`)
    return {id: file.id, inRepository: file.path}
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
