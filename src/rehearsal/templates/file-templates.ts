import {randomBytes} from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {crc32} from 'node:zlib'
import {readRegularFile} from '../../util/regular-file.ts'
import {bestOf, digestOf, outgrown, parseTemplate, templateText} from './template.ts'
import type {Contents, Template} from './template.ts'

interface KeptFile extends Template {
  /** The path of the description. */
  readonly path: string
  /** The name of the file with the database. */
  readonly data: string
  readonly sum: string
  readonly bytes: number
  /** When it was used last. */
  readonly used: number
}

/** A file without a description, older than this, was left by a killed process. In milliseconds. */
const staleAfter = 3_600_000
const prefix = 'template-'

/**
 * Templates as files in a folder. A description is written last and has a checksum of it, so that a template exists
 * completely or not at all, whatever other processes do.
 */
export class FileTemplates {
  readonly #folder: string
  readonly #environment: string
  readonly #maxSize: number

  /** @param environment a digest of all that a template depends on besides its revisions */
  constructor(folder: string, environment: string, maxSize: number) {
    this.#folder = folder
    this.#environment = environment
    this.#maxSize = maxSize
  }

  /** Returns the best template with its bytes. A damaged one is removed. */
  find(
    wanted: Contents,
  ): {readonly template: Template; readonly bytes: Buffer; readonly forget: () => void} | undefined {
    for (;;) {
      const best = bestOf(
        this.#list().filter(({path}) => path.startsWith(join(this.#folder, `${prefix}${this.#environment}-`))),
        wanted,
      )
      if (best === undefined) return undefined
      const forget = (): void => this.#remove(best)
      try {
        const bytes = readFileSync(join(this.#folder, best.data))
        if (sumOf(bytes) === best.sum) {
          const now = new Date()
          utimesSync(best.path, now, now)
          return {template: best, bytes, forget}
        }
      } catch {
        // Another process has removed it.
      }
      forget()
      // A folder that cannot be written to still has it.
      if (existsSync(best.path)) return undefined
    }
  }

  /** Keeps a template, unless it is too large or the folder cannot be written to. */
  keep(template: Template, bytes: Buffer): boolean {
    if (bytes.length > this.#maxSize) return false
    const part = join(this.#folder, `.${prefix}${process.pid}-${randomBytes(4).toString('hex')}`)
    try {
      mkdirSync(this.#folder, {recursive: true})
      const ignored = join(this.#folder, '.gitignore')
      if (!existsSync(ignored)) writeFileSync(ignored, '*\n')
      const sum = sumOf(bytes)
      const name = `${prefix}${this.#environment}-${digestOf([...template.revisions.keys()].toSorted())}`
      const data = `${name}-${sum}.data`
      writeFileSync(part, bytes)
      renameSync(part, join(this.#folder, data))
      writeFileSync(part, templateText(template, {data, sum}))
      renameSync(part, join(this.#folder, `${name}.json`))
      this.#tidy()
      return true
    } catch {
      if (existsSync(part)) rmSync(part)
      return false
    }
  }

  /** Removes all templates of a project. */
  static clean(folder: string): number {
    const found = filesOf(folder)
    for (const name of found) rmSync(join(folder, name), {force: true})
    return found.filter((name) => name.endsWith('.json')).length
  }

  #list(): readonly KeptFile[] {
    return filesOf(this.#folder).flatMap((name) => {
      if (!name.endsWith('.json')) return []
      const path = join(this.#folder, name)
      try {
        const {template, more = {}} = parseTemplate(readRegularFile(path)) ?? {}
        const {data = '', sum = ''} = more as {readonly data?: string; readonly sum?: string}
        if (template === undefined) return []
        const bytes = statSync(join(this.#folder, data), {throwIfNoEntry: false})?.size ?? 0
        return {...template, path, data, sum, bytes, used: statSync(path).mtimeMs}
      } catch {
        return []
      }
    })
  }

  #remove({path, data}: KeptFile): void {
    try {
      rmSync(path, {force: true})
      rmSync(join(this.#folder, data), {force: true})
    } catch {
      // A read-only folder keeps it; it is not used.
    }
  }

  /** Removes what was not used for longest, and what killed processes have left. */
  #tidy(): void {
    const kept = this.#list()
    for (const template of outgrown(kept, this.#maxSize)) this.#remove(template)
    const described = new Set(kept.flatMap(({path, data}) => [path, join(this.#folder, data)]))
    for (const name of filesOf(this.#folder)) {
      const path = join(this.#folder, name)
      const age = Date.now() - (statSync(path, {throwIfNoEntry: false})?.mtimeMs ?? Date.now())
      if (!described.has(path) && age > staleAfter) rmSync(path, {force: true})
    }
  }
}

function filesOf(folder: string): readonly string[] {
  // A file in the place of the folder has no templates, and gets none.
  if (statSync(folder, {throwIfNoEntry: false})?.isDirectory() !== true) return []
  return readdirSync(folder).filter((name) => /^\.?template-/.test(name))
}

function sumOf(bytes: Buffer): string {
  return `${bytes.length}-${crc32(bytes).toString(16)}`
}
