import {stateIn} from '../../graph/recorded.ts'
import type {RecordedRevision} from '../../graph/recorded.ts'
import {MigError} from '../../errors.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import type {Repository} from '../../git/repository.ts'
import type {FileTree} from '../../script/file-tree.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import type {ScriptProject} from '../project.ts'
import {openProjectRepository, scriptsAt} from '../repository.ts'

/** A branch, or a commit where none was checked out. */
interface Place {
  readonly place: string
  readonly commit: string
}

/** The branch or commit that a database belongs to, and its revisions. */
export interface Owner {
  readonly place: string
  readonly isBranch: boolean
  readonly tree: FileTree
  readonly graph: RevisionGraph<ScriptRevision>
}

/** The number of branches that are read, latest first. */
const limit = 50

/**
 * Returns the branch that a database belongs to, by its applied revisions: the previous branch if it has all of them, or else
 * the one that has the fewest others. git switched the branch without mig.
 *
 * @throws MigError GIT_FAILED, GIT_UNAVAILABLE
 */
export async function ownerOf(
  project: ScriptProject,
  applied: readonly RecordedRevision[],
): Promise<Owner | undefined> {
  const repository = await openProjectRepository(project)
  const previous = await previousPlace(repository)
  const owner = previous && (await ownerAt(project, repository, previous, applied))
  if (owner !== undefined) return owner
  let best: Owner | undefined
  for (const branch of await localBranches(repository)) {
    const found = await ownerAt(project, repository, branch, applied)
    if (found !== undefined && (best === undefined || found.graph.revisions.length < best.graph.revisions.length))
      best = found
  }
  return best
}

/** Returns a branch with its revisions; undefined if it lacks an applied one. */
async function ownerAt(
  project: ScriptProject,
  repository: Repository,
  {place, commit}: Place,
  applied: readonly RecordedRevision[],
): Promise<Owner | undefined> {
  try {
    const {tree, scripts} = await scriptsAt(project, repository, {commit, ref: place})
    const {graph} = scripts
    return stateIn(graph, applied).unknown.size === 0 ? {place, isBranch: place !== commit, tree, graph} : undefined
  } catch (error) {
    // A branch without revisions, or with broken ones, is not the one.
    if (error instanceof MigError) return undefined
    throw error
  }
}

async function previousPlace({root}: Repository): Promise<Place | undefined> {
  const {findDestination} = await import('../../git/destination.ts')
  const found = await findDestination(root, '-')
  return found && {place: found.branch ?? found.commit, commit: found.commit}
}

async function localBranches({root}: Repository): Promise<readonly Place[]> {
  const {runGit} = await import('../../git/run-git.ts')
  const format = '%(objectname) %(refname:lstrip=2)'
  const args = ['for-each-ref', '--sort=-committerdate', `--count=${limit}`, `--format=${format}`, 'refs/heads']
  const lines = (await runGit(root, args)).toString().split('\n').filter(Boolean)
  return lines.map((line) => {
    const space = line.indexOf(' ')
    return {commit: line.slice(0, space), place: line.slice(space + 1)}
  })
}
