import type {VersionFile} from './version-files.ts'

/** The three states that a merge starts from; yours is merged into theirs. */
export interface Sides<T> {
  readonly base: T
  readonly yours: T
  readonly theirs: T
}

/** A file of which a merge cannot know what it should be. */
export interface FileConflict {
  readonly path: string
  readonly reason: string
}

/** Returns what a text becomes that both sides changed; undefined when the changes overlap. */
export type MergeTexts = (sides: Sides<VersionFile>) => Promise<VersionFile | undefined>

export interface MergedFiles {
  readonly files: readonly VersionFile[]
  readonly conflicts: readonly FileConflict[]
}

/**
 * Merges the version locations of two commits, as git would: what one side changed is taken from it.
 *
 * Revisions are followed by their ids, so that a file that was renamed or moved is the same file. Where there is a
 * conflict, the file of theirs is kept, or else that of yours.
 */
export async function mergeFiles(sides: Sides<readonly VersionFile[]>, mergeTexts: MergeTexts): Promise<MergedFiles> {
  const base = byIdentity(sides.base)
  const yours = byIdentity(sides.yours)
  const theirs = byIdentity(sides.theirs)
  const files: VersionFile[] = []
  const conflicts: FileConflict[] = []
  for (const key of new Set([...theirs.keys(), ...yours.keys()])) {
    const [was, mine, other] = [base.get(key), yours.get(key), theirs.get(key)]
    if (mine !== undefined && other !== undefined && areApart(was, mine, other)) {
      files.push(other)
      if (was === undefined) files.push(mine)
      else conflicts.push({path: other.path, reason: `both sides rename it, yours to ${mine.path}`})
    } else if (mine?.id === other?.id || mine?.id === was?.id) files.push(...present(other, mine, was))
    else if (other?.id === was?.id) files.push(...present(mine, other, was))
    else if (mine === undefined || other === undefined) {
      const file = (mine ?? other)!
      files.push(file)
      conflicts.push({
        path: file.path,
        reason: `${mine === undefined ? 'theirs' : 'yours'} edits it, the other side deletes it`,
      })
    } else {
      const merged = was && (await mergeTexts({base: was, yours: mine, theirs: other}))
      files.push(merged ?? other)
      const reason =
        was === undefined ? 'both sides add it, with other contents' : 'both sides edit the same lines of it'
      if (merged === undefined) conflicts.push({path: other.path, reason})
    }
  }
  return {files, conflicts: [...conflicts, ...clashes(files)]}
}

/** Whether both sides give one revision a path of its own. */
function areApart(was: VersionFile | undefined, mine: VersionFile, other: VersionFile): boolean {
  return mine.path !== other.path && mine.path !== was?.path && other.path !== was?.path
}

/** Returns a file that only one side changed, at the path that one of them gave it. */
function present(
  changed: VersionFile | undefined,
  unchanged: VersionFile | undefined,
  was: VersionFile | undefined,
): readonly VersionFile[] {
  if (changed === undefined) return []
  return changed.path === was?.path && unchanged !== undefined ? [{...changed, path: unchanged.path}] : [changed]
}

/** Two files that would have the same name. */
function clashes(files: readonly VersionFile[]): readonly FileConflict[] {
  const seen = new Set<string>()
  return files.flatMap(({path}) => {
    if (seen.has(path)) return [{path, reason: 'both sides add it, with other contents'}]
    seen.add(path)
    return []
  })
}

const identities = new WeakMap<readonly VersionFile[], ReadonlyMap<string, VersionFile>>()

/** A revision is known by its id, any other file by its path. */
function byIdentity(files: readonly VersionFile[]): ReadonlyMap<string, VersionFile> {
  const known = identities.get(files)
  if (known !== undefined) return known
  const found = new Map<string, VersionFile>()
  identities.set(files, found)
  for (const file of files) {
    // No id of a revision has a colon.
    const id = file.content.kind === 'revision' ? file.content.revision.id : undefined
    found.set(id === undefined || found.has(id) ? `file:${file.path}` : id, file)
  }
  return found
}
