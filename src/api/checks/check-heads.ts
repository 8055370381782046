import {MigError} from '../../errors.ts'
import {describeHeads, headsTooMany, joinCommands} from '../../git/policy.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {findingOf} from '../../script/finding.ts'
import type {Finding} from '../../script/finding.ts'
import type {ScriptRevision} from '../../script/revision-file.ts'
import type {Check, CheckOptions} from './check-options.ts'
import {collisionFindings} from './collision-findings.ts'
import {mergeInto} from './merge-check.ts'
import type {MergeCheck} from './merge-check.ts'
import {openScripts} from '../../engine/project.ts'
import type {ScriptProject} from '../../engine/project.ts'

/** Result of the `heads` check. */
export interface HeadsCheck extends Check {
  /** Heads of the work tree, if no merge was evaluated. */
  readonly heads?: readonly RevisionId[]
  /** One result per ref to merge. */
  readonly merges?: readonly MergeCheck[]
}

/** Checks that the number of heads, now or after a merge, obeys the policy. */
export async function checkHeads(options: CheckOptions): Promise<HeadsCheck> {
  if (options.onto !== undefined) {
    const merges = await mergeInto(options, options.onto)
    const findings = merges.flatMap((merge) => merge.findings)
    return {name: 'heads', ok: merges.every(({status}) => status === 'ok'), findings, merges}
  }
  try {
    const project = await openScripts(options)
    const {scripts, settings} = project
    const {graph} = scripts
    const {heads} = graph
    const tooMany = headsTooMany(graph, settings.policy)
    const divergent: readonly Finding[] =
      tooMany.length === 0
        ? []
        : [
            {
              code: 'DIVERGENT_HEADS',
              level: 'error',
              message: `There are ${describeHeads(graph, tooMany)}.`,
              hint: `Join them with \`${joinCommands(graph, settings.policy)}\`.`,
              file: graph.get(tooMany[0] ?? '').file,
            },
          ]
    const findings = [...divergent, ...(await collisionsOf(project))]
    return {name: 'heads', ok: findings.every(({level}) => level !== 'error'), findings, heads}
  } catch (error) {
    if (!(error instanceof MigError) || !isOfFiles(error)) throw error
    return {name: 'heads', ok: false, findings: [findingOf(error)]}
  }
}

/** Judges the heads that are not joined; of others, nothing in the files tells which revisions are published. */
async function collisionsOf(project: ScriptProject): Promise<readonly Finding[]> {
  const {
    scripts: {graph},
    settings: {policy},
    tree,
    registry,
  } = project
  if (graph.heads.length < 2 || policy.collisions === 'off') return []
  const {pairsOfHeads} = await import('../../engine/divergence.ts')
  const {RevisionTexts} = await import('../../conflicts/revision-texts.ts')
  const read = async (revisions: readonly ScriptRevision[]): Promise<readonly string[]> =>
    tree.read(revisions.map(({file}) => file))
  const {knownDialects} = await import('../../engine/dialect.ts')
  const texts = new RevisionTexts(await registry(), await knownDialects(project))
  return collisionFindings(await pairsOfHeads(graph, texts, read), policy, graph)
}

/** Whether an error is about revision files and therefore a finding. */
export function isOfFiles({code}: MigError): boolean {
  return /^(?:INVALID_REVISION|NOT_UTF8|DUPLICATE_|UNKNOWN_DOWN_|UNKNOWN_DEPENDENCY|CYCLE)/.test(code)
}
