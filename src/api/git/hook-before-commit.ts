import {resolve} from 'node:path'
import {MigError} from '../../errors.ts'
import {GitUnavailableError} from '../../git/errors.ts'
import {changesOf} from '../../git/evaluate-merge.ts'
import {IndexRepository, stagedCommit} from '../../git/index-repository.ts'
import {publishedFindings} from '../../git/merge-verdict.ts'
import {locateRepository} from '../../git/locate.ts'
import {pathInRepository} from '../../git/commit-tree.ts'
import {VersionFiles} from '../../git/version-files.ts'
import type {VersionFile} from '../../git/version-files.ts'
import {buildRevisionGraph} from '../../graph/revision-graph.ts'
import {findingOf} from '../../script/finding.ts'
import type {Finding} from '../../script/finding.ts'
import {versionLocationsOf} from '../../script/script-directory.ts'
import {headsFileFinding} from '../../engine/heads-file.ts'
import {openProject} from '../../engine/project.ts'
import type {Project} from '../../engine/project.ts'
import type {RunHookOptions} from './hook-result.ts'

/** Checks the staged revisions before a commit that changes any of them. */
export async function beforeCommit(options: RunHookOptions): Promise<readonly Finding[]> {
  const project = await openProject(options)
  const {repository, locations} = openIndex(project)
  const {skip} = project.settings.gitHooks
  const {headsFile} = project.settings.policy
  const lock = headsFile && pathInRepository(repository, project.root, headsFile)
  const changed = await repository.stagedChanges([...locations, ...(lock === undefined ? [] : [lock])])
  if (changed.length === 0) return []
  const versions = new VersionFiles(repository, project.layout, project.cwd)
  const files = (await versions.at(stagedCommit)) ?? []
  const findings: Finding[] = []
  if (!skip.includes('readable'))
    for (const {content, path, inRepository} of files)
      if (content.kind === 'broken' && changed.includes(inRepository)) findings.push(findingOf(content.error, path))
  const graph = graphOf(files)
  if (graph instanceof MigError) findings.push(...(skip.includes('graph') ? [] : [findingOf(graph)]))
  else if (lock !== undefined && !skip.includes('headsFile'))
    findings.push(...headsFileFinding(graph, await repository.stagedText(lock), headsFile ?? lock))
  if (!skip.includes('published')) findings.push(...(await publishedChanges(project, repository, versions, files)))
  return findings
}

function openIndex(project: Project): {readonly repository: IndexRepository; readonly locations: readonly string[]} {
  const folders = versionLocationsOf(project.layout)
  const folder = resolve(project.cwd, folders[0] ?? '.')
  const place = locateRepository(folder)
  if (place === undefined) throw new GitUnavailableError(folder, 'it is not in a git repository')
  const repository = new IndexRepository(place)
  return {repository, locations: folders.map((location) => pathInRepository(repository, project.cwd, location))}
}

/** Returns the staged changes to revisions that the upstream branch, as last fetched, contains. */
async function publishedChanges(
  {settings}: Project,
  repository: IndexRepository,
  versions: VersionFiles,
  staged: readonly VersionFile[],
): Promise<readonly Finding[]> {
  const ref = (await repository.branch()).upstream ?? 'origin/HEAD'
  const [upstream, head] = [await repository.resolve(ref), await repository.resolve('HEAD')]
  if (upstream === undefined || head === undefined) return []
  const committed = (await versions.at(head)) ?? []
  const changed = new Set(changesOf(committed, staged).map(({revision}) => revision))
  const changes = changesOf((await versions.at(upstream)) ?? [], staged)
  return publishedFindings(
    changes.filter(({kind, revision}) => kind !== 'renamed' && changed.has(revision)),
    settings.policy,
    ref,
  )
}

function graphOf(files: readonly VersionFile[]): ReturnType<typeof buildRevisionGraph> | MigError {
  try {
    return buildRevisionGraph(files.flatMap(({content}) => (content.kind === 'revision' ? [content.revision] : [])))
  } catch (error) {
    if (error instanceof MigError) return error
    throw error
  }
}
