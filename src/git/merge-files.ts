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
  const added = [...theirs.added, ...ours.added]
  if (ours.changed.size + theirs.changed.size === 0) return joinByPath(sides.base.concat(added), added)
  const files: VersionFile[] = []
  const merged: VersionFile[] = []
  const conflicts: FileConflict[] = []
  for (const base of sides.base) {
    if (!ours.changed.has(base) && !theirs.changed.has(base)) {
      files.push(base)
      continue
    }
    const {file, conflict} = await mergeFile(base, fileIn(ours, base), fileIn(theirs, base), mergeTexts)
    if (file !== undefined) files.push(file)
    if (file !== undefined) merged.push(file)
    if (conflict !== undefined) conflicts.push(conflict)
  }
  const joined = joinByPath(files.concat(added), [...merged, ...added])
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
 * @param changed those of the files whose paths others may have
 */
function joinByPath(files: readonly VersionFile[], changed: readonly VersionFile[]): MergedFiles {
  const paths = new Set(changed.map(({path}) => path))
  const isContested = ({path}: VersionFile): boolean => paths.has(path)
  if (files.filter(isContested).length === paths.size) return {files, conflicts: []}
  const byPath = new Map<string, VersionFile>()
  const kept: VersionFile[] = []
  const conflicts: FileConflict[] = []
  for (const file of files) {
    const {path} = file
    const other = byPath.get(path)
    if (isContested(file) && other === undefined) byPath.set(path, file)
    if (other !== undefined && other.id !== file.id)
      conflicts.push({path, reason: 'both sides add it with different contents'})
    if (other === undefined || idOf(other) !== idOf(file)) kept.push(file)
  }
  return {files: kept, conflicts}
}

function fileIn({changed, kept}: Side, base: VersionFile): VersionFile | undefined {
  return changed.has(base) ? kept.get(base.path) : base
}

/** Returns the changes since a base. As in git, renames are detected by identical content first. */
function changesSince(base: readonly VersionFile[], files: readonly VersionFile[]): Side {
  const {one: changed, other: others} = differing(base, files)
  if (changed.length === 0) return {changed: new Set(), kept: new Map(), added: others}
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

/**
 * Returns the files that only one of two lists has. Files with the same content and path are the same object in every commit,
 * and lists are in the same order, so most files need no other comparison.
 */
export function differing(
  one: readonly VersionFile[],
  other: readonly VersionFile[],
): {readonly one: readonly VersionFile[]; readonly other: readonly VersionFile[]} {
  const [left, right]: [VersionFile[], VersionFile[]] = [[], []]
  for (let [i, j] = [0, 0]; i < one.length || j < other.length;) {
    const a = one[i]
    const b = other[j]
    if (a !== undefined && a === b) {
      i++
      j++
    } else if (a !== undefined && (b === undefined || a.path <= b.path)) {
      left.push(a)
      i++
    } else if (b !== undefined) {
      right.push(b)
      j++
    }
  }
  const both = new Set(left).intersection(new Set(right))
  if (both.size === 0) return {one: left, other: right}
  return {one: left.filter((file) => !both.has(file)), other: right.filter((file) => !both.has(file))}
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
