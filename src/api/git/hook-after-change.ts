import {resolve} from 'node:path'
import {MigError} from '../../errors.ts'
import {pathInRepository} from '../../git/commit-tree.ts'
import {forkPoints} from '../../git/evaluate-merge.ts'
import type {HeadOrigin} from '../../git/evaluate-merge.ts'
import {IndexRepository, stagedCommit} from '../../git/index-repository.ts'
import {locateRepository} from '../../git/locate.ts'
import {headsTooMany, joinAndUpgrade} from '../../git/policy.ts'
import type {Policy} from '../../git/policy.ts'
import type {CommitId, Repository} from '../../git/repository.ts'
import {VersionFiles} from '../../git/version-files.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {revisionsBetween} from '../../graph/merge-base.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import {buildRevisionGraph} from '../../graph/build.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import {ScriptDirectoryMissingError, VersionLocationMissingError} from '../../script/errors.ts'
import {oursFirst} from '../../engine/divergence.ts'
import type {Divergence} from '../../engine/divergence.ts'
import {openProject} from '../../engine/project.ts'
import type {Project, ScriptProject} from '../../engine/project.ts'
import {publishedBranch} from '../../engine/published.ts'
import {watchProject} from '../../engine/watched-files.ts'
import {openProjectRepository, scriptsAt} from '../../engine/repository.ts'
import {findingOf} from '../../script/finding.ts'
import type {Finding} from '../../script/finding.ts'
import {KnownRevisions} from '../../script/known-revisions.ts'
import {readScriptDirectory} from '../../script/script-directory.ts'
import {changeOf} from './change.ts'
import type {Change} from './change.ts'
import {policiesOf} from './change-of-policy.ts'
import type {HookResult, RunHookOptions} from './hook-result.ts'
import {divergentLines} from '../../conflicts/divergent-lines.ts'
import {worstOf} from '../../conflicts/pairs.ts'
import {RevisionTexts} from '../../conflicts/revision-texts.ts'
import {knownDialects} from '../../engine/dialect.ts'
import {publishedChanges} from './published-changes.ts'

/** Reports new heads and their origin after a pull, merge, rebase, cherry-pick, revert or patch. */
export async function afterChange(options: RunHookOptions): Promise<Omit<HookResult, 'ok'>> {
  const project = await openProject(options)
  await watchProject(project)
  const repository = await openProjectRepository(project)
  const place = locateRepository(repository.root)
  const change = place && (await changeOf(repository, place, options))
  if (change === undefined) return {findings: []}
  const published = change.isUnchecked ? await publishedAfter(project, repository, change) : []
  try {
    const known = new KnownRevisions()
    const scripts = await readScriptDirectory(project.tree, project.layout, known)
    if (scripts.graph.heads.length < 2) return {findings: published}
    const {policies, findings} = await policiesOf(project, repository, change, options)
    const report = await reportBy(policies, {...project, scripts, known}, repository, change)
    return {findings: [...published, ...findings], ...report}
  } catch (error) {
    if (!(error instanceof MigError)) throw error
    return {findings: [...published, findingOf(error)]}
  }
}

/** Returns the changes of published revisions, which no hook could stop, as warnings. */
async function publishedAfter(project: Project, repository: Repository, {before}: Change): Promise<readonly Finding[]> {
  const head = await repository.resolve('HEAD')
  if (project.settings.gitHooks.skip.includes('published') || before === undefined || head === undefined) return []
  const versions = new VersionFiles(repository, project.layout, project.cwd)
  const sides = {before: async () => (await versions.at(before)) ?? [], after: (await versions.at(head)) ?? []}
  const published = await publishedBranch(repository)
  const findings = published === undefined ? [] : await publishedChanges(project, published, versions, sides)
  return findings.map((finding) => ({...finding, level: 'warning'}))
}

/** Returns the report by the first policy that does not allow the heads, or else by the first that has one. */
async function reportBy(
  policies: readonly Policy[],
  project: ScriptProject,
  repository: Repository,
  change: Change,
): Promise<Report | undefined> {
  let allowed: Report | undefined
  for (const policy of policies) {
    const report = await newHeads(project, repository, change, policy)
    if (report !== undefined && report.isAllowed !== true) return report
    allowed ??= report
  }
  return allowed
}

type Report = Pick<HookResult, 'divergence' | 'isAllowed' | 'next'>

/**
 * Returns the heads if there are more than before, or than the policy allows; if it allows many, those of revisions that
 * came in and have objects in common with those that were here.
 */
