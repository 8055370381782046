import type {CommitId, Repository} from './repository.ts'

/**
 * Returns the previous or new path of a moved folder: the folder that shares most files with it.
 *
 * @param known a commit that contains the folder
 * @param other a commit that has it under another path
 */
export async function movedFolder(
  repository: Repository,
  folder: string,
  {known, other}: {readonly known: CommitId; readonly other: CommitId},
): Promise<string | undefined> {
  const here = (await repository.files(known, folder, true)) ?? []
  const inner = new Map(here.map(({path, id}) => [`${id} ${path.slice(folder.length)}`, path]))
  const votes = new Map<string, number>()
  if (inner.size === 0) return undefined
  for (const {path, id} of (await repository.files(other, '', true)) ?? [])
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      if (inner.has(`${id} ${path.slice(at)}`)) votes.set(path.slice(0, at), (votes.get(path.slice(0, at)) ?? 0) + 1)
  const [best] = [...votes].toSorted(([, a], [, b]) => b - a)
  return best?.[0]
}
