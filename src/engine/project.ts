import {relative, resolve, sep} from 'node:path'
import type {ConfigPlace} from '../config/find.ts'
import {loadConfig} from '../config/load.ts'
import type {Settings} from '../config/config.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {Tenant} from '../runner/tenant.ts'
import {DiskTree} from '../script/disk.ts'
import type {FileTree} from '../script/file-tree.ts'
import type {LoadRevision} from '../script/load.ts'
import type {KnownRevisions} from '../script/known-revisions.ts'
import {readScriptDirectory} from '../script/script-directory.ts'
import type {ScriptDirectory, ScriptLayout} from '../script/script-directory.ts'
import {once} from '../util/once.ts'
import type {BundleOptions} from './bundle/bundle.ts'

/** Options common to all functions. */
export interface ProjectOptions {
  /** The working directory; by default, that of the process. */
  readonly cwd?: string | undefined
  /** The path of the configuration; by default, searched from the working directory upwards. */
  readonly config?: string | undefined
  /** The name of an environment in the configuration. */
  readonly environment?: string | undefined
  /** Custom arguments for the configuration and for revisions. */
  readonly x?: Readonly<Record<string, string>> | undefined
}

/** A project with its configuration. Paths in its tree and in messages are relative to the working directory. */
export interface Project {
  readonly settings: Settings
  /** The names of the environments of the configuration. */
  readonly environments: readonly string[]
  /** The absolute path of the folder of the configuration. */
  readonly root: string
  readonly configPlace: ConfigPlace
  /** The configuration and environment that were chosen, if not the default ones. */
  readonly chosen: Pick<ProjectOptions, 'config' | 'environment'>
  readonly cwd: string
  readonly tree: FileTree
  readonly layout: ScriptLayout
  /** Returns the operations of the project, loaded on first use. */
  readonly registry: () => Promise<OperationRegistry>
  /** The tenant this run applies to, if any. */
  readonly tenant?: Tenant | undefined
  /** A revision loader shared across runs. */
  readonly load?: LoadRevision | undefined
}

/** A project with its configuration and revisions. */
export interface ScriptProject extends Project {
  readonly scripts: ScriptDirectory
  /** The revisions with the ids of their texts, if these were read. */
  readonly known?: KnownRevisions
}

/** Options of git hooks and completions. */
interface Opening {
  /** Whether what git hooks need is read from a literal configuration, without running it. */
  readonly literals?: boolean | undefined
}

/** Reads the configuration of a project, or that of a bundle. */
export async function openProject(options: ProjectOptions & BundleOptions & Opening): Promise<Project> {
  if (options.bundle !== undefined) {
    const {openBundle} = await import('./bundle/open.ts')
    return openBundle(options.bundle, options.settings ?? {}, options.cwd)
  }
  const cwd = resolve(options.cwd ?? process.cwd())
  const {settings, root, place: configPlace, environments} = await loadConfig({...options, cwd})
  const {config, environment} = options
  const registry = once(async () => {
    const {createRegistry} = await import('../operations/registry.ts')
    return createRegistry(settings.operations)
  })
  // Invalid custom operations are reported by every command.
  if (settings.operations.length > 0) await registry()
  const layout = layoutOf(settings, root, cwd)
  const chosen = {config, environment}
  return {settings, environments, root, configPlace, chosen, cwd, tree: new DiskTree(cwd), layout, registry}
}

/**
 * Returns the folders of a configuration.
 *
 * @param root the absolute path of the folder of the configuration
 * @param cwd the absolute path to which the result is relative
 */
export function layoutOf(
  settings: Pick<Settings, 'scriptDirectory' | 'versionLocations' | 'recursiveVersionLocations'>,
  root: string,
  cwd: string,
): ScriptLayout {
  const fromCwd = (path: string): string => relative(cwd, resolve(root, path)).split(sep).join('/') || '.'
  return {
    scriptDirectory: fromCwd(settings.scriptDirectory),
    versionLocations: settings.versionLocations?.map(fromCwd),
    recursive: settings.recursiveVersionLocations,
  }
}

/** Options of functions that only read revisions. */
export interface ReadOptions extends ProjectOptions {
  /** A git commit, branch, or tag to read files from instead of the working tree. */
  readonly at?: string | undefined
}

/** Reads the configuration and the revisions of a project. */
export async function openScripts(options: ReadOptions & BundleOptions & Opening): Promise<ScriptProject> {
  const project = await openProject(options)
  if (options.at !== undefined) {
    const {commitNamed, openProjectRepository, scriptsAt} = await import('./repository.ts')
    const repository = await openProjectRepository(project)
    const commit = await commitNamed(repository, options.at)
    return {...project, ...(await scriptsAt(project, repository, {commit, ref: options.at}))}
  }
  return {...project, scripts: await readScriptDirectory(project.tree, project.layout)}
}
