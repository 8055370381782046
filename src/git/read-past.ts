import {isFileMode, linkMode} from './objects.ts'
import type {CommitId, ComparedCommit, Difference, PastFile} from './repository.ts'
import {gitParts, runGit} from './run-git.ts'

const titleOfLog = /^commit (?<commit>[0-9a-f]+)$/
const raw = ['-z', '--raw', '--no-abbrev', '--no-renames']

/**
 * Reads past states of the files below some folders from the histories of some commits, with a single git process.
 *
 * @throws MigError GIT_UNAVAILABLE, GIT_FAILED
 */
export async function* readPast(
  root: string,
  from: readonly CommitId[],
  folders: readonly string[],
): AsyncIterable<PastFile> {
  const diff = ['--full-history', '-m', '--root', '--diff-filter=AM', ...raw]
  const args = ['log', '--format=commit %H', ...diff, '--stdin', '--', ...folders.map(literalPath)]
  const parts = gitParts(root, args, `${from.join('\n')}\n`)
  for await (const {commit, path, id} of readRaw(parts, titleOfLog)) if (id !== undefined) yield {commit, path, id}
}

/**
 * Reads the files at some paths or below them that differ between commits, with a single git process.
 *
 * @throws MigError GIT_UNAVAILABLE, GIT_FAILED
 */
export function readDifferences(
  root: string,
  compared: readonly ComparedCommit[],
  paths: readonly string[],
  omitted?: 'deleted',
): AsyncIterable<Difference> {
  const filter = omitted === 'deleted' ? ['--diff-filter=d'] : []
  const args = ['diff-tree', '--stdin', '-r', ...filter, ...raw, '--', ...paths.map(literalPath)]
  const pairs = compared.map(({commit, with: other}) => `${commit} ${other}\n`)
  return readRaw(gitParts(root, args, pairs.join('')), /^(?<commit>[0-9a-f]+)$/)
}

/**
 * Returns the commit in the history of another one that added a file.
 *
 * @throws MigError GIT_UNAVAILABLE, GIT_FAILED
 */
export async function readAddition(root: string, from: CommitId, path: string): Promise<CommitId | undefined> {
  const output = await runGit(root, ['log', '-1', '--diff-filter=A', '--format=%H', from, '--', literalPath(path)])
  return output.toString().trim() || undefined
}

/**
 * Returns the commits in the history of another one that added files below some folders, the last one for each path, with a
 * single git process.
 *
 * @throws MigError GIT_UNAVAILABLE, GIT_FAILED
 */
export async function readAdditions(
  root: string,
  from: CommitId,
  folders: readonly string[],
): Promise<ReadonlyMap<string, CommitId>> {
  const args = ['log', '--format=commit %H', '--diff-filter=A', ...raw, from, '--', ...folders.map(literalPath)]
  const found = new Map<string, CommitId>()
  for await (const {commit, path} of readRaw(gitParts(root, args, ''), titleOfLog))
    if (!found.has(path)) found.set(path, commit)
  return found
}

/**
 * Returns a commit and all its ancestors.
 *
 * @throws MigError GIT_UNAVAILABLE, GIT_FAILED
 */
export async function readAncestors(root: string, commit: CommitId): Promise<ReadonlySet<CommitId>> {
  return new Set((await runGit(root, ['rev-list', commit])).toString().split('\n').filter(Boolean))
}

/** Returns the folders of some paths. */
export function foldersOf(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.map((path) => path.slice(0, Math.max(0, path.lastIndexOf('/')))))]
}

function literalPath(folder: string): string {
  // A literal `.` matches nothing.
  return folder === '' ? ':(top)' : `:(top,literal)${folder}`
}

/** Reads the raw format of git: a commit, and then for each file its modes and ids, and its path. */
async function* readRaw(parts: AsyncIterable<string>, title: RegExp): AsyncIterable<Difference> {
  let commit = ''
  let entry: string | undefined
  for await (const part of parts) {
    const line = part.replace(/^\n/, '')
    if (entry !== undefined) {
      const [, mode = '', , id = ''] = entry.split(' ')
      yield {commit, path: part, id: isFileMode(mode) ? id : undefined, ...(mode === linkMode && {isLink: true})}
      entry = undefined
    } else if (line.startsWith(':')) entry = line
    else commit = title.exec(line)?.groups?.['commit'] ?? commit
  }
}
