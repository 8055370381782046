import {buildRevisionGraph} from '../graph/revision-graph.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {ScriptDirectoryMissingError, VersionLocationMissingError} from './errors.ts'
import type {FileTree} from './file-tree.ts'
import {mayBeRevision, readRevisionFile} from './revision-file.ts'
import type {ScriptRevision} from './revision-file.ts'

/** Where a script directory keeps its revisions. Paths are those of the tree. */
export interface ScriptLayout {
  readonly scriptDirectory: string
  /** Folders with revisions; the first takes new ones. Left out, it is `versions` in the script directory. */
  readonly versionLocations?: readonly string[] | undefined
  /** Whether folders in the version locations are read, too. */
  readonly recursive: boolean
}

/** The revisions of a project at one moment. */
export interface ScriptDirectory {
  readonly layout: ScriptLayout
  readonly locations: readonly string[]
  readonly graph: RevisionGraph<ScriptRevision>
}

/** How many files are held as text at one time. */
const batch = 1000

/** Returns the folders in which a script directory keeps its revisions. */
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
  for (const location of locations) {
    const paths = await tree.list(location, {recursive: layout.recursive})
    if (paths === undefined) await refuseMissing(tree, layout, location)
    for (const path of (paths ?? []).filter(mayBeRevision).toSorted()) found.add(path)
  }
  return [...found]
}

/** git keeps no empty folders: where nobody has written a revision yet, `versions` may be missing. */
async function refuseMissing(tree: FileTree, layout: ScriptLayout, location: string): Promise<void> {
  if (layout.versionLocations !== undefined) throw new VersionLocationMissingError(location)
  if ((await tree.list(layout.scriptDirectory, {recursive: false})) === undefined)
    throw new ScriptDirectoryMissingError(layout.scriptDirectory)
}
