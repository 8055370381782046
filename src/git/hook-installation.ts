import {chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {FileAccessError, FileExistsError} from '../script/errors.ts'
import {hookFile, hookNames, lefthookFile, projectsIn, withBlock, withoutBlock} from './hook-script.ts'
import type {HookedProject, HookName} from './hook-script.ts'
import {runGit} from './run-git.ts'

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
 * Installs the hooks for a project. Existing hooks are kept; installing again changes nothing.
 *
 * @throws MigError FILE_UNWRITABLE, FILE_EXISTS
 */
export function installHooks(place: HookPlace, project: HookedProject): readonly HookReport[] {
  for (const {file, hook} of filesOf(place)) {
    const text = readIfThere(file)
    const own = text === undefined ? undefined : projectsIn(text)
    const others = (own ?? []).filter(({folder}) => folder !== project.folder)
    const projects = [...others, project].toSorted((a, b) => (a.folder < b.folder ? -1 : 1))
    const wanted = textOf(place, hook, text ?? '', projects)
    if (text === wanted) continue
    if (text !== undefined && own === undefined && place.manager !== 'husky') keep(place, file)
    write(file, wanted)
  }
  return hooksReport(place)
}

/** Removes the hooks of a project and restores the previous ones. */
export function uninstallHooks(place: HookPlace, project: HookedProject): readonly HookReport[] {
  for (const {file, hook} of filesOf(place)) {
    const text = readIfThere(file)
    const own = text === undefined ? undefined : projectsIn(text)
    if (text === undefined || own === undefined) continue
    const projects = own.filter(({folder}) => folder !== project.folder)
    if (projects.length > 0) write(file, textOf(place, hook, text, projects))
    else if (place.manager === 'husky' && withoutBlock(text) !== '') write(file, withoutBlock(text))
    else if (existsSync(file + suffix)) guarded(file, () => renameSync(file + suffix, file))
    else guarded(file, () => rmSync(file))
  }
  return hooksReport(place)
}

/** Returns the state of every hook. */
export function hooksReport(place: HookPlace): readonly HookReport[] {
  return filesOf(place).map(({file, hook}) => {
    const text = readIfThere(file)
    const isOwn = text !== undefined && projectsIn(text) !== undefined
    const kept = existsSync(file + suffix)
    const isHusky = place.manager === 'husky'
    return {
      hook,
      file,
      state: isOwn ? 'installed' : kept ? 'replaced' : 'not installed',
      chained: isOwn && (isHusky ? withoutBlock(text) !== '' : kept),
    }
  })
}

function filesOf({manager, folder}: HookPlace): readonly {readonly hook: HookName; readonly file: string}[] {
  return hookNames.map((hook) => ({hook, file: join(folder, manager === 'lefthook' ? 'lefthook-local.yml' : hook)}))
}

function textOf({manager}: HookPlace, hook: HookName, text: string, projects: readonly HookedProject[]): string {
  switch (manager) {
    case 'git':
      return hookFile(hook, projects)
    case 'husky':
      return withBlock(text, hook, projects)
    case 'lefthook':
      return lefthookFile(projects)
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
  return readFileSync(file, 'utf8')
}

function guarded(file: string, act: () => void): void {
  try {
    act()
  } catch (error) {
    throw new FileAccessError('FILE_UNWRITABLE', file, error)
  }
}
