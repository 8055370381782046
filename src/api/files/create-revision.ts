import {judgedLines} from '../checks/check-commute.ts'
import {MergeNotProvedError} from '../proofs/errors.ts'
import type {Proof} from '../../rehearsal/commute/proof.ts'
import type {DatabaseOptions} from '../../engine/databases.ts'
import {downRevisionsOfMerge} from '../../graph/succeed.ts'
import {readTargets} from '../../graph/target.ts'
import {resolveGitTargets} from '../../engine/git-targets.ts'
import {downRevisionsOf, writeNew} from '../../engine/new-revision.ts'
import type {CreateRevisionOptions, NewRevisionOptions, NewRevisionResult} from '../../engine/new-revision.ts'
import type {Pairs} from '../../engine/divergence.ts'
import {openScripts} from '../../engine/project.ts'
import type {ScriptProject} from '../../engine/project.ts'
import {publishedRevisions} from '../../engine/published.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {shellCommand} from '../../util/shell.ts'

export interface MergeOptions extends NewRevisionOptions, Pick<DatabaseOptions, 'orm' | 'em' | 'onEvent' | 'signal'> {
  /** Revisions to join: `heads`, several revisions, or a branch, which is joined with the line it started from. */
  readonly targets: readonly string[]
  /** Whether to write only if the branches give the same in every order on temporary databases. Runs their code. */
  readonly prove?: boolean | undefined
}

/** A revision that joins branches, and how their revisions relate. */
export interface MergeResult extends NewRevisionResult, Pairs {
  /** The proof, if it was asked for. */
  readonly proof?: Proof
  /** The advice to follow first, if the order of two revisions matters or may matter. */
  readonly advice?: string
  /** Suggested next command. */
  readonly next: string
}

export interface BranchOptions extends NewRevisionOptions {
  /** Label of the branch. */
  readonly name: string
  /** Parent of the branch: `head` by default, `base` for an independent branch. */
  readonly from?: string | undefined
}

/** Writes a new revision. */
export async function createRevision(options: CreateRevisionOptions): Promise<NewRevisionResult> {
  const project = await openScripts(options)
  const downRevisions = await downRevisionsOf(project, options.head ?? 'head', options)
  return writeNew(project, options, downRevisions)
}

/** Writes a revision that joins branches. */
export async function merge(options: MergeOptions): Promise<MergeResult> {
  const project = await openScripts(options)
  const targets = await resolveGitTargets(project, readTargets(options.targets))
  const downRevisions = downRevisionsOfMerge(project.scripts.graph, targets, options)
  const judged = await judgedLines(project, downRevisions)
  const proof = options.prove ? await provedMerge(project, options, downRevisions, judged) : undefined
  const written = await writeNew(
    project,
    {...options, message: options.message ?? `merge ${downRevisions.join(' and ')}`},
    downRevisions,
  )
  const {verdict, pairs} = judged
  const isLast = project.scripts.graph.heads.every((head) => downRevisions.includes(head))
  const upgrade = isLast ? 'mig upgrade' : 'mig upgrade heads'
  const {advice, next = upgrade} = await settlement(project, pairs, written.revision.revision)
  return {...written, verdict, pairs, ...(proof !== undefined && {proof}), ...(advice !== undefined && {advice}), next}
}

/** @throws MigError MERGE_NOT_PROVED unless every order gives the same */
async function provedMerge(
  project: ScriptProject,
  options: MergeOptions,
  heads: readonly RevisionId[],
  judged: Pairs,
): Promise<Proof> {
  const {proveHeads} = await import('../proofs/prove-heads.ts')
  const {proof, findings} = await proveHeads(project, options, heads, judged)
  if (proof.commutes !== true) throw new MergeNotProvedError(proof, findings)
  return proof
}

/** Returns the advice on the pair to settle first, and the command to begin with, which never edits a published revision. */
async function settlement(
  project: ScriptProject,
  pairs: Pairs['pairs'],
  joinedBy: RevisionId,
): Promise<{readonly advice?: string | undefined; readonly next?: string | undefined}> {
  const {adviceOn, adviceOnPublished, exchangedPair, pairToSettle} = await import('../../conflicts/advice.ts')
  const worst = pairToSettle(pairs)
  if (worst === undefined) return {}
  const published = await publishedRevisions(project)
  if (published.has(worst.ours) && published.has(worst.theirs)) return adviceOnPublished(worst, joinedBy)
  const pair = published.has(worst.ours) ? exchangedPair(worst) : worst
  const next = pair.verdict === 'collide' ? shellCommand`mig edit ${pair.ours}` : undefined
  return {advice: adviceOn(pair), next}
}

/** Writes the first revision of a new branch. Its parent need not be a head. */
export async function branch(options: BranchOptions): Promise<NewRevisionResult> {
  const project = await openScripts(options)
  const {name, from = 'head', message = `start branch ${name}`, branchLabels = []} = options
  const downRevisions = await downRevisionsOf(project, from, {splice: true, parentFlag: '--from'})
  return writeNew(project, {...options, splice: true, message, branchLabels: [name, ...branchLabels]}, downRevisions)
}
