import {chmodSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {FileAccessError, FileExistsError} from '../script/errors.ts'
import {
  hookFile,
  hookNames,
  isWritten,
  lefthookFile,
  lefthookProjects,
  projectsIn,
  withBlock,
  withoutBlock,
} from './hook-script.ts'
import type {HookedProject, HookName} from './hook-script.ts'
import {runGit} from './run-git.ts'
import {readRegularFile} from '../util/regular-file.ts'

/** Location of the hooks of a repository, and the hook manager in use. */
export interface HookPlace {
  readonly manager: 'git' | 'husky' | 'lefthook'
  /** Absolute path of the hooks folder. */
  readonly folder: string
}

type HookState = 'installed' | 'not installed' | 'replaced'

export interface HookReport {
  readonly hook: HookName
  /** The absolute path of its file. */
  readonly file: string
  /** `replaced`: another hook has taken the place of mig's. */
  readonly state: HookState
  /** Whether a previously existing hook runs, too. */
  readonly chained: boolean
}

const lefthookFiles = [
  'lefthook.yml',
  'lefthook.yaml',
  '.lefthook.yml',
  '.lefthook.yaml',
  'lefthook.toml',
  'lefthook.json',
]
const suffix = '.before-mig'

/**
 * Finds the hooks folder of a repository. Asks git, because work trees share it, and submodules and `core.hooksPath`
 * place it elsewhere.
 *
 * @throws MigError GIT_UNAVAILABLE, GIT_FAILED
 */
export async function findHooks(root: string): Promise<HookPlace> {
  if (lefthookFiles.some((name) => existsSync(join(root, name)))) return {manager: 'lefthook', folder: root}
  const folder = resolve(root, (await runGit(root, ['rev-parse', '--git-path', 'hooks'])).toString().trim())
  // husky points git at a generated folder whose hooks call the files in the parent folder.
  const isHusky = basename(folder) === '_' && existsSync(join(folder, 'h'))
  return isHusky ? {manager: 'husky', folder: dirname(folder)} : {manager: 'git', folder}
}

/**
 * Installs hooks for a project. Existing hooks are kept; installing again changes nothing.
 *
 * @throws MigError FILE_UNWRITABLE, FILE_EXISTS
 */
export function installHooks(
  place: HookPlace,
  project: HookedProject,
  hooks: readonly HookName[] = hookNames,
): readonly HookReport[] {
  for (const {file, hook} of filesOf(place, hooks)) {
    const text = readIfThere(file)
    const others = projectsOf(place, hook, text ?? '').filter(({folder}) => folder !== project.folder)
    const projects = [...others, project].toSorted((a, b) => (a.folder < b.folder ? -1 : 1))
    const wanted = textOf(place, hook, text ?? '', projects)
    if (text === wanted) continue
    if (text !== undefined && !isWritten(text) && place.manager !== 'husky') keep(place, file)
    write(file, wanted)
  }
  return hooksReport(place)
}

/** Removes hooks of a project and restores the previous ones. */
export function uninstallHooks(
  place: HookPlace,
  project: HookedProject,
  hooks: readonly HookName[] = hookNames,
): readonly HookReport[] {
  for (const {file, hook} of filesOf(place, hooks)) {
    const text = readIfThere(file)
    if (text === undefined || !isWritten(text)) continue
    const projects = projectsOf(place, hook, text).filter(({folder}) => folder !== project.folder)
    const rest = textOf(place, hook, text, projects)
    if (rest !== '') write(file, rest)
    else if (existsSync(file + suffix)) guarded(file, () => renameSync(file + suffix, file))
    else guarded(file, () => rmSync(file))
  }
  return hooksReport(place)
}

/** Returns the state of every hook. */
export function hooksReport(place: HookPlace): readonly HookReport[] {
  return filesOf(place, hookNames).map(({file, hook}) => {
    const text = readIfThere(file)
    const isOwn = projectsOf(place, hook, text ?? '').length > 0
    const kept = existsSync(file + suffix)
    const isHusky = place.manager === 'husky'
    return {
      hook,
      file,
      state: isOwn ? 'installed' : kept ? 'replaced' : 'not installed',
      chained: isOwn && (isHusky ? withoutBlock(text ?? '') !== '' : kept),
    }
  })
}

function filesOf(
  {manager, folder}: HookPlace,
  hooks: readonly HookName[],
): readonly {readonly hook: HookName; readonly file: string}[] {
  return hooks.map((hook) => ({hook, file: join(folder, manager === 'lefthook' ? 'lefthook-local.yml' : hook)}))
}

/** Returns the projects that a hook runs mig for. */
function projectsOf({manager}: HookPlace, hook: HookName, text: string): readonly HookedProject[] {
  return manager === 'lefthook' ? (lefthookProjects(text).get(hook) ?? []) : projectsIn(text)
}

/** Returns the text of a hook file for these projects; empty if nothing is left of it. */
function textOf({manager}: HookPlace, hook: HookName, text: string, projects: readonly HookedProject[]): string {
  switch (manager) {
    case 'git':
      return projects.length === 0 ? '' : hookFile(hook, projects)
    case 'husky':
      return projects.length === 0 ? withoutBlock(text) : withBlock(text, hook, projects)
    case 'lefthook':
      return lefthookFile(new Map([...lefthookProjects(text), [hook, projects]]))
  }
}

/** Moves an existing hook aside, to be run from there. */
function keep({manager}: HookPlace, file: string): void {
  // Unlike a hook script, a configuration file cannot be chained.
  if (manager === 'lefthook' || existsSync(file + suffix))
    throw new FileExistsError(manager === 'lefthook' ? file : file + suffix)
  guarded(file, () => renameSync(file, file + suffix))
}

function write(file: string, text: string): void {
  guarded(file, () => {
    mkdirSync(dirname(file), {recursive: true})
    const mode = existsSync(file) ? statSync(file).mode : file.endsWith('.yml') ? 0o644 : 0o755
    const temporary = `${file}.${process.pid}.tmp`
    writeFileSync(temporary, text)
    chmodSync(temporary, mode)
    renameSync(temporary, file)
  })
}

function readIfThere(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  return readRegularFile(file)
}

function guarded(file: string, act: () => void): void {
  try {
    act()
  } catch (error) {
    throw new FileAccessError('FILE_UNWRITABLE', file, error)
  }
}
