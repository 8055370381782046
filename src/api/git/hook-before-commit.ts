import {resolve} from 'node:path'
import {MigError} from '../../errors.ts'
import {GitUnavailableError} from '../../git/errors.ts'
import {IndexRepository, stagedCommit} from '../../git/index-repository.ts'
import {locateRepository, operationIn} from '../../git/locate.ts'
import {pathInRepository} from '../../git/commit-tree.ts'
import {VersionFiles} from '../../git/version-files.ts'
import type {VersionFile} from '../../git/version-files.ts'
import {headsTooMany, joinCommands} from '../../git/policy.ts'
import {buildRevisionGraph} from '../../graph/build.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import {findingOf} from '../../script/finding.ts'
import type {Finding} from '../../script/finding.ts'
import {versionLocationsOf} from '../../script/script-directory.ts'
import {headsFileFinding} from '../../engine/heads-file.ts'
import {publishedBranch} from '../../engine/published.ts'
import {openProject} from '../../engine/project.ts'
import type {Project} from '../../engine/project.ts'
import {watchProject} from '../../engine/watched-files.ts'
import {once} from '../../util/once.ts'
import {listOf, plural} from '../../util/text.ts'
import type {RunHookOptions} from './hook-result.ts'
import {publishedChanges} from './published-changes.ts'

/** Checks the staged revisions before a commit that changes any of them. */
export async function beforeCommit(options: RunHookOptions): Promise<readonly Finding[]> {
  const project = await openProject(options)
  const {repository, locations} = openIndex(project)
  const {skip} = project.settings.gitHooks
  const {headsFile} = project.settings.policy
  const lock = headsFile && pathInRepository(repository, project.root, headsFile)
  const changed = await repository.stagedChanges([...locations, ...(lock === undefined ? [] : [lock])])
  await watchProject(project)
  if (changed.length === 0) return []
  const versions = new VersionFiles(repository, project.layout, project.cwd)
  const [files = [], published] = await Promise.all([
    versions.at(stagedCommit),
    skip.includes('published') ? undefined : publishedBranch(repository),
  ])
  const findings: Finding[] = []
  if (!skip.includes('readable'))
    for (const {content, path, inRepository} of files)
      if (content.kind === 'broken' && changed.includes(inRepository)) findings.push(findingOf(content.error, path))
  const graph = graphOf(files)
  if (graph instanceof MigError) findings.push(...(skip.includes('graph') ? [] : [findingOf(graph)]))
  else if (lock !== undefined && !skip.includes('headsFile'))
    findings.push(...headsFileFinding(graph, await repository.stagedText(lock), headsFile ?? lock))
  const committed = once(async () => {
    const head = await repository.resolve('HEAD')
    return head === undefined ? [] : ((await versions.at(head)) ?? [])
  })
  if (published !== undefined)
    findings.push(...(await publishedChanges(project, published, versions, {before: committed, after: files})))
  if (!(graph instanceof MigError) && graph.heads.length > 1 && !isReportedLater(project))
    findings.push(...newHeads(project, graph, await committed()))
  return findings
}

/** Whether another hook reports on the heads, after a merge, cherry-pick or rebase with conflicts. */
function isReportedLater({cwd, layout}: Project): boolean {
  const place = locateRepository(resolve(cwd, versionLocationsOf(layout)[0] ?? '.'))
  const operation: string | undefined = place && operationIn(place)
  return ['am', 'cherry-pick', 'merge', 'rebase'].includes(operation ?? '')
}

function openIndex(project: Project): {readonly repository: IndexRepository; readonly locations: readonly string[]} {
  const folders = versionLocationsOf(project.layout)
  const folder = resolve(project.cwd, folders[0] ?? '.')
  const place = locateRepository(folder)
  if (place === undefined) throw new GitUnavailableError(folder, 'it is not in a git repository')
  const repository = new IndexRepository(place)
  return {repository, locations: folders.map((location) => pathInRepository(repository, project.cwd, location))}
}

/** Returns a warning if a commit leaves more heads than before, or than the policy allows. */
function newHeads({settings}: Project, graph: RevisionGraph, committed: readonly VersionFile[]): readonly Finding[] {
  const {policy, gitHooks} = settings
  if (gitHooks.skip.includes('heads')) return []
  const before = graphOf(committed)
  if (before instanceof MigError) return []
  const heads = headsTooMany(graph, policy, before.heads.length)
  if (heads.length <= headsTooMany(before, policy, before.heads.length).length) return []
  return [
    {
      code: 'DIVERGENT_HEADS',
      level: 'warning',
      message: `With this commit there are ${plural(heads.length, 'head')}: ${listOf(heads, 10)}.`,
      hint: `Join them with \`${joinCommands(graph, policy, before.heads.length)}\`.`,
    },
  ]
}

function graphOf(files: readonly VersionFile[]): ReturnType<typeof buildRevisionGraph> | MigError {
  try {
    return buildRevisionGraph(files.flatMap(({content}) => (content.kind === 'revision' ? [content.revision] : [])))
  } catch (error) {
    if (error instanceof MigError) return error
    throw error
  }
}
