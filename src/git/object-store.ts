import {createHash} from 'node:crypto'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {inflateSync} from 'node:zlib'
import {codeOf} from '../util/error-info.ts'
import {Pack} from './pack.ts'
import type {GitObject} from './pack.ts'

/** The objects of a repository: files of their own, and packs. */
export class ObjectStore {
  readonly #folder: string
  #packs: readonly Pack[] = []
  #packNames = ''

  /** @param gitFolder the absolute path of the folder of git */
  constructor(gitFolder: string) {
    this.#folder = join(gitFolder, 'objects')
  }

  /**
   * Returns an object whose content matches its id; undefined if it is not there.
   *
   * @throws Error if it is corrupt
   */
  read(id: string): GitObject | undefined {
    const found = this.#loose(id) ?? this.#packed(id)
    if (found === undefined) return undefined
    const digest = createHash('sha1').update(`${found.type} ${found.bytes.length}\0`).update(found.bytes)
    if (digest.digest('hex') !== id) throw new Error('its content does not match its id')
    return found
  }

  #loose(id: string): GitObject | undefined {
    const file = join(this.#folder, id.slice(0, 2), id.slice(2))
    if (!existsSync(file)) return undefined
    const whole = inflateSync(readFileSync(file))
    const end = whole.indexOf(0)
    return {type: whole.toString('latin1', 0, whole.indexOf(32)), bytes: whole.subarray(end + 1)}
  }

  /** Looks at the folder again for an object that is in no known pack: git may have packed it meanwhile. */
  #packed(id: string): GitObject | undefined {
    return this.#inPacks(id) ?? (this.#findPacks() ? this.#inPacks(id) : undefined)
  }

  #inPacks(id: string): GitObject | undefined {
    const base = (other: string): GitObject => {
      const found = this.read(other)
      if (found === undefined) throw new Error(`it is a change of ${other}, which is not in this clone`)
      return found
    }
    for (const pack of this.#packs) {
      const found = inPack(pack, id, base)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Returns whether there are other packs than before. */
  #findPacks(): boolean {
    const folder = join(this.#folder, 'pack')
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^pack-.*\.idx$/.test(name)) : []
    if (names.join() === this.#packNames) return false
    this.#packNames = names.join()
    this.#packs = names.map((name) => new Pack(join(folder, name.slice(0, -'.idx'.length))))
    return true
  }
}

/** A pack that git has replaced by another one has no object. */
function inPack(pack: Pack, id: string, read: (id: string) => GitObject): GitObject | undefined {
  try {
    return pack.read(id, read)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}
