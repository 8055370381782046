import {hash} from 'node:crypto'
import {readFileSync, realpathSync} from 'node:fs'
import {basename, dirname, join, relative, resolve, sep} from 'node:path'
import {throughGate, watchImports} from '../config/code-gate.ts'
import type {CodeGate} from '../config/code-gate.ts'
import {ownProgram, packageFolder} from '../util/program.ts'
import {UntrustedCodeError} from '../git/errors.ts'
import {locateRepository} from '../git/locate.ts'
import type {RepositoryPlace} from '../git/locate.ts'
import {addTrusted, idOfContents, readTrusted} from '../git/trusted-code.ts'
import type {TrustedSet} from '../git/trusted-code.ts'

/**
 * Runs a command of the user, and records the configuration and the files that it loads as trusted by git hooks, and an
 * updated mig.
 */
export async function trustingCode<Result>(run: () => Promise<Result>): Promise<Result> {
  const recorder = new Recorder()
  try {
    return await throughGate(recorder, run)
  } finally {
    await recorder.record()
  }
}

/**
 * Runs what nobody has typed, with code that the user has run before.
 *
 * @throws MigError UNTRUSTED_CODE
 */
export async function onlyTrustedCode<Result>(run: () => Promise<Result>): Promise<Result> {
  const guard = new Guard()
  try {
    return await throughGate(guard, run)
  } finally {
    // Code of the project may have caught it.
    // oxlint-disable-next-line no-unsafe-finally
    if (guard.refused !== undefined) throw guard.refused
  }
}

/** A configuration, with the work tree that it is in. */
interface Work {
  readonly place: RepositoryPlace
  /** The absolute path of the top, without symbolic links. */
  readonly root: string
  /** The configuration as a path in it. */
  readonly config: string
}

class Recorder implements CodeGate {
  #work: Work | undefined
  /** Ids of contents by path in the work tree. */
  #files = new Map<string, string>()
  #packages = new Set<string>()
  #ofConfiguration: ReadonlyMap<string, string> | undefined

  async configuration(name: string, text: string): Promise<void> {
    // `mig switch` loads that of each branch.
    await this.record()
    this.#work = repositoryOf(name)
    this.#files = new Map(this.#work === undefined ? [] : [[this.#work.config, contentIdOf(text)]])
    this.#packages = new Set()
    this.#ofConfiguration = undefined
  }

  configured(): void {
    this.#ofConfiguration = new Map(this.#files)
  }

  file(path: string): void {
    if (this.#work === undefined || isOwn(path)) return
    const name = nameIn(this.#work, path)
    if (isInPackage(name)) this.#packages.add(name)
    else this.#files.set(name, contentIdIn(this.#work, name))
  }

  /** Records what has run. A repository that cannot be read or written is no error of the command. */
  async record(): Promise<void> {
    await this.#record().catch(() => {})
  }

  /** Records the files of the configuration by themselves, and with those that were loaded later. */
  async #record(): Promise<void> {
    const work = this.#work
    if (work === undefined) return
    const {renewProgram} = await import('../git/start-script.ts')
    await renewProgram(work.place, ownProgram()).catch(() => {})
    const sets = readTrusted(work.place)
    const all = this.#ofConfiguration === undefined ? [this.#files] : [this.#ofConfiguration, this.#files]
    for (const files of all) if (!isKnown(work, sets, files)) await this.#add(work, files)
  }

  async #add(work: Work, files: ReadonlyMap<string, string>): Promise<void> {
    const tracked = this.#packages.size === 0 ? new Set<string>() : await trackedPackages(work)
    const packages = [...this.#packages].filter((name) => tracked.has(name))
    const contents = new Map([...files, ...packages.map((name) => [name, contentIdIn(work, name)] as const)])
    const names = [...contents.keys()].toSorted()
    addTrusted(
      work.place,
      names,
      idOf(names, (name) => contents.get(name)),
    )
  }
}

class Guard implements CodeGate {
  refused: UntrustedCodeError | undefined
  #work: Work | undefined
  #isOpen = false
  #sets: readonly TrustedSet[] = []
  #allowed: ReadonlySet<string> = new Set()
  #tracked: ReadonlySet<string> = new Set()

