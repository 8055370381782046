import {relative, resolve, sep} from 'node:path'
import {loadConfig} from '../config/load.ts'
import type {Settings} from '../config/schema.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {Tenant} from '../runner/tenant.ts'
import {DiskTree} from '../script/disk.ts'
import type {FileTree} from '../script/file-tree.ts'
import type {LoadRevision} from '../script/load.ts'
import {readScriptDirectory} from '../script/script-directory.ts'
import type {ScriptDirectory, ScriptLayout} from '../script/script-directory.ts'

/** What every use case can be told. */
export interface ProjectOptions {
  /** The working directory; the process's own when left out. */
  readonly cwd?: string | undefined
  /** The path of the configuration; found from the working directory upwards when left out. */
  readonly config?: string | undefined
  /** The name of an environment of the configuration. */
  readonly environment?: string | undefined
  /** Free arguments for the configuration and for revisions. */
  readonly x?: Readonly<Record<string, string>> | undefined
}

/** A project whose configuration was read. Paths in its tree, and so in messages, are relative to the working directory. */
export interface Project {
  readonly settings: Settings
  /** The names of the environments of the configuration. */
  readonly environments: readonly string[]
  /** The absolute path of the folder of the configuration. */
  readonly root: string
  readonly cwd: string
  readonly tree: FileTree
  readonly layout: ScriptLayout
  /** Returns the operations of the project, which are loaded when the first command needs them. */
  readonly registry: () => Promise<OperationRegistry>
  /** Whom all is done for, when it is not for the whole database. */
  readonly tenant?: Tenant | undefined
  /** How code is come by, when it is for more than one run. */
  readonly load?: LoadRevision | undefined
}

/** A project whose revisions were read, too. */
export interface ScriptProject extends Project {
  readonly scripts: ScriptDirectory
}

/** Reads the configuration of a project. */
export async function openProject(options: ProjectOptions): Promise<Project> {
  const cwd = resolve(options.cwd ?? process.cwd())
  const {settings, root, environments} = await loadConfig({...options, cwd})
  const registry = once(async () => {
    const {createRegistry} = await import('../operations/registry.ts')
    return createRegistry(settings.operations)
  })
  // What is wrong with the project's own operations is an error of every command.
  if (settings.operations.length > 0) await registry()
  const fromCwd = (path: string): string => relative(cwd, resolve(root, path)).split(sep).join('/') || '.'
  const layout: ScriptLayout = {
    scriptDirectory: fromCwd(settings.scriptDirectory),
    versionLocations: settings.versionLocations?.map(fromCwd),
    recursive: settings.recursiveVersionLocations,
  }
  return {settings, environments, root, cwd, tree: new DiskTree(cwd), layout, registry}
}

/** Returns a function that does its work at its first call only. */
function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined
  return async () => (result ??= work())
}

/** What use cases can be told that only read revisions. */
export interface ReadOptions extends ProjectOptions {
  /** A commit, branch or tag of git: its files are read instead of those of the work tree. */
  readonly at?: string | undefined
}

/** Reads the configuration and the revisions of a project. */
export async function openScripts(options: ReadOptions): Promise<ScriptProject> {
  const project = await openProject(options)
  if (options.at !== undefined) {
    const {commitNamed, openProjectRepository, scriptsAt} = await import('./repository.ts')
    const repository = await openProjectRepository(project)
    const commit = await commitNamed(repository, options.at)
    return {...project, ...(await scriptsAt(project, repository, {commit, ref: options.at}))}
  }
  return {...project, scripts: await readScriptDirectory(project.tree, project.layout)}
}
