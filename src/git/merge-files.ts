import {posix} from 'node:path'
import type {RevisionId} from '../graph/revision.ts'
import type {VersionFile} from './version-files.ts'

/** Input of a three-way merge; ours is merged into theirs. */
export interface Sides<T> {
  readonly base: T
  readonly ours: T
  readonly theirs: T
}

/** A file that cannot be merged automatically. */
export interface FileConflict {
  readonly path: string
  readonly reason: string
  /** The folder that it belongs in. */
  readonly to?: string
}

/** Merges a text that both sides changed; returns undefined if the changes overlap. */
export type MergeTexts = (sides: Sides<VersionFile>) => Promise<VersionFile | undefined>

export interface MergedFiles {
  readonly files: readonly VersionFile[]
  readonly conflicts: readonly FileConflict[]
}

/** A side of a merge, as changes of the base. */
interface Side {
  /** Files of the base that are not there as they were. */
  readonly changed: ReadonlySet<VersionFile>
  /** The files that took their places, unless they were deleted, by their paths in the base. */
  readonly kept: ReadonlyMap<string, VersionFile>
  readonly added: readonly VersionFile[]
}

/** Result for one file of the base. */
interface Outcome {
  readonly file?: VersionFile
  readonly conflict?: FileConflict
}

/**
 * Merges the version locations of two commits by path, as git does. The result has every file of the git merge, so ids
 * and labels that only become duplicates by the merge are found.
 *
 * A renamed file is recognised by its content or revision id. In a conflict the file of theirs is kept, or that of ours
 * if theirs has none.
 */
export async function mergeFiles(sides: Sides<readonly VersionFile[]>, mergeTexts: MergeTexts): Promise<MergedFiles> {
  const [ours, theirs] = [changesSince(sides.base, sides.ours), changesSince(sides.base, sides.theirs)]
  const files: VersionFile[] = []
  const conflicts: FileConflict[] = []
  for (const base of sides.base) {
    const isChanged = ours.changed.has(base) || theirs.changed.has(base)
    const {file, conflict} = isChanged
      ? await mergeFile(base, fileIn(ours, base), fileIn(theirs, base), mergeTexts)
      : {file: base}
    if (file !== undefined) files.push(file)
    if (conflict !== undefined) conflicts.push(conflict)
  }
  const joined = joinByPath([...files, ...theirs.added, ...ours.added], setOf(sides.base))
  return {files: joined.files, conflicts: [...conflicts, ...joined.conflicts]}
}

async function mergeFile(
  base: VersionFile,
  ours: VersionFile | undefined,
  theirs: VersionFile | undefined,
  mergeTexts: MergeTexts,
): Promise<Outcome> {
  if (ours === undefined || theirs === undefined) return mergeDeleted(base, ours, theirs)
  if (ours.path !== theirs.path && ours.path !== base.path && theirs.path !== base.path)
    return {
      file: theirs,
      conflict: {path: ours.path, reason: `both sides rename ${base.path}, theirs to ${theirs.path}`},
    }
  const path = ours.path === base.path ? theirs.path : ours.path
  if (ours.id === theirs.id) return {file: ours.path === path ? ours : theirs}
  if (ours.id === base.id) return {file: movedTo(theirs, path)}
  if (theirs.id === base.id) return {file: movedTo(ours, path)}
  const merged = await mergeTexts({base, ours, theirs: movedTo(theirs, path)})
  if (merged !== undefined) return {file: merged}
  return {file: movedTo(theirs, path), conflict: {path, reason: 'both sides edit the same lines'}}
}

/** Merges a file deleted on at least one side. */
function mergeDeleted(base: VersionFile, ours: VersionFile | undefined, theirs: VersionFile | undefined): Outcome {
  const file = ours ?? theirs
  if (file === undefined || (file.id === base.id && file.path === base.path)) return {}
  const side = ours === undefined ? 'theirs' : 'ours'
  const reason = `${side} ${file.id === base.id ? 'renames' : 'edits'} it, the other side deletes it`
  return {file, conflict: {path: file.path, reason}}
}

