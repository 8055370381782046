import {inflateSync} from 'node:zlib'
import {FileBlocks} from './file-blocks.ts'

/** An object of git: a commit, tree, blob or tag. */
export interface GitObject {
  readonly type: string
  readonly bytes: Buffer
}

const types: readonly (string | undefined)[] = [undefined, 'commit', 'tree', 'blob', 'tag']
const deltaFromOffset = 6
const deltaFromId = 7

const idLength = 20
const fanoutAt = 8
const namesAt = fanoutAt + 256 * 4

/**
 * A pack file with its index, of which only the parts around an object are read: an index alone has many megabytes in a long
 * history.
 *
 * @see https://git-scm.com/docs/gitformat-pack
 */
export class Pack {
  readonly #index: FileBlocks
  readonly #pack: FileBlocks
  /** For each first byte of an id, how many objects have this or a lower one. */
  #counts: readonly number[] | undefined

  /** @param path the absolute path of both files, without the extension */
  constructor(path: string) {
    this.#index = new FileBlocks(`${path}.idx`)
    this.#pack = new FileBlocks(`${path}.pack`)
  }

  /**
   * Returns an object; undefined if the pack does not have it.
   *
   * @param read reads an object of the repository that may be in another place
   */
  read(id: string, read: (id: string) => GitObject): GitObject | undefined {
    const at = this.#positionOf(Buffer.from(id, 'hex'))
    return at === undefined ? undefined : objectAt(this.#pack, at, read)
  }

  #positionOf(id: Buffer): number | undefined {
    const index = this.#index
    const counts = (this.#counts ??= countsIn(index))
    const [first = 0] = id
    const all = counts[255] ?? 0
    let low = counts[first - 1] ?? 0
    let high = counts[first] ?? 0
    while (low < high) {
      const middle = (low + high) >> 1
      const order = id.compare(index.slice(namesAt + middle * idLength, idLength))
      if (order === 0) return offsetOf(index, middle, all)
      if (order < 0) high = middle
      else low = middle + 1
    }
    return undefined
  }
}

function countsIn(index: FileBlocks): readonly number[] {
  const head = index.slice(0, namesAt)
  if (head.length < namesAt || head.readUInt32BE(0) !== 0xff744f63 || head.readUInt32BE(4) !== 2)
    throw new Error('the index of its pack has an unknown format')
  return Array.from({length: 256}, (_, byte) => head.readUInt32BE(fanoutAt + byte * 4))
}

/** Returns the position of an object in the pack; behind the ids there are checksums, positions, and large positions. */
function offsetOf(index: FileBlocks, object: number, all: number): number {
  const offsetsAt = namesAt + all * (idLength + 4)
  const offset = index.slice(offsetsAt + object * 4, 4).readUInt32BE()
  const isLarge = offset >= 2 ** 31
  return isLarge ? Number(index.slice(offsetsAt + all * 4 + (offset - 2 ** 31) * 8, 8).readBigUInt64BE()) : offset
}

/** Longest head of an object: its type and size, and the position or id of the object that it is a change of. */
const longestHead = 40

/** An object may be a change of another one, which may be a change, too: as deep as git packed them. */
function objectAt(pack: FileBlocks, from: number, read: (id: string) => GitObject): GitObject {
  const deltas: Buffer[] = []
  for (let at = from; ;) {
    const head = pack.slice(at, longestHead)
    let next = 0
    let byte = byteOf(head, next++)
    const type = (byte >> 4) & 7
    let size = byte & 15
    for (let factor = 16; byte >= 128; factor *= 128) {
      byte = byteOf(head, next++)
      size += (byte & 127) * factor
    }
    let base = 0
    if (type === deltaFromOffset) {
      byte = byteOf(head, next++)
      base = byte & 127
      while (byte >= 128) {
        byte = byteOf(head, next++)
        base = (base + 1) * 128 + (byte & 127)
      }
    } else if (type === deltaFromId) next += idLength
    const bytes = inflated(pack, at + next, size)
    const name = types[type]
    if (name !== undefined) return {type: name, bytes: deltas.reduceRight(changed, bytes)}
    deltas.push(bytes)
    if (type === deltaFromId) {
      const other = read(head.toString('hex', next - idLength, next))
      return {type: other.type, bytes: deltas.reduceRight(changed, other.bytes)}
    }
    if (type !== deltaFromOffset || base <= 0 || base > at) throw new Error('its pack has an unknown format')
    at -= base
  }
}

/** Inflates the data at a position. Its compressed length is unknown, and can be a little more than its length. */
function inflated(pack: FileBlocks, at: number, size: number): Buffer {
  const longest = Math.ceil(size * 1.15) + 64
  const bytes = inflateSync(pack.slice(at, longest), {maxOutputLength: Math.max(size, 1)})
  if (bytes.length !== size) throw new Error('its length does not match its pack')
  return bytes
}

/** Applies a change: parts to copy from the other object, and bytes to insert. */
function changed(from: Buffer, delta: Buffer): Buffer {
  let next = 0
  const size = (): number => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = byteOf(delta, next++)
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  if (size() !== from.length) throw new Error('it is a change of another object')
  const result = Buffer.allocUnsafe(size())
  let length = 0
  while (next < delta.length) {
    const command = byteOf(delta, next++)
    if (command < 128) {
      length += delta.copy(result, length, next, next + command)
      next += command
      continue
    }
    const number = (bits: readonly number[]): number =>
      bits.reduce((sum, bit, i) => (command & bit ? sum + byteOf(delta, next++) * 256 ** i : sum), 0)
    const start = number([1, 2, 4, 8])
    length += from.copy(result, length, start, start + (number([16, 32, 64]) || 0x10000))
  }
  if (length !== result.length) throw new Error('it is a change of another object')
  return result
}

function byteOf(bytes: Buffer, at: number): number {
  const byte = bytes[at]
  if (byte === undefined) throw new Error('its pack ends too early')
  return byte
}