async function newHeads(
  project: ScriptProject,
  repository: Repository,
  change: Change,
  policy: Policy,
): Promise<Report | undefined> {
  const {graph} = project.scripts
  const isAllowed = policy.heads === 'many'
  if (isAllowed && policy.collisions === 'off') return undefined
  const own = await ownRevisions(project, repository, graph, change)
  const before = withOwn(await graphAt(project, repository, change.before), own)
  if (isAllowed) {
    // Without a new head, nothing came in beside what was here.
    if (graph.heads.every((head) => before.has(head))) return undefined
    const found = await divergence(project, repository, before, graph.heads)
    const common = betweenSides(found, graph, before)
    return common && {divergence: common, isAllowed}
  }
  const heads = headsTooMany(graph, policy, before.heads.length)
  // What was too much before is not news.
  if (heads.length <= headsTooMany(before, policy, before.heads.length).length) return undefined
  const isOneLine = policy.heads === 'one' && (await rebaseLeavesOneHead(project, policy))
  return {
    divergence: await divergence(project, repository, before, heads),
    next: isOneLine ? ['mig rebase', 'mig upgrade'] : joinAndUpgrade(graph, policy, before.heads.length),
  }
}

/** Whether the heads come from revisions that nobody else has, which can be moved after the published ones. */
async function rebaseLeavesOneHead(project: ScriptProject, policy: Policy): Promise<boolean> {
  const {planRebaseOf, writeRebase} = await import('../../engine/rebase.ts')
  try {
    const graph = await writeRebase(project, await planRebaseOf(project, {}), true)
    return headsTooMany(graph, policy).length === 0
  } catch (error) {
    if (error instanceof MigError) return false
    throw error
  }
}

/** Returns a divergence with only the pairs of one revision that was there before and one that was not, and their heads. */
function betweenSides(
  all: Divergence,
  graph: RevisionGraph<ScriptRevision>,
  before: RevisionGraph,
): Divergence | undefined {
  const pairs = all.pairs.filter(
    ({ours, theirs, verdict}) => verdict !== 'independent' && before.has(ours) !== before.has(theirs),
  )
  if (pairs.length === 0) return undefined
  const revisions = pairs.flatMap(({ours, theirs}) => [ours, theirs])
  const heads = all.heads.filter(({revision}) => {
    const line = new Set(revisionsBetween(graph, [], [revision]))
    return revisions.some((id) => line.has(id))
  })
  const forks = forkPoints(
    graph,
    heads.map(({revision}) => revision),
  )
  return {
    ...all,
    heads,
    forkPoints: forks.map((revision) => ({revision, message: graph.get(revision).message})),
    verdict: worstOf(pairs),
    pairs,
  }
}

/** Returns the revisions that are in no commit and did not come in: those of the user. */
async function ownRevisions(
  project: ScriptProject,
  repository: Repository,
  graph: RevisionGraph<ScriptRevision>,
  {isStaged}: Change,
): Promise<readonly ScriptRevision[]> {
  const place = locateRepository(repository.root)
  const committed =
    isStaged && place !== undefined
      ? await graphAt(project, new IndexRepository(place), stagedCommit)
      : await graphAt(project, repository, await repository.resolve('HEAD'))
  return graph.revisions.filter(({id}) => !committed.has(id))
}

/** Returns a graph with the user's own revisions, unless they continue from what came in. */
function withOwn(graph: RevisionGraph<ScriptRevision>, own: readonly ScriptRevision[]): RevisionGraph<ScriptRevision> {
  try {
    return buildRevisionGraph(
      own.filter(({id}) => !graph.has(id)),
      graph,
    )
  } catch (error) {
    if (error instanceof MigError) return graph
    throw error
  }
}

async function graphAt(
  project: ScriptProject,
  repository: Repository,
  commit: CommitId | undefined,
): Promise<RevisionGraph<ScriptRevision>> {
  const {known} = project
  const none = buildRevisionGraph<ScriptRevision>([])
  if (commit === undefined) return none
  try {
    return (await scriptsAt(project, repository, {commit, ref: commit, ...(known && {known})})).scripts.graph
  } catch (error) {
    if (error instanceof ScriptDirectoryMissingError || error instanceof VersionLocationMissingError) return none
    throw error
  }
}

async function divergence(
  project: ScriptProject,
  repository: Repository,
  before: RevisionGraph,
  heads: readonly RevisionId[],
): Promise<Divergence> {
  const {graph} = project.scripts
  const head = await repository.resolve('HEAD')
  const origins: HeadOrigin[] = []
  for (const revision of heads) {
    const {message, file} = graph.get(revision)
    const path = pathInRepository(repository, resolve(project.cwd), file)
    const commit = head && (await repository.commitThatAdded(head, path).catch(() => undefined))
    origins.push({
      revision,
      message,
      file,
      side: before.has(revision) ? 'ours' : 'theirs',
      commit: commit || undefined,
    })
  }
  return {
    heads: origins,
    forkPoints: forkPoints(graph, heads).map((revision) => ({revision, message: graph.get(revision).message})),
    before: before.heads.length,
    ...(await divergentLines(
      graph,
      oursFirst(origins),
      new RevisionTexts(await project.registry(), await knownDialects(project)),
      async (revisions) => project.tree.read(revisions.map(({file}) => file)),
    )),
  }
}
