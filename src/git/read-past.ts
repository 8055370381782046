import type {CommitId, PastFile} from './repository.ts'
import {gitParts, runGit} from './run-git.ts'

const raw = ['-z', '--raw', '--no-abbrev', '--no-renames', '--diff-filter=AM']

/**
 * Reads past states of the files below some folders from the histories of some commits, with a single git process.
 *
 * @throws MigError GIT_UNAVAILABLE, GIT_FAILED
 */
export function readPast(root: string, from: readonly CommitId[], folders: readonly string[]): AsyncIterable<PastFile> {
  const diff = ['--full-history', '-m', '--root', ...raw]
  const args = ['log', '--format=commit %H', ...diff, '--stdin', '--', ...folders.map(literalPath)]
  return readRaw(gitParts(root, args, `${from.join('\n')}\n`), /^commit (?<commit>[0-9a-f]+)$/)
}

/**
 * Reads the files below some folders in which commits differ from another one, with a single git process.
 *
 * @throws MigError GIT_UNAVAILABLE, GIT_FAILED
 */
export function readDifferences(
  root: string,
  base: CommitId,
  commits: readonly CommitId[],
  folders: readonly string[],
): AsyncIterable<PastFile> {
  const args = ['diff-tree', '--stdin', '-r', ...raw, '--', ...folders.map(literalPath)]
  const pairs = commits.map((commit) => `${commit} ${base}\n`)
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

function literalPath(folder: string): string {
  return `:(top,literal)${folder}`
}

/** Reads the raw format of git: a commit, and then for each file its modes and ids, and its path. */
async function* readRaw(parts: AsyncIterable<string>, title: RegExp): AsyncIterable<PastFile> {
  let commit = ''
  let entry: string | undefined
  for await (const part of parts) {
    const line = part.replace(/^\n/, '')
    if (entry !== undefined) {
      const [, mode = '', , id = ''] = entry.split(' ')
      if (mode.startsWith('100')) yield {path: part, id, commit}
      entry = undefined
    } else if (line.startsWith(':')) entry = line
    else commit = title.exec(line)?.groups?.['commit'] ?? commit
  }
}
