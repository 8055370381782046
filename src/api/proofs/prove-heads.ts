import {isOwnOf} from '../../baseline/baseline.ts'
import {read} from '../../baseline/trial.ts'
import type {Pairs} from '../../conflicts/pairs.ts'
import type {DatabaseOptions} from '../../engine/databases.ts'
import type {ScriptProject} from '../../engine/project.ts'
import {contextOf} from '../../engine/run-context.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {prove} from '../../rehearsal/commute/proof.ts'
import type {Proof} from '../../rehearsal/commute/proof.ts'
import type {Finding} from '../../script/finding.ts'
import {findingsOfProof} from './proof-findings.ts'

export type {Proof}

/** A proof and what was found. */
export interface Proven {
  readonly proof: Proof
  readonly findings: readonly Finding[]
}

/**
 * Applies heads to their common ancestors in every order, on temporary databases, and compares the outcomes.
 *
 * @param judged the verdict of the texts, which stands beside the proof
 * @throws MigError as `prove`
 */
export async function proveHeads(
  project: ScriptProject,
  options: Pick<DatabaseOptions, 'orm' | 'em' | 'x' | 'onEvent' | 'signal'>,
  heads: readonly RevisionId[],
  judged: Pairs,
): Promise<Proven> {
  const context = contextOf(project, options)
  const result = await prove(
    context,
    heads,
    async (session) => (await read(session, {isOwn: isOwnOf(project, session)})).objects,
  )
  return {proof: result.proof, findings: findingsOfProof(result, judged, project.scripts.graph)}
}
