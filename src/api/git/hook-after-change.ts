import {resolve} from 'node:path'
import {pathInRepository} from '../../git/commit-tree.ts'
import {forkPoints} from '../../git/evaluate-merge.ts'
import type {HeadOrigin} from '../../git/evaluate-merge.ts'
import {locateRepository, operationIn} from '../../git/locate.ts'
import {headsTooMany} from '../../git/policy.ts'
import type {CommitId, Repository} from '../../git/repository.ts'
import type {RevisionId} from '../../graph/revision.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import {buildRevisionGraph} from '../../graph/revision-graph.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import {ScriptDirectoryMissingError, VersionLocationMissingError} from '../../script/errors.ts'
import {oursFirst} from '../../engine/divergence.ts'
import type {Divergence} from '../../engine/divergence.ts'
import {openScripts} from '../../engine/project.ts'
import type {Project} from '../../engine/project.ts'
import {openProjectRepository, scriptsAt} from '../../engine/repository.ts'
import type {HookResult, RunHookOptions} from './hook-result.ts'
import {divergentLines} from '../../conflicts/divergent-lines.ts'
import {RevisionTexts} from '../../conflicts/revision-texts.ts'

const nothing: Omit<HookResult, 'ok'> = {findings: []}

/** Reports new heads and their origin after a pull, merge or rebase. */
export async function afterChange(options: RunHookOptions): Promise<Omit<HookResult, 'ok'>> {
  const project = await openScripts(options)
  const {graph} = project.scripts
  const {policy} = project.settings
  if (graph.heads.length < 2 || policy.heads === 'many') return nothing
  const repository = await openProjectRepository(project)
  const place = locateRepository(repository.root)
  if (place !== undefined && operationIn(place) === 'rebase' && options.hook !== 'post-rewrite') return nothing
  const before = await graphBefore(project, repository, await commitBefore(repository, options))
  const heads = headsTooMany(graph, policy, before.heads.length)
  return heads.length === 0 ? nothing : {findings: [], divergence: await divergence(project, repository, before, heads)}
}

/** Returns the previously checked-out commit, which git records as ORIG_HEAD. */
async function commitBefore(
  repository: Repository,
  {hook, args, input}: RunHookOptions,
): Promise<CommitId | undefined> {
  const rewritten = input.trim().split('\n').at(-1)?.split(' ')[0]
  if (hook === 'post-rewrite' && rewritten !== undefined && rewritten !== '') return repository.resolve(rewritten)
  // A squash merge has not moved HEAD yet.
  if (args[0] === '1') return repository.resolve('HEAD')
  return (await repository.resolve('ORIG_HEAD')) ?? repository.resolve('HEAD@{1}')
}

async function graphBefore(
  project: Project,
  repository: Repository,
  commit: CommitId | undefined,
): Promise<RevisionGraph<ScriptRevision>> {
  const none = buildRevisionGraph<ScriptRevision>([])
  if (commit === undefined) return none
  try {
    return (await scriptsAt(project, repository, {commit, ref: commit})).scripts.graph
  } catch (error) {
    if (error instanceof ScriptDirectoryMissingError || error instanceof VersionLocationMissingError) return none
    throw error
  }
}

async function divergence(
  project: Awaited<ReturnType<typeof openScripts>>,
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
      new RevisionTexts(await project.registry()),
      async (revisions) => project.tree.read(revisions.map(({file}) => file)),
    )),
  }
}
