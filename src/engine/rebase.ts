import {resolve} from 'node:path'
import {planRebase} from '../graph/rebase.ts'
import type {Rebase} from '../graph/rebase.ts'
import {NothingToRebaseError, NoUpstreamError, PublishedError, SeveralLinesError} from '../graph/rebase-errors.ts'
import {resolveAbsolute, resolveSingle} from '../graph/resolve.ts'
import type {RevisionId} from '../graph/revision.ts'
import {buildRevisionGraph} from '../graph/build.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {readTargets} from '../graph/target.ts'
import type {Target} from '../graph/target.ts'
import {reachable} from '../graph/walk.ts'
import {exclusively} from '../script/exclusive.ts'
import {withDownRevisions} from '../script/reparent.ts'
import {readRevisionFile} from '../script/revision-file.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {readScriptDirectory} from '../script/script-directory.ts'
import {replaceAll} from '../script/write.ts'
import {resolveGitTargets} from './git-targets.ts'
import {writeHeadsFile} from './heads-file.ts'
import type {ScriptProject} from './project.ts'
import {readPublished} from './published.ts'
import {watchProject} from './watched-files.ts'

/** The revisions to move, and the one to come after. */
export interface RebaseRequest {
  /** Revisions that move with all that descends from them; by default, all that the upstream branch does not have. */
  readonly targets?: readonly string[] | undefined
  /** The revision to come after; by default, the head of the upstream branch. */
  readonly onto?: string | undefined
}

/** A rebase of the revisions of a project. */
export interface PlannedRebase extends Rebase {
  readonly onto: RevisionId | null
}

/**
 * Plans a rebase from the revisions of a project and its upstream branch.
 *
 * @throws MigError NOTHING_TO_REBASE, REBASE_REFUSED, MULTIPLE_HEADS, and as `resolveTargets` and `resolveGitTargets`
 */
export async function planRebaseOf(project: ScriptProject, request: RebaseRequest): Promise<PlannedRebase> {
  const {graph} = project.scripts
  const published = await readPublished(project)
  const named = request.targets?.length ? await namedRevisions(project, request.targets) : undefined
  if (named === undefined && published === undefined) throw new NoUpstreamError()
  const roots = named ?? graph.topological.filter((id) => !published?.revisions.has(id))
  if (roots.length === 0) throw new NothingToRebaseError([], null)
  const moved = reachable(roots, (id) => graph.children(id))
  const fixed = graph.sorted(moved).filter((id) => published?.revisions.has(id))
  if (published !== undefined && fixed.length > 0) throw new PublishedError(fixed, published.branch)
  const onto = await ontoOf(project, request.onto, moved, published?.revisions)
  return {onto, ...planRebase(graph, roots, onto)}
}

async function namedRevisions(project: ScriptProject, names: readonly string[]): Promise<readonly RevisionId[]> {
  const targets = await resolveGitTargets(project, readTargets(names))
  return [...new Set(targets.flatMap((target) => resolveAbsolute(project.scripts.graph, target)))]
}

/** Returns the revision to come after. */
async function ontoOf(
  project: ScriptProject,
  name: string | undefined,
  moved: ReadonlySet<RevisionId>,
  published: ReadonlySet<RevisionId> | undefined,
): Promise<RevisionId | null> {
  const {graph} = project.scripts
  if (name !== undefined) {
    const targets = await resolveGitTargets(project, readTargets(name))
    return resolveSingle(graph, targets[0] as Target)
  }
  const stays = graph.topological.filter((id) => !moved.has(id))
  const line = published === undefined ? stays : stays.filter((id) => published.has(id))
  const isFollowed = new Set(line.flatMap((id) => graph.downRevisions(id)))
  const heads = line.filter((id) => !isFollowed.has(id))
  if (heads.length > 1) throw new SeveralLinesError(graph, heads)
  return heads[0] ?? null
}

/**
 * Writes the files of a rebase, all or none, and what follows from them.
 *
 * @returns the graph with the new parents
 * @throws MigError FILE_UNWRITABLE, INVALID_REVISION_FILE, and as `buildRevisionGraph`
 */
export async function writeRebase(
  project: ScriptProject,
  {reparented}: Rebase,
  isDry: boolean,
): Promise<RevisionGraph<ScriptRevision>> {
  const {tree, layout, cwd} = project
  if (isDry) return (await rewritten(project, project.scripts.graph, reparented)).graph
  const graph = await exclusively(resolve(cwd, layout.scriptDirectory, '.revision.lock'), async () => {
    const current = await readScriptDirectory(tree, layout)
    const {files, graph: after} = await rewritten(project, current.graph, reparented)
    replaceAll(files)
    return after
  })
  writeHeadsFile(project, graph)
  await watchProject(project, {isUpdate: true})
  return graph
}

async function rewritten(
  {tree, cwd}: ScriptProject,
  graph: RevisionGraph<ScriptRevision>,
  reparented: Rebase['reparented'],
): Promise<{readonly files: Parameters<typeof replaceAll>[0]; readonly graph: RevisionGraph<ScriptRevision>}> {
  const all = withOriginals(graph, reparented)
  const byId = new Map(graph.sources.map((revision) => [revision.id, revision]))
  const names = all.map(({revision}) => byId.get(revision)!.file)
  const texts = await tree.read(names)
  const files = all.map(({to}, i) => {
    const [shown = '', before = ''] = [names[i], texts[i]]
    return {path: resolve(cwd, shown), shown, before, after: withDownRevisions(before, shown, to)}
  })
  const changed = new Map<RevisionId, ScriptRevision>()
  for (const {shown, after} of files) {
    const revision = readRevisionFile(shown, after)
    if (revision !== undefined) changed.set(revision.id, revision)
  }
  return {files, graph: buildRevisionGraph(graph.sources.map((revision) => changed.get(revision.id) ?? revision))}
}

/** Returns the revisions that get other parents, with those that squashes among them replace: their files move with them. */
function withOriginals(
  graph: RevisionGraph<ScriptRevision>,
  reparented: Rebase['reparented'],
): readonly Pick<Rebase['reparented'][number], 'revision' | 'to'>[] {
  return reparented.flatMap((one) => {
    const {replaces, replacedSquashes} = graph.get(one.revision)
    const originals = new Set([...replaces, ...replacedSquashes])
    const left = new Set(one.from.filter((id) => !one.to.includes(id)))
    const moved = graph.sources.flatMap(({id, downRevisions}) => {
      if (!originals.has(id) || !downRevisions.some((parent) => left.has(parent))) return []
      const to = new Set([...downRevisions.filter((parent) => !left.has(parent)), ...one.to])
      return [{revision: id, to: [...to]}]
    })
    return [one, ...moved]
  })
}
