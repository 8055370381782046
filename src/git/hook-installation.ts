import {chmodSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
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
import {ManagedHooksError, SharedHooksError} from './errors.ts'
import {isOfSimpleGitHooks, lefthookLocal, otherLefthookLocal, simpleCommand} from './hook-managers.ts'
import type {HookPlace} from './hook-managers.ts'
import {readRegularFile} from '../util/regular-file.ts'

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

const suffix = '.before-mig'
/** The suffix of the hook that pre-commit (pre-commit.com) runs before its own. */
const legacy = '.legacy'

/**
 * Installs hooks for a project. Existing hooks are kept; installing again changes nothing.
 *
 * @throws MigError FILE_UNWRITABLE, FILE_EXISTS, HOOKS_SHARED, HOOKS_MANAGED
 */
export function installHooks(
  place: HookPlace,
  project: HookedProject,
  hooks: readonly HookName[] = hookNames,
): readonly HookReport[] {
  refuse(place, project, hooks)
  for (const {file, hook} of place.manager === 'simple-git-hooks' ? [] : filesOf(place, hooks)) {
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

/** Refuses to install hooks where they would run in other repositories, or be overwritten. */
function refuse(place: HookPlace, project: HookedProject, hooks: readonly HookName[]): void {
  if (place.ownFolder !== undefined) throw new SharedHooksError(place.folder, place.ownFolder)
  if (place.manager === 'simple-git-hooks') {
    const missing = hooksReport(place).filter(({hook, state}) => hooks.includes(hook) && state !== 'installed')
    if (missing.length === 0) return
    const lines = missing.map(({hook}) => `  "${hook}": ${JSON.stringify(simpleCommand(hook, project.folder))}`)
    throw new ManagedHooksError(place.configuration ?? '', lines)
  }
  const other = place.manager === 'lefthook' ? otherLefthookLocal(place.folder) : undefined
  if (other !== undefined) throw new FileExistsError(other)
}

/** Removes hooks of a project and restores the previous ones. */
export function uninstallHooks(
  place: HookPlace,
  project: HookedProject,
  hooks: readonly HookName[] = hookNames,
): readonly HookReport[] {
  for (const {file, hook} of filesOf(place, hooks)) {
    const text = readIfThere(file)
    if (text === undefined || !isWritten(text)) {
      dropStale(file, text)
      continue
    }
    const projects = projectsOf(place, hook, text).filter(({folder}) => folder !== project.folder)
    const rest = textOf(place, hook, text, projects)
    if (rest !== '') write(file, rest)
    else if (existsSync(file + suffix)) guarded(file, () => renameSync(file + suffix, file))
    else guarded(file, () => rmSync(file))
    if (file.endsWith(legacy)) dropStale(join(place.folder, hook), readIfThere(join(place.folder, hook)))
  }
  return hooksReport(place)
}

/** Removes a hook that was kept, if another program has written it again, or manages it. */
function dropStale(file: string, text: string | undefined): void {
  const kept = readIfThere(file + suffix)
  if (kept !== undefined && (kept === text || isOfSimpleGitHooks(kept))) guarded(file, () => rmSync(file + suffix))
}

/** Returns the state of every hook. */
export function hooksReport(place: HookPlace): readonly HookReport[] {
  const {configuration} = place
  if (configuration !== undefined) {
    const commands = readRegularFile(configuration)
    return hookNames.map((hook) => {
      const isInstalled = commands.includes(` hooks run ${hook} `)
      return {hook, file: configuration, state: isInstalled ? 'installed' : 'not installed', chained: false}
    })
  }
  return filesOf(place, hookNames).map(({file, hook}) => {
    const text = readIfThere(file)
    const isOwn = projectsOf(place, hook, text ?? '').length > 0
    const kept = existsSync(file + suffix)
    const isHusky = place.manager === 'husky'
    return {
      hook,
      file,
      state: isOwn ? 'installed' : kept ? 'replaced' : 'not installed',
      chained: isOwn && (isHusky ? withoutBlock(text ?? '') !== '' : kept || file.endsWith(legacy)),
    }
  })
}

/** Whether git runs the installed hooks; a manager may still have to write its own. */
export function isActive({manager, gitFolder}: HookPlace, hooks: readonly HookReport[]): boolean {
  const installed = hooks.filter(({state}) => state === 'installed')
  const written = ({hook}: HookReport): string => readIfThere(join(gitFolder, hook)) ?? ''
  switch (manager) {
    case 'git':
    case 'husky':
      return true
    case 'lefthook':
      return installed.every((report) => written(report).includes('lefthook'))
    case 'simple-git-hooks':
      return installed.every((report) => written(report).includes(` hooks run ${report.hook} `))
  }
}

function filesOf(
  {manager, folder}: HookPlace,
  hooks: readonly HookName[],
): readonly {readonly hook: HookName; readonly file: string}[] {
  return hooks.map((hook) => {
    const file = join(folder, manager === 'lefthook' ? lefthookLocal : hook)
    return {hook, file: isWritten(readIfThere(file + legacy) ?? '') ? file + legacy : file}
  })
}

/** Returns the projects that a hook runs mig for. */
function projectsOf({manager}: HookPlace, hook: HookName, text: string): readonly HookedProject[] {
  return manager === 'lefthook' ? (lefthookProjects(text).get(hook) ?? []) : projectsIn(text)
}

/** Returns the text of a hook file for these projects; empty if nothing is left of it. */
function textOf({manager}: HookPlace, hook: HookName, text: string, projects: readonly HookedProject[]): string {
  switch (manager) {
    case 'git':
    case 'simple-git-hooks':
      return projects.length === 0 ? '' : hookFile(hook, projects)
    case 'husky':
      return projects.length === 0 ? withoutBlock(text) : withBlock(text, hook, projects)
    case 'lefthook':
      return lefthookFile(new Map([...lefthookProjects(text), [hook, projects]]))
  }
}

/** Moves an existing hook aside, to be run from there. */
function keep({manager}: HookPlace, file: string): void {
  // Another program has written the hook again that was kept.
  if (manager !== 'lefthook' && readIfThere(file) === readIfThere(file + suffix)) return
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
