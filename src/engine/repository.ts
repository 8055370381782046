import {relative, resolve, sep} from 'node:path'
import type {UnknownRefError} from '../git/errors.ts'
import {locateRepository} from '../git/locate.ts'
import {ScriptDirectoryMissingError, VersionLocationMissingError} from '../script/errors.ts'
import type {FileTree} from '../script/file-tree.ts'
import type {KnownRevisions} from '../script/known-revisions.ts'
import {readScriptDirectory, versionLocationsOf} from '../script/script-directory.ts'
import type {ScriptDirectory} from '../script/script-directory.ts'
import type {CommitId, Repository} from '../git/repository.ts'
import type {Project} from './project.ts'

/**
 * Opens the git repository that contains the version locations of a project.
 *
 * @throws MigError GIT_UNAVAILABLE, GIT_FAILED
 */
export async function openProjectRepository({cwd, layout, configPlace}: Project): Promise<Repository> {
  if (configPlace.kind === 'bundle') {
    const {GitUnavailableError} = await import('../git/errors.ts')
    throw new GitUnavailableError(
      'The bundle',
      'it has no git repository',
      'Use the id of a revision or a branch label.',
    )
  }
  const {openRepository} = await import('../git/open.ts')
  return openRepository(resolve(cwd, versionLocationsOf(layout)[0] ?? '.'))
}

/** Returns the path of a folder in its repository; empty at the top level and outside of a repository. */
export function folderInRepository(folder: string): string {
  const place = locateRepository(folder)
  return place === undefined ? '' : relative(place.root, folder).split(sep).join('/')
}

/**
 * Returns the commit that a ref names.
 *
 * @throws MigError UNKNOWN_REF
 */
export async function commitNamed(repository: Repository, ref: string): Promise<CommitId> {
  const commit = await repository.resolve(ref)
  if (commit === undefined) throw await unknownRef(repository, ref)
  return commit
}

/** Returns the error for a name that is not that of a commit. */
export async function unknownRef(repository: Repository, ref: string): Promise<UnknownRefError> {
  const {UnknownRefError: Unknown} = await import('../git/errors.ts')
  const refs = await repository.refs()
  return new Unknown(
    ref,
    refs.map(({name}) => name.replace(/^refs\/(?:heads|tags|remotes)\//, '')),
  )
}

/**
 * Reads the revisions of a project at a commit, and returns them with their file tree.
 *
 * @param ref the name of the commit in messages
 * @param known revisions that the commit may have, too
 * @throws MigError as `readScriptDirectory`
 */
export async function scriptsAt(
  project: Project,
  repository: Repository,
  {commit, ref, known}: {readonly commit: CommitId; readonly ref: string; readonly known?: KnownRevisions},
): Promise<{readonly tree: FileTree; readonly scripts: ScriptDirectory}> {
  const {CommitTree} = await import('../git/commit-tree.ts')
  const tree = new CommitTree(repository, commit, project.cwd)
  try {
    return {tree, scripts: await readScriptDirectory(tree, project.layout, known)}
  } catch (error) {
    if (error instanceof ScriptDirectoryMissingError)
      throw new ScriptDirectoryMissingError(`${project.layout.scriptDirectory} at ${ref}`)
    if (error instanceof VersionLocationMissingError) throw new VersionLocationMissingError(error.locations, ref)
    throw error
  }
}