/**
 * Files with the same path are merged or conflict; revisions with different ids are both kept.
 *
 * @param base files of which no two have the same path
 */
function joinByPath(files: readonly VersionFile[], base: ReadonlySet<VersionFile>): MergedFiles {
  const contested = new Set(files.flatMap((file) => (base.has(file) ? [] : file.path)))
  const byPath = new Map<string, VersionFile>()
  const kept: VersionFile[] = []
  const conflicts: FileConflict[] = []
  for (const file of files) {
    const {path} = file
    if (!contested.has(path)) {
      kept.push(file)
      continue
    }
    const other = byPath.get(path)
    if (other === undefined) byPath.set(path, file)
    else if (other.id !== file.id) conflicts.push({path, reason: 'both sides add it with different contents'})
    if (other === undefined || idOf(other) !== idOf(file)) kept.push(file)
  }
  return {files: kept, conflicts}
}

function fileIn({changed, kept}: Side, base: VersionFile): VersionFile | undefined {
  return changed.has(base) ? kept.get(base.path) : base
}

/** Returns the changes since a base. As in git, renames are detected by identical content first. */
function changesSince(base: readonly VersionFile[], files: readonly VersionFile[]): Side {
  // Files with the same content and path are the same object in every commit, so most of them need no other comparison.
  const before = setOf(base)
  const others = files.filter((file) => !before.has(file))
  const isAllThere = files.length - others.length === base.length
  const now = isAllThere ? before : new Set(files)
  const changed = isAllThere ? [] : base.filter((file) => !now.has(file))
  const byPath = new Map(others.map((file) => [file.path, file]))
  const kept = new Map<string, VersionFile>()
  for (const {path} of changed) {
    const file = byPath.get(path)
    if (file !== undefined) kept.set(path, file)
  }
  const added = new Set(others.filter(({path}) => !kept.has(path)))
  for (const keyOf of [(file: VersionFile) => file.id, idOf]) {
    const byKey = Map.groupBy(added, keyOf)
    for (const file of changed.filter(({path}) => !kept.has(path))) {
      const key = keyOf(file)
      const same = key === undefined ? [] : (byKey.get(key) ?? []).filter((other) => added.has(other))
      const found = same.find(({path}) => posix.basename(path) === posix.basename(file.path)) ?? same[0]
      if (found === undefined) continue
      kept.set(file.path, found)
      added.delete(found)
    }
  }
  return {changed: new Set(changed), kept, added: [...added]}
}

const sets = new WeakMap<readonly VersionFile[], ReadonlySet<VersionFile>>()

/** Returns whether some files have all of others, unchanged and at their paths. */
export function hasAll(files: readonly VersionFile[], others: readonly VersionFile[]): boolean {
  const wanted = setOf(others)
  return files.length >= wanted.size && countIn(files, wanted) === wanted.size
}

/** Returns the number of files that are in a set. */
function countIn(files: readonly VersionFile[], set: ReadonlySet<VersionFile>): number {
  let count = 0
  for (const file of files) if (set.has(file)) count++
  return count
}

/** Cached, because the base is compared with both sides. */
export function setOf(files: readonly VersionFile[]): ReadonlySet<VersionFile> {
  const known = sets.get(files)
  if (known !== undefined) return known
  const set = new Set(files)
  sets.set(files, set)
  return set
}

function idOf({content}: VersionFile): RevisionId | undefined {
  return content.kind === 'revision' ? content.revision.id : undefined
}

function movedTo(file: VersionFile, path: string): VersionFile {
  const {content} = file
  if (file.path === path) return file
  if (content.kind !== 'revision') return {...file, path}
  return {...file, path, content: {...content, revision: content.revision.movedTo(path)}}
}
