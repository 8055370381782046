import type {FileTree, ModuleExports} from './file-tree.ts'

/** A tree with replaced or additional files; folder listings are those of the underlying tree. */
export class OverlayTree implements FileTree {
  readonly #below: FileTree
  readonly #texts: ReadonlyMap<string, string>

  constructor(below: FileTree, texts: ReadonlyMap<string, string>) {
    this.#below = below
    this.#texts = texts
  }

  async list(folder: string, options: {readonly recursive: boolean}): Promise<readonly string[] | undefined> {
    return this.#below.list(folder, options)
  }

  async read(paths: readonly string[]): Promise<readonly string[]> {
    const others = await this.#below.read(paths.filter((path) => !this.#texts.has(path)))
    let next = 0
    return paths.map((path) => this.#texts.get(path) ?? others[next++] ?? '')
  }

  absolute(path: string): string {
    return this.#below.absolute(path)
  }

  async import(path: string, text: string): Promise<ModuleExports> {
    return this.#below.import(path, text)
  }
}
