import type {RevisionId} from '../../graph/revision.ts'
import type {RevisionGraph} from '../../graph/revision-graph.ts'
import {reachable} from '../../graph/walk.ts'

/** The most orders that are tried. Four heads have as many. */
const most = 24

/** The revisions that all heads have, and the orders in which the heads can be applied to them. */
export interface Sides {
  readonly base: ReadonlySet<RevisionId>
  readonly orders: readonly (readonly RevisionId[])[]
  /** Set if there are more orders than these. */
  readonly sample?: {readonly of: number; readonly seed: number}
}

/** Returns the common ancestors of heads, and the orders of the heads: of many, a sample in which each head is once the first. */
export function sidesOf(graph: RevisionGraph, heads: readonly RevisionId[], seed: number): Sides {
  const lines = heads.map((head) => reachable([head], (id) => graph.parents(id)))
  const base = lines.reduce((common, line) => common.intersection(line))
  const of = heads.reduce((product, _, i) => product * (i + 1), 1)
  if (of <= most) return {base, orders: permutations(heads)}
  const rotations = heads.map((_, i) => [...heads.slice(i), ...heads.slice(0, i)])
  return {base, orders: sampled(heads, rotations.slice(0, most), seed), sample: {of, seed}}
}

/** Returns the revisions of a head that are not applied yet, each after its parents. */
export function pendingOf(
  graph: RevisionGraph,
  head: RevisionId,
  applied: ReadonlySet<RevisionId>,
): readonly RevisionId[] {
  return graph.sorted(reachable([head], (id) => graph.parents(id)).difference(applied))
}

function permutations(heads: readonly RevisionId[]): readonly (readonly RevisionId[])[] {
  if (heads.length < 2) return [heads]
  return heads.flatMap((head) => permutations(heads.filter((other) => other !== head)).map((rest) => [head, ...rest]))
}

function sampled(
  heads: readonly RevisionId[],
  first: readonly (readonly RevisionId[])[],
  seed: number,
): readonly (readonly RevisionId[])[] {
  const found = new Map(first.map((order) => [order.join(' '), order]))
  const random = randomOf(seed)
  while (found.size < most) {
    const order = [...heads]
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1))
      ;[order[i], order[j]] = [order[j] as RevisionId, order[i] as RevisionId]
    }
    found.set(order.join(' '), order)
  }
  return [...found.values()]
}

/** Returns a generator of the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) % 2 ** 32
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
