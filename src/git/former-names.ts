import {tryGit} from './run-git.ts'

const renamed = /^Branch: renamed refs\/heads\/(?<former>.+) to refs\/heads\//

/**
 * Returns the former names of a branch, newest first, that no branch has now.
 *
 * @param root the work tree
 * @see `git branch -m`, which notes the rename in the reflog
 */
export async function formerNames(root: string, branch: string): Promise<readonly string[]> {
  const reflog = await tryGit(root, ['reflog', 'show', '--format=%gs', `refs/heads/${branch}`, '--'])
  const lines = reflog.status === 0 ? reflog.stdout.toString().split('\n') : []
  const names: string[] = []
  for (const name of new Set(lines.flatMap((line) => renamed.exec(line)?.groups?.['former'] ?? []))) {
    const {status} = await tryGit(root, ['show-ref', '--verify', '--quiet', `refs/heads/${name}`])
    if (status !== 0) names.push(name)
  }
  return names
}
