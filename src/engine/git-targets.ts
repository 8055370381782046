import type {Range, Target} from '../graph/target.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {ScriptProject} from './project.ts'
import {commitNamed, openProjectRepository, scriptsAt} from './repository.ts'

/**
 * Returns upgrade targets with each `git:REF` replaced by the heads of the files at that commit. Reads git only if
 * needed.
 *
 * @throws MigError REVISION_ELSEWHERE if this checkout lacks one of those heads; as `commitNamed`
 */
export async function resolveGitTargets(
  project: ScriptProject,
  targets: readonly Target[],
): Promise<readonly Target[]> {
  if (targets.every(({kind}) => kind !== 'git')) return targets
  const resolved: Target[] = []
  for (const target of targets) resolved.push(await upTo(project, target))
  return resolved
}

/**
 * Returns a downgrade target with `git:REF` replaced by the revisions of that commit that this checkout has.
 *
 * @throws MigError as `commitNamed`
 */
export async function resolveKeptTarget(project: ScriptProject, target: Target): Promise<Target> {
  if (target.kind !== 'git') return target
  return {kind: 'revisions', ids: knownBelow(project.scripts.graph, await graphAt(project, target.ref))}
}

/** Returns a range with resolved ends: the lower one as a downgrade target, the upper one as an upgrade target. */
export async function resolveGitRange(project: ScriptProject, {lower, upper}: Range): Promise<Range> {
  return {
    ...(lower !== undefined && {lower: await resolveKeptTarget(project, lower)}),
    ...(upper !== undefined && {upper: await upTo(project, upper)}),
  }
}

async function upTo(project: ScriptProject, target: Target): Promise<Target> {
  if (target.kind !== 'git') return target
  const {graph} = project.scripts
  const {heads} = await graphAt(project, target.ref)
  const missing = heads.filter((id) => graph.named(id) === undefined)
  if (missing.length === 0) return {kind: 'revisions', ids: heads}
  const {RevisionElsewhereError} = await import('../git/errors.ts')
  throw new RevisionElsewhereError(target.ref, missing)
}

async function graphAt(project: ScriptProject, ref: string): Promise<RevisionGraph> {
  const repository = await openProjectRepository(project)
  const commit = await commitNamed(repository, ref)
  return (await scriptsAt(project, repository, {commit, ref})).scripts.graph
}

/** Returns the highest revisions of `other` that `graph` also contains; with squashes, all of them. */
function knownBelow(graph: RevisionGraph, other: RevisionGraph): readonly RevisionId[] {
  // Of a squash, it matters which revisions it consists of.
  if (graph.aliases.size + other.aliases.size > 0) {
    const ids = [...other.sources.map(({id}) => id), ...other.aliases.keys()]
    return ids.filter((id) => graph.has(id) || graph.aliases.has(id))
  }
  const covered = new Set<RevisionId>()
  const found: RevisionId[] = []
  for (const id of other.topological.toReversed()) {
    const isKnown = graph.has(id)
    if (isKnown && !covered.has(id)) found.push(id)
    if (isKnown || covered.has(id)) for (const parent of other.parents(id)) covered.add(parent)
  }
  return found
}
