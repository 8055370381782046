import {basename, dirname, isAbsolute, posix, relative, resolve, sep} from 'node:path'
import type {Settings} from '../config/config.ts'
import {configModules, findConfig} from '../config/find.ts'
import {parseMergeSettings} from '../config/schema.ts'
import {writtenSettings} from '../config/written-settings.ts'
import {MigError} from '../errors.ts'
import {textOf} from '../git/commit-tree.ts'
import {NotEvaluatedError} from '../git/errors.ts'
import {mergeSteps, placeOf} from '../git/ref-names.ts'
import type {NamedCommit} from '../git/ref-names.ts'
import type {CommitId, Repository, TreeFile} from '../git/repository.ts'
import {contentIdOf} from '../script/content-id.ts'
import {versionLocationsOf} from '../script/script-directory.ts'
import type {ScriptLayout} from '../script/script-directory.ts'
import {readRegularFile} from '../util/regular-file.ts'
import {listOf} from '../util/text.ts'
import {layoutOf} from './project.ts'
import type {Project, ProjectOptions} from './project.ts'

/** Settings that decide on a merge. */
interface MergeSettings {
  readonly policy: Settings['policy']
  readonly layout: ScriptLayout
}

/** A configuration file of a commit. */
interface CommittedConfig extends TreeFile {
  readonly text: string
}

/** Keys of a configuration, read from its text. */
interface WrittenKeys {
  readonly file: string
  readonly values: object
}

const partKeys = {
  policy: ['policy'],
  layout: ['scriptDirectory', 'versionLocations', 'recursiveVersionLocations'],
} as const

