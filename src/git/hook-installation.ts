import {chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {basename, dirname, join, resolve} from 'node:path'
import {FileAccessError, FileExistsError} from '../script/errors.ts'
import {hookFile, hookNames, lefthookFile, projectsIn, withBlock, withoutBlock} from './hook-script.ts'
import type {HookedProject, HookName} from './hook-script.ts'
import {runGit} from './run-git.ts'

/** Where the hooks of a repository are, and who else writes there. */
export interface HookPlace {
  readonly manager: 'git' | 'husky' | 'lefthook'
  /** The absolute path of the folder of the files. */
  readonly folder: string
}

type HookState = 'installed' | 'not installed' | 'replaced'

export interface HookReport {
  readonly hook: HookName
  /** The absolute path of its file. */
  readonly file: string
  /** `replaced`: something else stands where mig's hook was. */
  readonly state: HookState
  /** Whether a hook that was there before is run, too. */
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
 * Finds where git looks for the hooks of a repository. git itself knows: work trees share them, submodules and
 * `core.hooksPath` have them elsewhere.
 *
 * @throws MigError GIT_UNAVAILABLE, GIT_FAILED
 */
export async function findHooks(root: string): Promise<HookPlace> {
  if (lefthookFiles.some((name) => existsSync(join(root, name)))) return {manager: 'lefthook', folder: root}
  const folder = resolve(root, (await runGit(root, ['rev-parse', '--git-path', 'hooks'])).toString().trim())
  // husky has git look into a folder that it makes anew, from where it calls the files of the folder above.
  const isHusky = basename(folder) === '_' && existsSync(join(folder, 'h'))
  return isHusky ? {manager: 'husky', folder: dirname(folder)} : {manager: 'git', folder}
}

/**
 * Installs the hooks for a project. What is there is kept; doing it again changes nothing.
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

/** Takes the hooks of a project out again, and puts back what was there before. */
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

/** Moves the hook that is there aside, from where it is run. */
function keep({manager}: HookPlace, file: string): void {
  // A configuration cannot be chained as a program can.
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
