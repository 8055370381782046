import {MigError} from '../errors.ts'
import {buildRevisionGraph} from '../graph/build.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import type {VersionFile, VersionFiles} from './version-files.ts'

/** Returns the graph of merged files: usually that of theirs, and what ours adds. */
export function mergedGraph(
  versions: VersionFiles,
  merged: readonly VersionFile[],
  theirs: readonly VersionFile[],
): RevisionGraph<ScriptRevision> | MigError {
  const {files, graph} = graphOfTheirs(versions, theirs)
  const added = merged.filter((file) => !files.has(file))
  if (graph instanceof MigError || merged.length - added.length < theirs.length)
    return graphOrError(() => versions.graphOf(revisionsOf(merged)))
  return added.length === 0 ? graph : graphOrError(() => buildRevisionGraph(revisionsOf(added), graph))
}

interface TheirFiles {
  readonly files: ReadonlySet<VersionFile>
  readonly graph: RevisionGraph<ScriptRevision> | MigError
}

const graphs = new WeakMap<readonly VersionFile[], TheirFiles>()

/** Cached per target commit. */
function graphOfTheirs(versions: VersionFiles, files: readonly VersionFile[]): TheirFiles {
  const graph = (): TheirFiles['graph'] => graphOrError(() => versions.graphOf(revisionsOf(files)))
  const known = graphs.get(files) ?? {files: new Set(files), graph: graph()}
  graphs.set(files, known)
  return known
}

function graphOrError(build: () => RevisionGraph<ScriptRevision>): RevisionGraph<ScriptRevision> | MigError {
  try {
    return build()
  } catch (error) {
    if (error instanceof MigError) return error
    throw error
  }
}

/** Returns the revisions in files. */
export function revisionsOf(files: readonly VersionFile[]): readonly ScriptRevision[] {
  return files.flatMap(({content}) => (content.kind === 'revision' ? [content.revision] : []))
}
