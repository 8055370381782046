import {changesOf} from '../../git/evaluate-merge.ts'
import {publishedFindings} from '../../git/merge-verdict.ts'
import type {VersionFile, VersionFiles} from '../../git/version-files.ts'
import type {Project} from '../../engine/project.ts'
import type {PublishedBranch} from '../../engine/published.ts'
import type {Finding} from '../../script/finding.ts'

/** Returns the edits and deletions of revisions that the published branch contains. */
export async function publishedChanges(
  {settings}: Project,
  published: PublishedBranch,
  versions: VersionFiles,
  {before, after}: {readonly before: () => Promise<readonly VersionFile[]>; readonly after: readonly VersionFile[]},
): Promise<readonly Finding[]> {
  const changed = new Set(changesOf(await before(), after).map(({revision}) => revision))
  const changes = changesOf((await versions.at(published.commit)) ?? [], after)
  return publishedFindings(
    changes.filter(({kind, revision}) => kind !== 'renamed' && changed.has(revision)),
    settings.policy,
    published.ref,
  )
}
