import {isUtf8} from 'node:buffer'
import {relative, resolve, sep} from 'node:path'
import {NotUtf8Error} from '../script/errors.ts'
import type {FileTree, ModuleExports} from '../script/file-tree.ts'
import {importSource} from '../util/import-source.ts'
import {OutsideRepositoryError} from './errors.ts'
import {movedFolder} from './moved-folder.ts'
import type {CommitId, Repository, TreeFile} from './repository.ts'

/** File tree of a commit. */
export class CommitTree implements FileTree {
  readonly #repository: Repository
  readonly #commit: CommitId
  readonly #base: string
  /** Listed files, by their paths in this tree. */
  readonly #files = new Map<string, TreeFile>()

  /** @param base the absolute path to which the paths of the tree are relative */
  constructor(repository: Repository, commit: CommitId, base: string) {
    this.#repository = repository
    this.#commit = commit
    this.#base = base
  }

  async list(folder: string, {recursive}: {readonly recursive: boolean}): Promise<readonly string[] | undefined> {
    const inside = pathInRepository(this.#repository, this.#base, folder)
    const current = {folder: inside, files: await this.#below(inside, recursive)}
    const {folder: found, files} = current.files === undefined ? await this.#elsewhere(inside, recursive) : current
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

  contentId(path: string): string | undefined {
    const {id, isLink} = this.fileOf(path)
    return isLink === true ? undefined : id
  }

  absolute(path: string): string {
    return resolve(this.#base, path)
  }

  async import(path: string, text: string): Promise<ModuleExports> {
    return importSource(this.absolute(path), text)
  }

  async #below(folder: string, recursive: boolean): Promise<readonly TreeFile[] | undefined> {
    return this.#repository.files(this.#commit, folder, recursive)
  }

  /** The folder may have been elsewhere at this commit: the configuration only gives its current path. */
  async #elsewhere(
    folder: string,
    recursive: boolean,
  ): Promise<{readonly folder: string; readonly files: readonly TreeFile[] | undefined}> {
    const known = await this.#repository.resolve('HEAD')
    const moved = known && (await movedFolder(this.#repository, folder, {known, other: this.#commit}))
    return {folder: moved ?? folder, files: moved === undefined ? undefined : await this.#below(moved, recursive)}
  }

  /** Returns the blob of a listed file, and its path in the repository as `inRepository`. */
  fileOf(path: string): Omit<TreeFile, 'path'> & {readonly inRepository: string} {
    const file = this.#files.get(path)
    if (file === undefined) throw new RangeError(`${path} was not listed`)
    const {path: inRepository, ...place} = file
    return {...place, inRepository}
  }
}

/**
 * Returns the path of a folder relative to the top of a repository.
 *
 * @param base the absolute path to which `folder` is relative
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
