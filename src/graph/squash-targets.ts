import {hasOriginals, squashesIn, withOriginals} from './originals.ts'
import type {GraphState} from './recorded.ts'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'
import {SquashIndivisibleError} from './squash-errors.ts'
import type {Target} from './target.ts'
import {shellCommand} from '../util/shell.ts'

/**
 * Returns a downgrade target in the graph of a database. A target in the middle of a squash is refused where its originals
 * cannot be reverted one by one.
 *
 * @param graph the graph of the files
 * @throws MigError SQUASH_INDIVISIBLE
 */
export function downgradeTarget(graph: RevisionGraph, state: GraphState, target: Target): Target {
  if (graph.aliases.size === 0) return target
  if (target.kind === 'revisions') return {...target, ids: keptNodes(graph, state, new Set(target.ids))}
  const name = target.kind === 'name' ? target.name : target.kind === 'relative' ? target.from : undefined
  const part = name === undefined ? undefined : replacedId(state.graph, name)
  const squash = part === undefined ? undefined : squashOver(graph, state, part)
  if (part !== undefined && squash !== undefined && !isLast(graph, squash, part)) throw indivisible(state, squash, part)
  return target
}

/** Returns the replaced revision that a name means, if it is the id of one or the beginning of it. */
function replacedId(graph: RevisionGraph, name: string): RevisionId | undefined {
  if (graph.aliases.has(name)) return name
  if (graph.named(name) !== undefined || name.length < 4) return undefined
  const names = [...graph.aliases.keys(), ...graph.labels.keys(), ...graph.revisions.map(({id}) => id)]
  const [only, ...others] = names.filter((candidate) => candidate.startsWith(name))
  return only !== undefined && others.length === 0 && graph.aliases.has(only) ? only : undefined
}

/** Returns the applied squash that stands for a revision as a whole. */
function squashOver(graph: RevisionGraph, {graph: own, applied}: GraphState, id: RevisionId): RevisionId | undefined {
  const squash = own.aliases.get(id)
  return squash !== undefined && graph.aliases.get(id) === squash && applied.has(squash) ? squash : undefined
}

/** Returns whether nothing in a squash comes after one of its originals. */
function isLast(graph: RevisionGraph, squash: RevisionId, id: RevisionId): boolean {
  const found = squashesIn(graph).find((one) => one.id === squash)
  if (found === undefined || !hasOriginals(graph, found)) return false
  const whole = withOriginals(graph, new Set([squash]))
  return whole.named(id) === whole.named(squash)
}

/** Returns the revisions of the graph of a database that are among some ids, or consist of some. */
function keptNodes(graph: RevisionGraph, state: GraphState, ids: ReadonlySet<RevisionId>): readonly RevisionId[] {
  const kept = [...ids].filter((id) => state.graph.has(id))
  for (const {id, replaces = []} of graph.revisions) {
    if (replaces.length === 0 || !state.applied.has(id) || ids.has(id)) continue
    const [part] = replaces.filter((original) => ids.has(original))
    if (part === undefined) continue
    if (!replaces.every((original) => ids.has(original))) throw indivisible(state, id, part)
    kept.push(id)
  }
  return kept
}

function indivisible({graph}: GraphState, squash: RevisionId, part: RevisionId): SquashIndivisibleError {
  const [parent = 'base'] = graph.downRevisions(squash)
  return new SquashIndivisibleError(
    squash,
    part,
    `\`${shellCommand`mig downgrade ${squash}`}\` keeps all of it; \`${shellCommand`mig downgrade ${parent}`}\` reverts it.`,
  )
}
