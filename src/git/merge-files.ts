import {posix} from 'node:path'
import type {RevisionId} from '../graph/revision.ts'
import type {VersionFile} from './version-files.ts'

/** The three states that a merge starts from; yours is merged into theirs. */
export interface Sides<T> {
  readonly base: T
  readonly yours: T
  readonly theirs: T
}

/** A file that a merge cannot decide on. */
export interface FileConflict {
  readonly path: string
  readonly reason: string
}

/** Returns the text that both sides changed, merged; undefined when the changes overlap. */
export type MergeTexts = (sides: Sides<VersionFile>) => Promise<VersionFile | undefined>

export interface MergedFiles {
  readonly files: readonly VersionFile[]
  readonly conflicts: readonly FileConflict[]
}

/** A side of a merge, as changes of the base. */
interface Side {
  /** The files of the base, by their paths there; those that were deleted are missing. */
  readonly kept: ReadonlyMap<string, VersionFile>
  readonly added: readonly VersionFile[]
}

/** What becomes of one file of the base. */
interface Outcome {
  readonly file?: VersionFile
  readonly conflict?: FileConflict
}

/**
 * Merges the version locations of two commits, as git would, by their paths: the result has every file that git would
 * leave, so that an id or a label that only the merge makes a duplicate is found.
 *
 * A renamed file is recognised by its content or by the id of its revision. Where there is a conflict, the file of theirs
 * is kept, or else that of yours.
 */
export async function mergeFiles(sides: Sides<readonly VersionFile[]>, mergeTexts: MergeTexts): Promise<MergedFiles> {
  const [yours, theirs] = [changesSince(sides.base, sides.yours), changesSince(sides.base, sides.theirs)]
  const files: VersionFile[] = []
  const conflicts: FileConflict[] = []
  for (const base of sides.base) {
    const {file, conflict} = await mergeFile(base, yours.kept.get(base.path), theirs.kept.get(base.path), mergeTexts)
    if (file !== undefined) files.push(file)
    if (conflict !== undefined) conflicts.push(conflict)
  }
  const joined = joinByPath([...files, ...theirs.added, ...yours.added])
  return {files: joined.files, conflicts: [...conflicts, ...joined.conflicts]}
}

async function mergeFile(
  base: VersionFile,
  yours: VersionFile | undefined,
  theirs: VersionFile | undefined,
  mergeTexts: MergeTexts,
): Promise<Outcome> {
  if (yours === undefined || theirs === undefined) return mergeDeleted(base, yours, theirs)
  if (yours.path !== theirs.path && yours.path !== base.path && theirs.path !== base.path)
    return {
      file: theirs,
      conflict: {path: yours.path, reason: `both sides rename ${base.path}, theirs to ${theirs.path}`},
    }
  const path = yours.path === base.path ? theirs.path : yours.path
  if (yours.id === theirs.id) return {file: yours.path === path ? yours : theirs}
  if (yours.id === base.id) return {file: movedTo(theirs, path)}
  if (theirs.id === base.id) return {file: movedTo(yours, path)}
  const merged = await mergeTexts({base, yours, theirs: movedTo(theirs, path)})
  if (merged !== undefined) return {file: merged}
  return {file: movedTo(theirs, path), conflict: {path, reason: 'both sides edit the same lines of it'}}
}

/** A file that one side has deleted, or both. */
function mergeDeleted(base: VersionFile, yours: VersionFile | undefined, theirs: VersionFile | undefined): Outcome {
  const file = yours ?? theirs
  if (file === undefined || (file.id === base.id && file.path === base.path)) return {}
  const who = yours === undefined ? 'theirs' : 'yours'
  const reason = `${who} ${file.id === base.id ? 'renames' : 'edits'} it, the other side deletes it`
  return {file, conflict: {path: file.path, reason}}
}

/** Files that would have the same path are one, or a conflict. Revisions with different ids are both kept. */
function joinByPath(files: readonly VersionFile[]): MergedFiles {
  const byPath = new Map<string, VersionFile>()
  const kept: VersionFile[] = []
  const conflicts: FileConflict[] = []
  for (const file of files) {
    const {path} = file
    const other = byPath.get(path)
    if (other === undefined) byPath.set(path, file)
    else if (other.id !== file.id) conflicts.push({path, reason: 'both sides add it, with other contents'})
    if (other === undefined || idOf(other) !== idOf(file)) kept.push(file)
  }
  return {files: kept, conflicts}
}

/** Returns what became of the files of a base: as in git, one with the same content was renamed rather than any other. */
function changesSince(base: readonly VersionFile[], files: readonly VersionFile[]): Side {
  const [before, now] = [indexByPath(base), indexByPath(files)]
  const kept = new Map<string, VersionFile>()
  for (const {path} of base) {
    const file = now.get(path)
    if (file !== undefined) kept.set(path, file)
  }
  const added = new Set(files.filter(({path}) => !before.has(path)))
  for (const keyOf of [(file: VersionFile) => file.id, idOf]) {
    const byKey = Map.groupBy(added, keyOf)
    for (const file of base.filter(({path}) => !kept.has(path))) {
      const key = keyOf(file)
      const same = key === undefined ? [] : (byKey.get(key) ?? []).filter((other) => added.has(other))
      const found = same.find(({path}) => posix.basename(path) === posix.basename(file.path)) ?? same[0]
      if (found === undefined) continue
      kept.set(file.path, found)
      added.delete(found)
    }
  }
  return {kept, added: [...added]}
}

const pathIndexes = new WeakMap<readonly VersionFile[], ReadonlyMap<string, VersionFile>>()

/** Remembered: the base and theirs are the same for every ref that is merged. */
function indexByPath(files: readonly VersionFile[]): ReadonlyMap<string, VersionFile> {
  const known = pathIndexes.get(files)
  if (known !== undefined) return known
  const index = new Map(files.map((file) => [file.path, file]))
  pathIndexes.set(files, index)
  return index
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
