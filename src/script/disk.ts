import {isUtf8} from 'node:buffer'
import {readdirSync, readFileSync, realpathSync, statSync} from 'node:fs'
import type {Dirent} from 'node:fs'
import {join, resolve, sep} from 'node:path'
import {FileAccessError, NotAFolderError, NotUtf8Error} from './errors.ts'
import type {FileTree, ModuleExports} from './file-tree.ts'
import {codeOf} from '../util/error-info.ts'
import {importSource} from '../util/import-source.ts'
import {readRegularFile} from '../util/regular-file.ts'

/**
 * The files below a folder on disk.
 *
 * Reads synchronously: 10,000 small files take a tenth of a second, several times that with promises.
 */
export class DiskTree implements FileTree {
  readonly #root: string

  /** @param root an absolute path */
  constructor(root: string) {
    this.#root = root
  }

  async list(folder: string, {recursive}: {readonly recursive: boolean}): Promise<readonly string[] | undefined> {
    const absolute = this.absolute(folder)
    try {
      const entries = recursive ? filesBelow(absolute) : readdirSync(absolute, {withFileTypes: true})
      return entries
        .filter((entry) => !entry.isDirectory())
        .map(({parentPath, name}) => `${folder}${parentPath.slice(absolute.length).replaceAll(sep, '/')}/${name}`)
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined
      if (codeOf(error) === 'ENOTDIR') throw new NotAFolderError(folder)
      throw new FileAccessError('FILE_UNREADABLE', folder, error)
    }
  }

  async read(paths: readonly string[]): Promise<readonly string[]> {
    return paths.map((path) => this.#readOne(path))
  }

  absolute(path: string): string {
    return resolve(this.#root, path)
  }

  async import(path: string, text: string): Promise<ModuleExports> {
    return importSource(this.absolute(path), text)
  }

  #readOne(path: string): string {
    const absolute = this.absolute(path)
    try {
      const text = readRegularFile(absolute)
      // Decoding invalid UTF-8 always yields replacement characters, so other texts need no check.
      if (text.includes('\uFFFD') && !isUtf8(readFileSync(absolute))) throw new NotUtf8Error(path)
      return text
    } catch (error) {
      if (error instanceof NotUtf8Error) throw error
      throw new FileAccessError('FILE_UNREADABLE', path, error)
    }
  }
}

/**
 * Returns the files in a folder and in those below it. Folders that symbolic links lead to are read after all others, and
 * each folder only once, so that links may form loops.
 */
function filesBelow(root: string): readonly Dirent[] {
  const files: Dirent[] = []
  const seen = new Set<string>()
  const folders = [root]
  const links: string[] = []
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop() ?? links.shift()) {
    const real = realpathSync(folder)
    if (seen.has(real)) continue
    seen.add(real)
    for (const entry of readdirSync(folder, {withFileTypes: true})) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) folders.push(path)
      else if (entry.isSymbolicLink() && isFolder(path)) links.push(path)
      else files.push(entry)
    }
  }
  return files
}

/** Returns whether a symbolic link leads to a folder; one that leads nowhere, or to itself, does not. */
function isFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory()
  } catch {
    return false
  }
}
