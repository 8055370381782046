import {posix} from 'node:path'
import {versionLocationsOf} from '../script/script-directory.ts'
import type {ScriptLayout} from '../script/script-directory.ts'
import {differing} from './merge-files.ts'
import type {FileConflict, Sides} from './merge-files.ts'
import type {CommitId, Repository} from './repository.ts'
import type {VersionFile} from './version-files.ts'

type Files = readonly VersionFile[]

/**
 * Returns the files that one side adds to a folder that the other side has moved. Depending on its configuration, git
 * stops there, moves them as well or leaves them behind.
 */
export async function movedFolderConflicts(
  repository: Repository,
  {base, ours, theirs}: Sides<Files>,
  commits: {readonly ours: CommitId; readonly theirs: CommitId},
): Promise<readonly FileConflict[]> {
  return [
    ...(await addedToMoved(repository, base, {moved: ours, commit: commits.ours, name: 'ours'}, theirs)),
    ...(await addedToMoved(repository, base, {moved: theirs, commit: commits.theirs, name: 'theirs'}, ours)),
  ]
}

async function addedToMoved(
  repository: Repository,
  base: Files,
  {moved, commit, name}: {readonly moved: Files; readonly commit: CommitId; readonly name: 'ours' | 'theirs'},
  other: Files,
): Promise<readonly FileConflict[]> {
  // Of the folders of a side that still has every file, none has moved.
  if (differing(base, moved).one.length === 0) return []
  const known = new Set([...base, ...moved].map(({inRepository}) => inRepository))
  const folders = Map.groupBy(base, folderOf)
  const added = Map.groupBy(
    other.filter(({inRepository}) => !known.has(inRepository)),
    (file) => nearest(folderOf(file), folders),
  )
  const conflicts: FileConflict[] = []
  for (const [folder, files] of added) {
    // A folder that still has any file has not moved.
    if (moved.some((file) => folderOf(file) === folder)) continue
    const to = newFolder(folders.get(folder) ?? [], moved)
    if (to === undefined || (await repository.files(commit, folder, false)) !== undefined) continue
    const reason = `${name} moves its folder to ${to}`
    conflicts.push(
      ...files.map((file) => ({path: file.path, reason, to: posix.join(to, folderOf(file).slice(folder.length))})),
    )
  }
  return conflicts
}

/** Returns a folder, or the nearest one above it, that is among some folders; or the top. */
function nearest(folder: string, folders: ReadonlyMap<string, unknown>): string {
  let found = folder
  while (found !== '.' && !folders.has(found)) found = posix.dirname(found)
  return found
}

/** Returns the folder to which most files of a folder were moved; undefined if none was. */
function newFolder(files: Files, moved: Files): string | undefined {
  const blobs = new Map(moved.map((file) => [file.id, file]))
  const revisions = new Map(moved.map((file) => [idOf(file), file]))
  const folders = files.flatMap((file) => {
    const id = idOf(file)
    const now = blobs.get(file.id) ?? (id === undefined ? undefined : revisions.get(id))
    return now === undefined ? [] : [posix.dirname(now.path)]
  })
  const [most] = [...Map.groupBy(folders, (to) => to)].toSorted(([, a], [, b]) => b.length - a.length)
  return most?.[0]
}

function folderOf({inRepository}: VersionFile): string {
  return posix.dirname(inRepository)
}

/** Returns the files of a merge that its version locations do not contain, so that no command would read them. */
export function misplacedFiles(files: Files, layout: ScriptLayout): readonly FileConflict[] {
  const locations = versionLocationsOf(layout)
  const [to = ''] = locations
  return files
    .filter(({path, content}) => content.kind !== 'other' && !isListed(posix.dirname(path), locations, layout))
    .map(({path}) => ({path, reason: 'no version location contains it after the merge', to}))
}

function isListed(folder: string, locations: readonly string[], {recursive}: ScriptLayout): boolean {
  return locations.some(
    (location) => folder === location || (recursive && (location === '.' || folder.startsWith(`${location}/`))),
  )
}

function idOf({content}: VersionFile): string | undefined {
  return content.kind === 'revision' ? content.revision.id : undefined
}