const relativeImport = /\b(?:from|import|require)\s*\(?\s*['"`]\.{1,2}\//

/**
 * Reads the settings that decide on a merge from the configurations of its commits, so a branch cannot change the policy
 * that it is judged by. The code of another commit is never run.
 */
export class CommittedSettings {
  readonly #project: Project
  readonly #repository: Repository
  readonly #options: ProjectOptions
  /** By the part, and by the path and the blob id of the configuration. */
  readonly #read = new Map<string, MergeSettings>()

  /** By blob id. */
  readonly #texts = new Map<string, string>()

  /** Commits with the same configuration as another one. */
  readonly #sameAs = new Map<CommitId, CommitId>()

  constructor(project: Project, repository: Repository, options: ProjectOptions) {
    this.#project = project
    this.#repository = repository
    this.#options = options
  }

  /** Finds out which of many commits have the same configuration as another one, so that it is read once. */
  async compare(commits: readonly CommitId[], other: CommitId): Promise<void> {
    if (this.#isOutside) return
    const compared = commits.map((commit) => ({commit, with: other}))
    const changed = new Set<CommitId>()
    try {
      for await (const {commit} of this.#repository.differences(compared, this.#candidates())) changed.add(commit)
    } catch (error) {
      // It is found again when the commit is read.
      if (error instanceof MigError) return
      throw error
    }
    for (const commit of commits) if (commit !== other && !changed.has(commit)) this.#sameAs.set(commit, other)
  }

  /**
   * Returns the policy of a commit; the default if it has no configuration.
   *
   * @throws MigError NOT_EVALUATED if it cannot be read without running code that is not in the checkout
   */
  async policyAt(commit: NamedCommit): Promise<Settings['policy']> {
    return (await this.#at(commit, 'policy')).policy
  }

  /**
   * Returns the policy before a change of the checkout.
   *
   * @returns 'code' if the configuration has changed and its text does not show the former policy
   */
  async policyBefore(commit: CommitId): Promise<Settings['policy'] | 'code'> {
    const {policy} = this.#project.settings
    const written = await this.keysAt(commit, partKeys.policy)
    if (written === 'loaded') return policy
    if (written === 'code') return (await this.#isUnchanged(commit)) ? policy : 'code'
    const parsed = parseMergeSettings(written.values)
    return 'issues' in parsed ? 'code' : parsed.settings.policy
  }

  /**
   * Returns the folders of a commit, as `policyAt` does.
   *
   * @throws MigError NOT_EVALUATED
   */
  async layoutAt(commit: NamedCommit): Promise<ScriptLayout> {
    return (await this.#at(commit, 'layout')).layout
  }

  /**
   * Returns the folders after a merge of two commits, as git merges their configurations; undefined if both have the same.
   *
   * @throws MigError NOT_EVALUATED
   */
  async layoutOfMerge(
    ours: NamedCommit,
    theirs: NamedCommit,
    bases: readonly CommitId[],
  ): Promise<ScriptLayout | undefined> {
    const [mine, other] = [await this.layoutAt(ours), await this.layoutAt(theirs)]
    if (isSame(mine, other)) return undefined
    const before = await Promise.all(bases.map(async (commit) => this.layoutAt({ref: commit.slice(0, 7), commit})))
    if (before.every((layout) => isSame(layout, other))) return mine
    if (before.every((layout) => isSame(layout, mine))) return other
    throw new NotEvaluatedError(
      `${ours.ref} and ${theirs.ref} both change the version locations.`,
      `Run ${mergeSteps(theirs)} on ${placeOf(ours.ref)}, and commit the result.`,
      {ours: ours.ref, theirs: theirs.ref},
    )
  }

  /**
   * Returns some keys of the configuration of a commit.
   *
   * @returns 'loaded' if it is that of this checkout, and 'code' if its text does not show their values
   */
  async keysAt(commit: CommitId, keys: readonly string[]): Promise<WrittenKeys | 'loaded' | 'code'> {
    const config = await this.#find(commit, this.#folder)
    if (config === undefined || this.#isLoaded(config)) return 'loaded'
    const values = this.#written(config, keys)
    return values === undefined ? 'code' : {file: config.path, values}
  }

  /** The folder of the project, relative to the top of the repository. */
  get #folder(): string {
    return relative(this.#repository.root, this.#project.root).split(sep).join('/')
  }

  /** Whether the repository does not contain the folder of the project. */
  get #isOutside(): boolean {
    const folder = this.#folder
    return folder === '..' || folder.startsWith('../') || isAbsolute(folder)
  }

  async #at({ref, commit}: NamedCommit, part: keyof MergeSettings): Promise<MergeSettings> {
    const own = {policy: this.#project.settings.policy, layout: this.#project.layout}
    // The configuration of the checkout has been run already.
    if (this.#isOutside || commit === (await this.#repository.resolve('HEAD'))) return own
    const config = await this.#find(commit, this.#folder)
    const key = [part, config?.path, config?.id].join('\0')
    const settings = this.#read.get(key) ?? (this.#isLoaded(config) ? own : this.#parse(config, ref, part))
    this.#read.set(key, settings)
    return settings
  }

  /** The names that a configuration may have. */
  get #names(): readonly string[] {
    const {config: named, cwd} = this.#options
    return named === undefined ? configModules : [basename(findConfig(cwd ?? process.cwd(), named).path)]
  }

  /** Returns the paths of all files in which a configuration is looked for. */
  #candidates(): readonly string[] {
    const named = this.#options.config !== undefined
    const names = named ? this.#names : [...this.#names, 'package.json']
    const folders = named ? [this.#folder] : foldersAbove(this.#folder)
    return folders.flatMap((folder) => names.map((name) => posix.join(folder, name)))
  }

  /** Finds the configuration of a commit in the same way as that of a folder. */
  async #find(commit: CommitId, start: string): Promise<CommittedConfig | undefined> {
    const same = this.#sameAs.get(commit)
    if (same !== undefined) return this.#find(same, start)
    const named = this.#options.config
    const names = this.#names
    for (const inside of named === undefined ? foldersAbove(start) : [start]) {
      const files = (await this.#repository.files(commit, inside, false)) ?? []
      const fileNamed = (name: string): TreeFile | undefined =>
        files.find(({path}) => path === posix.join(inside, name))
      const file = names.map(fileNamed).find((found) => found !== undefined)
      const found = file && (await this.#textOf(file))
      if (found !== undefined) return found
      const manifest = named === undefined ? fileNamed('package.json') : undefined
      const described = manifest && (await this.#textOf(manifest))
      if (described !== undefined && typeof manifestSettings(described.text) === 'object') return described
    }
    return undefined
  }

  async #textOf(file: TreeFile): Promise<CommittedConfig> {
    const known = this.#texts.get(file.id)
    if (known !== undefined) return {...file, text: known}
    const [bytes = Buffer.alloc(0)] = await this.#repository.blobs([file.id])
    const text = textOf(bytes, file.path)
    this.#texts.set(file.id, text)
    return {...file, text}
  }

  /** Whether a configuration is that of the checkout, and loads no other file that may differ. */
  #isLoaded(config: CommittedConfig | undefined): boolean {
    return (
      config !== undefined &&
      !config.path.endsWith('.json') &&
      !relativeImport.test(config.text) &&
      this.#hasTextOf(config)
    )
  }

  /** Whether a commit has the configuration of the checkout; the files that it loads may differ. */
  async #isUnchanged(commit: CommitId): Promise<boolean> {
    const config = await this.#find(commit, this.#folder)
    return config !== undefined && this.#hasTextOf(config)
  }

  #hasTextOf({path: inRepository, text}: CommittedConfig): boolean {
    const {path} = findConfig(this.#project.cwd, this.#options.config)
    return (
      path === resolve(this.#repository.root, inRepository) && contentIdOf(readRegularFile(path)) === contentIdOf(text)
    )
  }

  #parse(config: CommittedConfig | undefined, ref: string, part: keyof MergeSettings): MergeSettings {
    const written = this.#written(config, partKeys[part])
    const file = config?.path ?? ''
    if (written === undefined) throw notReadable(file, ref, part)
    const parsed = parseMergeSettings(written)
    if ('issues' in parsed) throw invalidSettings(file, ref, parsed.issues)
    const root = config === undefined ? this.#project.root : resolve(this.#repository.root, dirname(file))
    return {policy: parsed.settings.policy, layout: layoutOf(parsed.settings, root, this.#project.cwd)}
  }

  #written(config: CommittedConfig | undefined, keys: readonly string[]): object | undefined {
    if (config === undefined) return {}
    const {environment} = this.#options
    if (!config.path.endsWith('.json')) return writtenSettings(config.text, keys, environment)
    const {environments, ...common} = manifestSettings(config.text) ?? {}
    return {...common, ...(environment !== undefined && environments?.[environment])}
  }
}

/** Returns a folder of the repository and all above it. */
function foldersAbove(folder: string): readonly string[] {
  const names = folder.split('/').filter(Boolean)
  return [...names.keys(), names.length].map((depth) => names.slice(0, depth).join('/')).toReversed()
}

function isSame(one: ScriptLayout, other: ScriptLayout): boolean {
  return (
    one.recursive === other.recursive && versionLocationsOf(one).join('\0') === versionLocationsOf(other).join('\0')
  )
}

/** Returns a layout with the version locations of several. */
export function joinedLayout(layouts: readonly [ScriptLayout, ...ScriptLayout[]]): ScriptLayout {
  const versionLocations = [...new Set(layouts.flatMap(versionLocationsOf))]
  return {...layouts[0], versionLocations, recursive: layouts.some(({recursive}) => recursive)}
}

function manifestSettings(text: string): {readonly environments?: Readonly<Record<string, object>>} | undefined {
  try {
    const {mig} = JSON.parse(text) as {readonly mig?: object | null}
    return mig ?? undefined
  } catch {
    return undefined
  }
}

function notReadable(file: string, ref: string, part: keyof MergeSettings): NotEvaluatedError {
  const names = partKeys[part].map((key) => `\`${key}\``)
  return new NotEvaluatedError(
    `The ${part === 'policy' ? 'policy' : 'version locations'} of ${ref} cannot be read from ${file} without running it.`,
    `Write ${listOf(names)} as ${part === 'policy' ? 'a literal' : 'literals'} in the exported object, or run the check in a checkout of ${ref}.`,
    {file, ref},
  )
}

function invalidSettings(file: string, ref: string, issues: readonly string[]): NotEvaluatedError {
  return new NotEvaluatedError(
    `The configuration ${file} of ${ref} is invalid: ${issues.join('; ')}.`,
    `Correct ${file} on ${ref}.`,
    {file, ref, issues},
  )
}
