import {parseRange, refOf} from '../graph/target.ts'
import type {Range, Target} from '../graph/target.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {openScripts} from './project.ts'
import type {Project, ProjectOptions} from './project.ts'
import {commitNamed, openProjectRepository, scriptsAt} from './repository.ts'

/**
 * Returns targets with each `git:REF` replaced by the heads that the files have at that commit. Whoever has none of them
 * pays nothing.
 *
 * @throws MigError REVISION_NOT_FOUND when the files of this checkout lack one of them; as `commitNamed`
 */
export async function expandTargets(
  options: ProjectOptions,
  targets: string | readonly string[],
): Promise<readonly string[]> {
  const texts = typeof targets === 'string' ? [targets] : targets
  if (texts.every((text) => refOf(text) === undefined)) return texts
  const project = await openScripts(options)
  const expanded: string[] = []
  for (const text of texts) {
    const ref = refOf(text)
    expanded.push(...(ref === undefined ? [text] : await headsHere(project, project.scripts.graph, ref)))
  }
  return [...new Set(expanded)]
}

/**
 * Returns what a downgrade to a target keeps: for `git:REF` what the files at that commit have, as far as this checkout
 * has it, otherwise the target itself.
 */
export async function expandKept(options: ProjectOptions, target: string): Promise<string | readonly RevisionId[]> {
  const ref = refOf(target)
  if (ref === undefined) return target
  const project = await openScripts(options)
  return knownBelow(project.scripts.graph, await graphAt(project, ref))
}

/** Returns a range with each end `git:REF` replaced by revisions. */
export async function expandRange(project: Project, graph: RevisionGraph, text: string): Promise<string | Range> {
  const {lower, upper} = parseRange(text.trim())
  if (lower?.kind !== 'git' && upper?.kind !== 'git') return text
  const below = async (end: Target | undefined): Promise<Target | undefined> =>
    end?.kind === 'git' ? {kind: 'revisions', ids: knownBelow(graph, await graphAt(project, end.ref))} : end
  const above = async (end: Target | undefined): Promise<Target | undefined> =>
    end?.kind === 'git' ? {kind: 'revisions', ids: await headsHere(project, graph, end.ref)} : end
  const [from, to] = [await below(lower), await above(upper)]
  return {...(from !== undefined && {lower: from}), ...(to !== undefined && {upper: to})}
}

/** Returns the heads at a commit, all of which the files of this checkout must have. */
async function headsHere(project: Project, graph: RevisionGraph, ref: string): Promise<readonly RevisionId[]> {
  const {heads} = await graphAt(project, ref)
  const missing = heads.filter((id) => !graph.has(id))
  if (missing.length === 0) return heads
  const {RevisionElsewhereError} = await import('../git/errors.ts')
  throw new RevisionElsewhereError(ref, missing)
}

async function graphAt(project: Project, ref: string): Promise<RevisionGraph> {
  const repository = await openProjectRepository(project)
  const commit = await commitNamed(repository, ref)
  return (await scriptsAt(project, repository, {commit, ref})).scripts.graph
}

/** Returns the highest revisions of one graph that another has, too. */
function knownBelow(graph: RevisionGraph, there: RevisionGraph): readonly RevisionId[] {
  const covered = new Set<RevisionId>()
  const found: RevisionId[] = []
  for (const id of there.topological.toReversed()) {
    const isKnown = graph.has(id)
    if (isKnown && !covered.has(id)) found.push(id)
    if (isKnown || covered.has(id)) for (const parent of there.parents(id)) covered.add(parent)
  }
  return found
}
