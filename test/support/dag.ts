import type {Revision} from '../../src/graph/revision.ts'
import {buildRevisionGraph} from '../../src/graph/build.ts'
import type {RevisionGraph} from '../../src/graph/revision-graph.ts'

const item = /^(?<id>[^\s(){}]+)(?:\{(?<labels>[^}]*)\})?(?:\((?<needs>[^)]*)\))?$/

/**
 * Reads a graph that is written as one line: `a <- b{x y} <- c; a <- d(b); c, d <- m`.
 *
 * `<-` goes from down revisions to what revises them, `{…}` are the labels that a revision declares, `(…)` is what it
 * depends on. Load order is the order in which ids come up first.
 */
export function revisions(text: string): Revision[] {
  const found = new Map<string, {downRevisions: string[]; dependsOn: string[]; branchLabels: string[]}>()
  for (const line of text.split(';')) {
    let below: string[] = []
    for (const group of line.split('<-')) {
      const ids: string[] = []
      for (const part of group
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean)) {
        const groups = item.exec(part)?.groups
        if (groups?.['id'] === undefined) throw new Error(`cannot read "${part}" in "${text}"`)
        const {id, labels = '', needs = ''} = groups
        const entry = found.get(id) ?? {downRevisions: [], dependsOn: [], branchLabels: []}
        entry.downRevisions.push(...below)
        entry.branchLabels.push(...labels.split(' ').filter(Boolean))
        entry.dependsOn.push(...needs.split(' ').filter(Boolean))
        found.set(id, entry)
        ids.push(id)
      }
      below = ids
    }
  }
  return [...found].map(([id, entry]) => ({id, ...entry}))
}

/** Reads a graph as `revisions` does, and builds it. */
export function dag(text: string): RevisionGraph {
  return buildRevisionGraph(revisions(text))
}
