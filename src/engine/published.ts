import {locateRepository} from '../git/locate.ts'
import type {CommitId, Repository} from '../git/repository.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {Project} from './project.ts'
import {openProjectRepository} from './repository.ts'

/** The upstream branch, as last fetched, or else the default branch of the remote. */
export interface PublishedBranch {
  readonly ref: string
  readonly commit: CommitId
}

/** Returns the published branch of a repository; undefined if it has none. */
export async function publishedBranch(repository: Repository): Promise<PublishedBranch | undefined> {
  const ref = (await repository.branch()).upstream ?? 'origin/HEAD'
  const commit = await repository.resolve(ref)
  return commit === undefined ? undefined : {ref, commit}
}

/** Returns the revisions that the published branch contains; none outside of a repository. */
export async function publishedRevisions(project: Project): Promise<ReadonlySet<RevisionId>> {
  if (locateRepository(project.cwd) === undefined) return new Set()
  const repository = await openProjectRepository(project)
  const branch = await publishedBranch(repository)
  if (branch === undefined) return new Set()
  const {VersionFiles} = await import('../git/version-files.ts')
  const files = (await new VersionFiles(repository, project.layout, project.cwd).at(branch.commit)) ?? []
  return new Set(files.flatMap(({content}) => (content.kind === 'revision' ? [content.revision.id] : [])))
}
