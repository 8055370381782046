import {divergentLines} from '../../conflicts/divergent-lines.ts'
import type {Pairs} from '../../conflicts/pairs.ts'
import {RevisionTexts} from '../../conflicts/revision-texts.ts'
import {knownDialects} from '../../engine/dialect.ts'
import {resolveGitTargets} from '../../engine/git-targets.ts'
import {openScripts} from '../../engine/project.ts'
import type {ScriptProject} from '../../engine/project.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {downRevisionsOfMerge} from '../../graph/succeed.ts'
import {readTargets} from '../../graph/target.ts'
import type {Proof} from '../../rehearsal/commute/proof.ts'
import type {Check, CheckOptions} from './check-options.ts'

/** Result of the `commute` check. */
export interface CommuteCheck extends Check, Partial<Pairs> {
  /** The revisions whose lines were applied in every order; fewer than two have no order. */
  readonly commuting: readonly RevisionId[]
  readonly proof?: Proof
}

/** Applies the lines of heads, or of other revisions, in every order on temporary databases, and compares the outcomes. */
export async function checkCommute(options: CheckOptions): Promise<CommuteCheck> {
  const project = await openScripts(options)
  const heads = await headsOf(project, options.targets ?? [])
  if (heads.length < 2) return {name: 'commute', ok: true, findings: [], commuting: heads}
  const judged = await judgedLines(project, heads)
  const {proveHeads} = await import('../proofs/prove-heads.ts')
  const {proof, findings} = await proveHeads(project, options, heads, judged)
  return {name: 'commute', ok: proof.commutes === true, findings, commuting: heads, ...judged, proof}
}

/** Returns the verdict of the texts on the lines of heads. */
export async function judgedLines(project: ScriptProject, heads: readonly RevisionId[]): Promise<Pairs> {
  const {tree, scripts} = project
  const texts = new RevisionTexts(await project.registry(), await knownDialects(project))
  const {verdict, pairs} = await divergentLines(scripts.graph, heads, texts, async (revisions) =>
    tree.read(revisions.map(({file}) => file)),
  )
  return {verdict, pairs}
}

async function headsOf(project: ScriptProject, targets: readonly string[]): Promise<readonly RevisionId[]> {
  const {graph} = project.scripts
  if (targets.length === 0) return graph.heads
  return downRevisionsOfMerge(graph, await resolveGitTargets(project, readTargets(targets)), {splice: true})
}
