import {basename, dirname, relative, resolve, sep} from 'node:path'
import {GitUnavailableError, UnknownHookError} from '../../git/errors.ts'
import {findHooks, hooksReport, installHooks, uninstallHooks} from '../../git/hook-installation.ts'
import type {HookPlace, HookReport} from '../../git/hook-installation.ts'
import {hookNames} from '../../git/hook-script.ts'
import type {HookedProject, HookName} from '../../git/hook-script.ts'
import {locateRepository} from '../../git/locate.ts'
import {versionLocationsOf} from '../../script/script-directory.ts'
import {openProject} from '../../engine/project.ts'
import type {Project, ProjectOptions} from '../../engine/project.ts'
import {unwatchProject, watchProject} from '../../engine/watched-files.ts'

export type {HookName}

export interface HooksResult {
  /** Runner of the hooks: git itself or a hook manager. */
  readonly manager: HookPlace['manager']
  readonly hooks: readonly (Omit<HookReport, 'file'> & {readonly file: string})[]
}

export interface HooksOptions extends ProjectOptions {
  /** Names of the hooks; all by default. */
  readonly hooks?: readonly string[] | undefined
}

/**
 * Installs git hooks of a project.
 *
 * @throws MigError UNKNOWN_HOOK, GIT_UNAVAILABLE, FILE_UNWRITABLE, FILE_EXISTS
 */
export async function installGitHooks(options: HooksOptions): Promise<HooksResult> {
  const hooks = options.hooks?.map(hookNamed)
  const {place, hooked, project} = await locateHooks(options)
  const installed = installHooks(place, hooked, hooks)
  watchProject(project)
  return resultOf(place, installed, project)
}

/**
 * Removes git hooks of a project.
 *
 * @throws MigError UNKNOWN_HOOK, GIT_UNAVAILABLE, FILE_UNWRITABLE
 */
export async function uninstallGitHooks(options: HooksOptions): Promise<HooksResult> {
  const hooks = options.hooks?.map(hookNamed)
  const {place, hooked, project} = await locateHooks(options)
  const left = uninstallHooks(place, hooked, hooks)
  if (left.every(({state}) => state !== 'installed')) unwatchProject(project)
  return resultOf(place, left, project)
}

/** Returns the state of the git hooks. */
export async function gitHooks(options: ProjectOptions): Promise<HooksResult> {
  const {place, project} = await locateHooks(options)
  return resultOf(place, hooksReport(place), project)
}

/** @throws MigError UNKNOWN_HOOK */
export function hookNamed(name: string): HookName {
  const found = hookNames.find((hook) => hook === name)
  if (found === undefined) throw new UnknownHookError(name, hookNames)
  return found
}

async function locateHooks(
  options: ProjectOptions,
): Promise<{readonly place: HookPlace; readonly hooked: HookedProject; readonly project: Project}> {
  const project = await openProject(options)
  const folder = resolve(project.cwd, versionLocationsOf(project.layout)[0] ?? '.')
  const repository = locateRepository(folder)
  if (repository === undefined) throw new GitUnavailableError(folder, 'it is not in a git repository')
  const inside = relative(repository.root, project.root).split(sep).join('/') || '.'
  const config = options.config === undefined ? undefined : resolve(project.cwd, options.config)
  const hooked = {
    folder: inside,
    ...(config !== undefined && {config: relative(project.root, dirname(config)) + basename(config)}),
  }
  return {place: await findHooks(repository.root), hooked, project}
}

function resultOf({manager}: HookPlace, hooks: readonly HookReport[], {cwd}: Project): HooksResult {
  return {manager, hooks: hooks.map((hook) => ({...hook, file: relative(cwd, hook.file).split(sep).join('/')}))}
}