  async configuration(name: string, text: string): Promise<void> {
    const work = workOf(name)
    const {userSetting} = await import('../git/run-git.ts')
    // Outside of a repository, nothing is checked out.
    this.#isOpen = work === undefined || (await userSetting('mig.trust')) === 'always'
    if (work === undefined || this.#isOpen) return
    this.#work = work
    this.#sets = readTrusted(work.place).filter(({files}) => files.includes(work.config))
    const unchanged = this.#sets.filter(({files, ids}) =>
      ids.includes(idOf(files, (file) => (file === work.config ? contentIdOf(text) : contentIdIn(work, file)))),
    )
    this.#allowed = new Set(unchanged.flatMap(({files}) => files))
    this.#tracked = await trackedPackages(work)
    if (unchanged.length === 0) this.#refuse(work.config)
    // mig imports drivers, even where the configuration imports nothing.
    watchImports()
  }

  configured(): void {}

  file(path: string): void {
    if (this.#isOpen || isOwn(path)) return
    const name = this.#work === undefined ? path : nameIn(this.#work, path)
    const isInstalled = isInPackage(name) && !this.#tracked.has(name)
    if (!isInstalled && !this.#allowed.has(name)) this.#refuse(name)
  }

  #refuse(name: string): never {
    const hasRun = this.#sets.some(({files}) => files.includes(name))
    this.refused = new UntrustedCodeError(name, hasRun)
    throw this.refused
  }
}

function isKnown(work: Work, sets: readonly TrustedSet[], files: ReadonlyMap<string, string>): boolean {
  return sets.some(({files: names, ids}) => {
    const packages = names.filter((name) => !files.has(name))
    if (names.length - packages.length !== files.size || !packages.every(isInPackage)) return false
    return ids.includes(idOf(names, (name) => files.get(name) ?? contentIdIn(work, name)))
  })
}

/** Returns the work tree of a configuration, if it is in one that can be read. */
function repositoryOf(name: string): Work | undefined {
  try {
    return workOf(name)
  } catch {
    return undefined
  }
}

function workOf(name: string): Work | undefined {
  const folder = realpathSync(dirname(name))
  const place = locateRepository(folder)
  if (place === undefined) return undefined
  const work = {place, root: realpathSync(place.root)}
  return {...work, config: nameIn(work, join(folder, basename(name)))}
}

/** Returns the path of a file in the work tree, or its absolute path if it is not in it. */
function nameIn({root}: Pick<Work, 'root'>, path: string): string {
  return path.startsWith(root + sep) ? relative(root, path).split(sep).join('/') : path
}

/** Returns the files of packages that git tracks, which a checkout can replace. */
async function trackedPackages({root}: Work): Promise<ReadonlySet<string>> {
  const {runGit} = await import('../git/run-git.ts')
  const output = await runGit(root, ['ls-files', '-z', '--', ':(top,glob)**/node_modules/**'])
  return new Set(output.toString().split('\0').filter(Boolean))
}

function idOf(names: readonly string[], contentIdOfName: (name: string) => string | undefined): string {
  return idOfContents(names.map((name) => [name, contentIdOfName(name) ?? '']))
}

function contentIdOf(content: string | Buffer): string {
  return hash('sha256', content)
}

/** Returns the id of the content of a file as it is now; empty if it is missing. */
function contentIdIn({root}: Work, name: string): string {
  try {
    return contentIdOf(readFileSync(resolve(root, name)))
  } catch {
    return ''
  }
}

function isInPackage(path: string): boolean {
  return /(?:^|[\\/])node_modules[\\/]/.test(path)
}

let ownFolders: readonly string[] | undefined

/** Whether a file is mig's own. */
function isOwn(path: string): boolean {
  ownFolders ??= ['bin', 'dist', 'src'].map((folder) => join(packageFolder(), folder) + sep)
  return ownFolders.some((folder) => path.startsWith(folder))
}
