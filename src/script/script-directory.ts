import {buildRevisionGraph} from '../graph/revision-graph.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {ScriptDirectoryMissingError, VersionLocationMissingError} from './errors.ts'
import type {FileTree} from './file-tree.ts'
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
 * @throws MigError SCRIPT_DIRECTORY_MISSING, VERSION_LOCATION_MISSING, INVALID_REVISION_FILE, NOT_UTF8, FILE_UNREADABLE,
 *   and as `buildRevisionGraph`
 */
export async function readScriptDirectory(tree: FileTree, layout: ScriptLayout): Promise<ScriptDirectory> {
  const locations = versionLocationsOf(layout)
  const paths = await listRevisionFiles(tree, layout, locations)
  const revisions: ScriptRevision[] = []
  for (let start = 0; start < paths.length; start += batch) {
    const some = paths.slice(start, start + batch)
    const texts = await tree.read(some)
    for (const [i, text] of texts.entries()) {
      const revision = readRevisionFile(some[i] ?? '', text)
      if (revision !== undefined) revisions.push(revision)
    }
  }
  return {layout, locations, graph: buildRevisionGraph(revisions)}
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
