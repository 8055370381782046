import type {CommitId, PastFile} from './repository.ts'
import {runGit} from './run-git.ts'

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
  const paths = folders.map((folder) => `:(top,literal)${folder}`)
  const diff = ['--raw', '--no-abbrev', '--no-renames', '--full-history', '-m', '--root', '--diff-filter=AM']
  const args = ['log', '-z', '--format=commit %H', ...diff, '--stdin', '--', ...paths]
  let commit = ''
  let id = ''
  for (const part of (await runGit(root, args, {input: `${from.join('\n')}\n`})).toString().split(/\0|\n/))
    if (part.startsWith('commit ')) commit = part.slice(7)
    else if (part.startsWith(':')) id = part.split(' ')[3] ?? ''
    else if (part !== '' && id !== '') {
      yield {path: part, id, commit}
      id = ''
    }
}
