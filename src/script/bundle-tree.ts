import type {FileTree, ModuleExports} from './file-tree.ts'

/** A revision file in a bundle. */
export interface BundledFile {
  readonly text: string
  /** Imports the code; SQL files have none. */
  readonly load?: () => Promise<object>
}

/** The files of a bundle. */
export class BundleTree implements FileTree {
  readonly #files: ReadonlyMap<string, BundledFile>

  constructor(files: Readonly<Record<string, BundledFile>>) {
    this.#files = new Map(Object.entries(files))
  }

  /** A bundle has no empty folders, so every folder is one of its own. */
  async list(folder: string, {recursive}: {readonly recursive: boolean}): Promise<readonly string[]> {
    return [...this.#files.keys()].filter(
      (path) => path.startsWith(`${folder}/`) && (recursive || !path.slice(folder.length + 1).includes('/')),
    )
  }

  async read(paths: readonly string[]): Promise<readonly string[]> {
    return paths.map((path) => this.#file(path).text)
  }

  /** The code of a bundle has no stack traces that name its source files. */
  absolute(path: string): string {
    return path
  }

  async import(path: string): Promise<ModuleExports> {
    const {load} = this.#file(path)
    if (load === undefined) throw new RangeError(`${path} has no code in the bundle`)
    return (await load()) as ModuleExports
  }

  #file(path: string): BundledFile {
    const file = this.#files.get(path)
    if (file === undefined) throw new RangeError(`${path} is not in the bundle`)
    return file
  }
}
