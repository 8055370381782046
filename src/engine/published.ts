import {locateRepository, rebasedOnto} from '../git/locate.ts'
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

/** The revisions of a published branch. */
interface Published {
  readonly branch: string
  readonly revisions: ReadonlySet<RevisionId>
}

/** Returns the revisions that the published branch contains; none outside of a repository. */
export async function publishedRevisions(project: Project): Promise<ReadonlySet<RevisionId>> {
  return (await readPublished(project))?.revisions ?? new Set()
}

/**
 * Returns the published branch and its revisions; during `git rebase`, the commit that the branch is put on. Returns undefined
 * outside of a repository, and if it has no such branch.
 */
export async function readPublished(project: Project): Promise<Published | undefined> {
  const place = locateRepository(project.cwd)
  if (place === undefined) return undefined
  const repository = await openProjectRepository(project)
  const onto = rebasedOnto(place)
  const branch = onto === undefined ? await publishedBranch(repository) : {ref: onto.slice(0, 8), commit: onto}
  if (branch === undefined) return undefined
  const {VersionFiles} = await import('../git/version-files.ts')
  const files = (await new VersionFiles(repository, project.layout, project.cwd).at(branch.commit)) ?? []
  return {
    branch: branch.ref,
    revisions: new Set(files.flatMap(({content}) => (content.kind === 'revision' ? [content.revision.id] : []))),
  }
}
