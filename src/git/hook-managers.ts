import {existsSync, realpathSync} from 'node:fs'
import {basename, dirname, join, resolve, sep} from 'node:path'
import {readRegularFile} from '../util/regular-file.ts'
import type {HookName} from './hook-script.ts'
import type {RepositoryPlace} from './locate.ts'
import {runGit} from './run-git.ts'
import {startCommand} from './start-script.ts'

/** Location of the hooks of a repository, and the hook manager in use. */
export interface HookPlace {
  readonly manager: 'git' | 'husky' | 'lefthook' | 'simple-git-hooks'
  /** Absolute path of the folder that mig writes to. */
  readonly folder: string
  /** Absolute path of the folder that git runs hooks from. */
  readonly gitFolder: string
  /** Absolute path of the configuration of simple-git-hooks. */
  readonly configuration?: string
  /** Absolute path of a folder of hooks for this repository alone, if other repositories share the current one. */
  readonly ownFolder?: string
}

/**
 * Finds the hooks folder of a repository. Asks git, because work trees share it, and submodules and `core.hooksPath`
 * place it elsewhere.
 *
 * @throws MigError GIT_UNAVAILABLE, GIT_FAILED
 */
export async function findHooks({root, commonFolder}: RepositoryPlace): Promise<HookPlace> {
  const gitFolder = resolve(root, (await runGit(root, ['rev-parse', '--git-path', 'hooks'])).toString().trim())
  if (lefthookFiles('lefthook').some((name) => existsSync(join(root, name))))
    return {manager: 'lefthook', folder: root, gitFolder}
  // husky points git at a generated folder whose hooks call the files in the parent folder.
  if (basename(gitFolder) === '_' && existsSync(join(gitFolder, 'h')))
    return {manager: 'husky', folder: dirname(gitFolder), gitFolder}
  const configuration = simpleGitHooksIn(root)
  if (configuration !== undefined) return {manager: 'simple-git-hooks', folder: gitFolder, gitFolder, configuration}
  const isOwn = [root, commonFolder].some((own) => realPath(gitFolder).startsWith(realPath(own) + sep))
  return {manager: 'git', folder: gitFolder, gitFolder, ...(!isOwn && {ownFolder: join(commonFolder, 'hooks')})}
}

/** Returns the paths at which lefthook looks for a configuration. */
function lefthookFiles(name: string): readonly string[] {
  const names = [name, `.${name}`, `.config/${name}`]
  return names.flatMap((path) => ['yml', 'yaml', 'json', 'jsonc', 'toml'].map((end) => `${path}.${end}`))
}

/** The local configuration of lefthook that mig writes. */
export const lefthookLocal = 'lefthook-local.yml'

/** Returns another local configuration of lefthook, which it would no longer read next to that of mig. */
export function otherLefthookLocal(root: string): string | undefined {
  const names = lefthookFiles('lefthook-local').filter((name) => name !== lefthookLocal)
  return names.map((name) => join(root, name)).find((file) => existsSync(file))
}

/** Returns the configuration of simple-git-hooks. */
function simpleGitHooksIn(root: string): string | undefined {
  const names = ['.simple-git-hooks', 'simple-git-hooks']
  const files = ['cjs', 'js', 'mjs', 'json'].flatMap((end) => names.map((name) => join(root, `${name}.${end}`)))
  const manifest = join(root, 'package.json')
  return files.find((file) => existsSync(file)) ?? (hasSimpleGitHooks(manifest) ? manifest : undefined)
}

function hasSimpleGitHooks(manifest: string): boolean {
  try {
    const parsed: unknown = JSON.parse(readRegularFile(manifest))
    return typeof parsed === 'object' && parsed !== null && 'simple-git-hooks' in parsed
  } catch {
    return false
  }
}

/** Whether simple-git-hooks wrote a hook. */
export function isOfSimpleGitHooks(text: string): boolean {
  return text.includes('SKIP_SIMPLE_GIT_HOOKS')
}

/** Returns the command of a hook as simple-git-hooks runs it, in the top folder. */
export function simpleCommand(hook: HookName, folder: string): string {
  const place = folder === '.' ? '' : `cd ${folder} && `
  return `${place}${startCommand(`. hooks run ${hook} -- "$@"`)}`
}

function realPath(path: string): string {
  // What is missing has no other path.
  return existsSync(path)
    ? realpathSync(path)
    : existsSync(dirname(path))
      ? join(realpathSync(dirname(path)), basename(path))
      : path
}
