import {closeSync, openSync, readSync} from 'node:fs'

const blockSize = 16_384

/** Number of blocks of a file that are kept: objects next to each other are often read one after the other. */
const keptBlocks = 64

/** Reads parts of a file that never changes. It is open only while a block is read, so git can replace it. */
export class FileBlocks {
  readonly #path: string
  /** By their positions in the file, the last used ones at the end. */
  readonly #blocks = new Map<number, Buffer>()

  constructor(path: string) {
    this.#path = path
  }

  /** Returns the bytes at a position, fewer at the end of the file. They must not be changed. */
  slice(at: number, length: number): Buffer {
    const first = at - (at % blockSize)
    const inside = this.#blockAt(first).subarray(at - first, at - first + length)
    return inside.length === length ? inside : this.#read(at, length)
  }

  #blockAt(start: number): Buffer {
    const block = this.#blocks.get(start) ?? this.#read(start, blockSize)
    this.#blocks.delete(start)
    this.#blocks.set(start, block)
    const [oldest] = this.#blocks.keys()
    if (this.#blocks.size > keptBlocks && oldest !== undefined) this.#blocks.delete(oldest)
    return block
  }

  #read(at: number, length: number): Buffer {
    const file = openSync(this.#path, 'r')
    try {
      const bytes = Buffer.allocUnsafe(length)
      return bytes.subarray(0, readSync(file, bytes, 0, length, at))
    } finally {
      closeSync(file)
    }
  }
}
