import {existsSync} from 'node:fs'
import {basename, dirname, relative, resolve, sep} from 'node:path'
import {GitUnavailableError, UnknownHookError} from '../../git/errors.ts'
import {hooksReport, installHooks, isActive, uninstallHooks} from '../../git/hook-installation.ts'
import type {HookReport} from '../../git/hook-installation.ts'
import {findHooks} from '../../git/hook-managers.ts'
import type {HookPlace} from '../../git/hook-managers.ts'
import {hookNames} from '../../git/hook-script.ts'
import type {HookedProject, HookName} from '../../git/hook-script.ts'
import {locateRepository} from '../../git/locate.ts'
import type {RepositoryPlace} from '../../git/locate.ts'
import {forgetProgram, recordedProgram, recordProgram} from '../../git/start-script.ts'
import {versionLocationsOf} from '../../script/script-directory.ts'
import {ownProgram} from '../../util/program.ts'
import {openProject} from '../../engine/project.ts'
import type {Project, ProjectOptions} from '../../engine/project.ts'
import {unwatchProject, watchProject} from '../../engine/watched-files.ts'

export type {HookName}

export interface HooksResult {
  /** Runner of the hooks: git itself or a hook manager. */
  readonly manager: HookPlace['manager']
  /** The absolute path of the mig that they run; null if none is recorded in this clone. */
  readonly program: string | null
  /** Whether the program exists. */
  readonly programExists: boolean
  /** Whether git runs the installed hooks; false until a hook manager has written its own. */
  readonly isActive: boolean
  readonly hooks: readonly (Omit<HookReport, 'file'> & {readonly file: string})[]
}

export interface HooksOptions extends ProjectOptions {
  /** Names of the hooks; all by default. */
  readonly hooks?: readonly string[] | undefined
}

/**
 * Installs git hooks of a project.
 *
 * @throws MigError UNKNOWN_HOOK, GIT_UNAVAILABLE, FILE_UNWRITABLE, FILE_EXISTS, HOOK_PROGRAM_TRACKED, HOOKS_MANAGED, HOOKS_SHARED
 */
export async function installGitHooks(options: HooksOptions): Promise<HooksResult> {
  const hooks = options.hooks?.map(hookNamed)
  const located = await locateHooks(options)
  await recordProgram(located.repository, ownProgram())
  const reports = installHooks(located.place, located.hooked, hooks)
  await watchProject(located.project)
  return resultOf(located, reports)
}

/**
 * Removes git hooks of a project.
 *
 * @throws MigError UNKNOWN_HOOK, GIT_UNAVAILABLE, FILE_UNWRITABLE
 */
export async function uninstallGitHooks(options: HooksOptions): Promise<HooksResult> {
  const hooks = options.hooks?.map(hookNamed)
  const located = await locateHooks(options)
  const reports = uninstallHooks(located.place, located.hooked, hooks)
  if (reports.every(({state}) => state !== 'installed')) {
    forgetProgram(located.repository)
    unwatchProject(located.project)
  }
  return resultOf(located, reports)
}

/** Returns the state of the git hooks. */
export async function gitHooks(options: ProjectOptions): Promise<HooksResult> {
  const located = await locateHooks(options)
  return resultOf(located, hooksReport(located.place))
}

/** @throws MigError UNKNOWN_HOOK */
export function hookNamed(name: string): HookName {
  const found = hookNames.find((hook) => hook === name)
  if (found === undefined) throw new UnknownHookError(name, hookNames)
  return found
}

/** The hooks of a repository, and the project that they are for. */
interface LocatedHooks {
  readonly place: HookPlace
  readonly repository: RepositoryPlace
  readonly hooked: HookedProject
  readonly project: Project
}

async function locateHooks(options: ProjectOptions): Promise<LocatedHooks> {
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
  return {place: await findHooks(repository), repository, hooked, project}
}

function resultOf({place, repository, project}: LocatedHooks, hooks: readonly HookReport[]): HooksResult {
  const program = recordedProgram(repository)
  return {
    manager: place.manager,
    program: program ?? null,
    programExists: program !== undefined && existsSync(program),
    isActive: isActive(place, hooks),
    hooks: hooks.map((hook) => ({...hook, file: relative(project.cwd, hook.file).split(sep).join('/')})),
  }
}
