import type {FileTree, ModuleExports} from '../script/file-tree.ts'

/** The files that a work tree will have after a checkout: those of the commit, and untracked ones, which stay. */
export class CheckedOutTree implements FileTree {
  readonly #commit: FileTree
  readonly #disk: FileTree
  readonly #untracked: ReadonlySet<string>

  constructor(commit: FileTree, disk: FileTree, untracked: ReadonlySet<string>) {
    this.#commit = commit
    this.#disk = disk
    this.#untracked = untracked
  }

  async list(folder: string, options: {readonly recursive: boolean}): Promise<readonly string[] | undefined> {
    const committed = await this.#commit.list(folder, options)
    const staying = (await this.#disk.list(folder, options))?.filter((path) => this.#untracked.has(path)) ?? []
    return staying.length === 0 ? committed : [...(committed ?? []), ...staying]
  }

  async read(paths: readonly string[]): Promise<readonly string[]> {
    const isUntracked = (path: string): boolean => this.#untracked.has(path)
    const [staying, committed] = await Promise.all([
      this.#disk.read(paths.filter(isUntracked)),
      this.#commit.read(paths.filter((path) => !isUntracked(path))),
    ])
    let nextStaying = 0
    let nextCommitted = 0
    return paths.map((path) => (isUntracked(path) ? staying[nextStaying++] : committed[nextCommitted++]) ?? '')
  }

  absolute(path: string): string {
    return this.#disk.absolute(path)
  }

  async import(path: string, text: string): Promise<ModuleExports> {
    return this.#disk.import(path, text)
  }
}
