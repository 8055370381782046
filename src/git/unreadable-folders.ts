import {posix} from 'node:path'
import {NotEvaluatedError} from './errors.ts'
import type {CommitId, Repository} from './repository.ts'

/**
 * Refuses folders whose files a checkout has and a commit does not show: those that symbolic links lead to, and submodules.
 *
 * @param isRecursive whether the folders below count, too
 * @throws MigError NOT_EVALUATED
 */
export async function refuseUnreadable(
  repository: Repository,
  commit: CommitId,
  folders: readonly string[],
  isRecursive: boolean,
): Promise<void> {
  const modules = await submodulesIn(repository, commit)
  for (const folder of folders) {
    const module = modules.find((path) => isIn(folder, path) || (isRecursive && isIn(path, folder)))
    if (module !== undefined)
      throw unreadable(folder, `${module} is a submodule, whose files are in another repository`)
    const link = await linkIn(repository, commit, folder, isRecursive)
    if (link !== undefined) throw unreadable(folder, `${link} is a symbolic link, which is not followed in a commit`)
  }
}

const isIn = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`)

function unreadable(folder: string, reason: string): NotEvaluatedError {
  return new NotEvaluatedError(
    `The version location ${folder} cannot be read from git: ${reason}.`,
    'Commit the revisions as files of this repository, and name their real folder in `versionLocations`.',
    {folder},
  )
}

/** Returns the paths of the submodules of a commit. */
async function submodulesIn(repository: Repository, commit: CommitId): Promise<readonly string[]> {
  const top = (await repository.files(commit, '', false)) ?? []
  const file = top.find(({path}) => path === '.gitmodules')
  if (file === undefined) return []
  const [bytes] = await repository.blobs([file.id])
  return [...(bytes?.toString('utf8') ?? '').matchAll(/^\s*path\s*=\s*"?(?<path>.*?)"?\s*$/gm)].flatMap(
    ({groups}) => groups?.['path'] ?? [],
  )
}

/** Returns the first link on the way to a folder, or one in it that leads to another folder. */
async function linkIn(
  repository: Repository,
  commit: CommitId,
  folder: string,
  isRecursive: boolean,
): Promise<string | undefined> {
  const names = folder.split('/').filter(Boolean)
  for (const depth of names.keys()) {
    const [above, path] = [names.slice(0, depth).join('/'), names.slice(0, depth + 1).join('/')]
    const entries = await repository.files(commit, above, false)
    if (entries?.some((entry) => entry.path === path && entry.isLink)) return path
  }
  if (!isRecursive) return undefined
  const files = (await repository.files(commit, folder, true)) ?? []
  for (const {path, id, isLink} of files) {
    if (isLink !== true) continue
    const [target] = await repository.blobs([id])
    const to = posix.join(posix.dirname(path), target?.toString('utf8') ?? '')
    const beside = (await repository.files(commit, posix.dirname(to).replace(/^\.$/, ''), false)) ?? []
    // A link to a file is reported as that file; what leads out of the repository may be a folder.
    if (!beside.some((entry) => entry.path === to && entry.isLink !== true)) return path
  }
  return undefined
}
