import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {shellWord} from '../util/shell.ts'
import {listOf, plural} from '../util/text.ts'

/** Policy of a project for its revisions. */
export interface Policy {
  /** Allowed number of heads. Default: no more than before; one is always allowed. */
  readonly heads?: 'one' | 'many' | undefined
  /** Branch labels that may have an additional head. */
  readonly labels: readonly string[]
  /** Whether published revisions may be edited or deleted. */
  readonly published: 'frozen' | 'editable'
  /** The level of findings about revisions of both sides of a merge that collide, or whose relation is unknown. */
  readonly collisions: 'error' | 'warning' | 'off'
}

/**
 * Returns the heads in excess of a policy.
 *
 * @param before the previous number of heads, if known
 */
export function headsTooMany(graph: RevisionGraph, policy: Policy, before = 1): readonly RevisionId[] {
  return headsToJoin(graph, policy, before).flat()
}

/** Returns the heads in excess of a policy, in groups, each of which may have one head. */
function headsToJoin(graph: RevisionGraph, policy: Policy, before: number): readonly (readonly RevisionId[])[] {
  if (policy.heads === 'many') return []
  if (policy.heads === undefined && policy.labels.length === 0)
    return graph.heads.length > Math.max(1, before) ? [graph.heads] : []
  const labelOf = (head: RevisionId): string =>
    [...graph.branchLabelsOf(head)].find((name) => policy.labels.includes(name)) ?? ''
  return [...Map.groupBy(graph.heads, labelOf).values()].filter((heads) => heads.length > 1)
}

/** Returns the commands that join the heads in excess of a policy and no others. */
export function joinCommands(graph: RevisionGraph, policy: Policy, before = 1): string {
  return joinSteps(graph, policy, before).join(' && ')
}

function joinSteps(graph: RevisionGraph, policy: Policy, before: number): readonly string[] {
  return headsToJoin(graph, policy, before).map((heads) => {
    const names = heads.length === graph.heads.length ? 'heads' : heads.map(shellWord).join(' ')
    return `mig merge ${names} -m "..."`
  })
}

/** Returns the commands that join the heads in excess of a policy, and apply the result. */
export function joinAndUpgrade(graph: RevisionGraph, policy: Policy, before: number): readonly string[] {
  const groups = headsToJoin(graph, policy, before)
  const left = graph.heads.length - groups.flat().length + groups.length
  return [...joinSteps(graph, policy, before), left > 1 ? 'mig upgrade heads' : 'mig upgrade']
}

/** Returns the number of heads, and which ones are in excess of a policy. */
export function describeHeads(graph: RevisionGraph, tooMany: readonly RevisionId[]): string {
  const all = plural(graph.heads.length, 'head')
  const which = tooMany.length === graph.heads.length ? '' : `, of which ${tooMany.length} must be joined`
  return `${all}${which}: ${listOf(tooMany, 10)}`
}
