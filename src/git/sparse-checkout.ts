import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join, resolve} from 'node:path'
import {readRegularFile} from '../util/regular-file.ts'
import type {CommitId} from './repository.ts'
import {entriesOf, runGit, tryGit} from './run-git.ts'
import {sparsePatterns} from './sparse-patterns.ts'

/** Returns the tracked files below some folders that a sparse checkout leaves out of the work tree. */
export async function leftOutNow(root: string, folders: readonly string[]): Promise<readonly string[]> {
  return entriesOf(await runGit(root, ['ls-files', '-t', '-z', '--', ...pathsOf(folders)]))
    .filter((entry) => entry.startsWith('S ') && !existsSync(join(root, entry.slice(2))))
    .map((entry) => entry.slice(2))
}

/**
 * Returns the files of a commit below some folders that its checkout would leave out.
 *
 * @param isByFolder whether the patterns of the sparse checkout are folders
 */
export async function leftOutThere(
  root: string,
  commit: CommitId,
  folders: readonly string[],
  isByFolder: boolean,
): Promise<readonly string[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'mig-index-'))
  const index = join(scratch, 'index')
  try {
    await runGit(root, ['read-tree', commit], {index})
    const files = entriesOf(await runGit(root, ['ls-files', '-z', '-c', '--', ...pathsOf(folders)], {index}))
    if (files.length === 0) return []
    if (isByFolder) {
      const included = await includedFolders(root)
      return files.filter((file) => !isIncluded(file, included))
    }
    const path = (await runGit(root, ['rev-parse', '--git-path', 'info/sparse-checkout'])).toString().trim()
    const isThere = sparsePatterns(existsSync(resolve(root, path)) ? readRegularFile(resolve(root, path)) : '')
    return files.filter((file) => !isThere(file))
  } finally {
    rmSync(scratch, {recursive: true, force: true})
  }
}

async function includedFolders(root: string): Promise<readonly string[]> {
  const {stdout} = await tryGit(root, ['-c', 'core.quotePath=false', 'sparse-checkout', 'list'])
  return stdout.toString().split('\n').filter(Boolean)
}

/** Below a folder everything is checked out; beside it and above it, only files. */
function isIncluded(file: string, folders: readonly string[]): boolean {
  const parent = dirname(file)
  return (
    parent === '.' ||
    folders.some((folder) => file.startsWith(`${folder}/`) || folder === parent || folder.startsWith(`${parent}/`))
  )
}

function pathsOf(folders: readonly string[]): readonly string[] {
  return folders.map((folder) => `:(top,literal)${folder}`)
}
