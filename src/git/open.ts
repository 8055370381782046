import {GitUnavailableError} from './errors.ts'
import {locateRepository, obstacleIn} from './locate.ts'
import type {Repository} from './repository.ts'
import {runGit} from './run-git.ts'

/**
 * Opens the repository that contains a folder with isomorphic-git, or with the git executable if that is required.
 *
 * @param folder an absolute path, which may be missing
 * @throws MigError GIT_UNAVAILABLE, GIT_FAILED
 */
export async function openRepository(folder: string): Promise<Repository> {
  const place = locateRepository(folder)
  if (place === undefined) throw new GitUnavailableError(folder, 'it is not in a git repository')
  const obstacle = obstacleIn(place)
  if (obstacle === undefined) {
    const {IsomorphicRepository} = await import('./isomorphic.ts')
    return new IsomorphicRepository(place)
  }
  await explained(place.root, obstacle)
  const {GitProgramRepository} = await import('./program.ts')
  return new GitProgramRepository(place)
}

/** Checks that git is installed and accepts the repository. */
async function explained(root: string, obstacle: string): Promise<void> {
  try {
    await runGit(root, ['rev-parse', '--git-dir'])
  } catch (error) {
    if (!(error instanceof GitUnavailableError)) throw error
    throw new GitUnavailableError(
      root,
      `the repository has ${obstacle}, which requires the git executable, and git is not installed`,
      'Install git, or use a regular clone.',
    )
  }
}
