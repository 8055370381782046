import {buildRevisionGraph} from '../graph/build.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {ScriptDirectoryMissingError, VersionLocationMissingError} from './errors.ts'
import type {FileTree} from './file-tree.ts'
import type {KnownRevisions} from './known-revisions.ts'
import {mayBeRevision, readRevisionFile} from './revision-file.ts'
import type {ScriptRevision} from './revision-file.ts'

/** Layout of a script directory. Paths are relative to the tree. */
export interface ScriptLayout {
  readonly scriptDirectory: string
  /** Folders with revisions; new ones go to the first. Default: `versions` in the script directory. */
  readonly versionLocations?: readonly string[] | undefined
  /** Whether subfolders of the version locations are read, too. */
  readonly recursive: boolean
}

/** Snapshot of the revisions of a project. */
export interface ScriptDirectory {
  readonly layout: ScriptLayout
  readonly locations: readonly string[]
  readonly graph: RevisionGraph<ScriptRevision>
}

/** Number of files whose text is in memory at a time. */
const batch = 1000

/** Returns the version locations of a script directory. */
export function versionLocationsOf(layout: ScriptLayout): readonly string[] {
  return layout.versionLocations ?? [`${layout.scriptDirectory}/versions`]
}

/**
 * Reads all revisions of a script directory, without running any.
 *
 * @param known revisions that other trees may have in common with this one
 * @throws MigError SCRIPT_DIRECTORY_MISSING, VERSION_LOCATION_MISSING, INVALID_REVISION_FILE, NOT_UTF8, FILE_UNREADABLE,
 *   and as `buildRevisionGraph`
 */
export async function readScriptDirectory(
  tree: FileTree,
  layout: ScriptLayout,
  known?: KnownRevisions,
): Promise<ScriptDirectory> {
  const locations = versionLocationsOf(layout)
  const revisions = await readRevisions(tree, layout, known)
  return {layout, locations, graph: known?.graphOf(revisions) ?? buildRevisionGraph(revisions)}
}

/**
 * Reads all revisions of a script directory, which need not form a graph.
 *
 * @throws MigError SCRIPT_DIRECTORY_MISSING, VERSION_LOCATION_MISSING, INVALID_REVISION_FILE, NOT_UTF8, FILE_UNREADABLE
 */
async function readRevisions(
  tree: FileTree,
  layout: ScriptLayout,
  known?: KnownRevisions,
): Promise<readonly ScriptRevision[]> {
  const paths = await listRevisionFiles(tree, layout, versionLocationsOf(layout))
  const found = new Map(paths.map((path) => [path, known?.find(path, tree.contentId?.(path))]))
  const unread = paths.filter((path) => found.get(path) === undefined)
  for (let start = 0; start < unread.length; start += batch) {
    const some = unread.slice(start, start + batch)
    const texts = await tree.read(some)
    for (const [i, text] of texts.entries()) {
      const path = some[i] ?? ''
      const revision = readRevisionFile(path, text)
      found.set(path, revision)
      if (revision !== undefined) known?.add(revision, text)
    }
  }
  return [...found.values()].filter((revision) => revision !== undefined)
}

/** Returns the paths of all files that may be revisions, in load order: by folder as configured, then by name. */
async function listRevisionFiles(
  tree: FileTree,
  layout: ScriptLayout,
  locations: readonly string[],
): Promise<readonly string[]> {
  const found = new Set<string>()
  let isThere = false
  for (const location of locations) {
    const paths = await tree.list(location, {recursive: layout.recursive})
    isThere ||= paths !== undefined
    for (const path of (paths ?? []).filter(mayBeRevision).toSorted()) found.add(path)
  }
  if (!isThere) await refuseMissing(tree, layout)
  return [...found]
}

/**
 * git does not track empty folders, so a version location may be missing before its first revision. If all of them are,
 * the configuration is more likely to be wrong.
 */
async function refuseMissing(tree: FileTree, layout: ScriptLayout): Promise<void> {
  if (layout.versionLocations !== undefined) throw new VersionLocationMissingError(layout.versionLocations)
  if ((await tree.list(layout.scriptDirectory, {recursive: false})) === undefined)
    throw new ScriptDirectoryMissingError(layout.scriptDirectory)
}
