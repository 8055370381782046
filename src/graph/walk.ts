/**
 * Returns everything that can be reached from `start`, `start` included.
 *
 * @param next the neighbours of a node: its parents for ancestors, its children for descendants
 */
export function reachable<Node>(start: Iterable<Node>, next: (node: Node) => Iterable<Node>): Set<Node> {
  const seen = new Set(start)
  // Iterating a set visits items added meanwhile, so the set is its own queue.
  for (const node of seen) for (const neighbour of next(node)) seen.add(neighbour)
  return seen
}

export type Order<Node> =
  | {readonly order: readonly Node[]; readonly cycle?: undefined}
  | {readonly order?: undefined; readonly cycle: readonly Node[]}

/**
 * Returns every node that can be reached from `start`, each after all of its `parents`; or the first cycle found, as
 * its nodes, each followed by one of its parents.
 *
 * Ties keep the order of `start` and `parents`, and a line stays together, so the result is deterministic and readable.
 * Depth-first with an explicit stack: a history of 100,000 revisions must not exhaust the call stack.
 */
export function topologicalOrder<Node>(start: Iterable<Node>, parents: (node: Node) => readonly Node[]): Order<Node> {
  const order: Node[] = []
  const states = new Map<Node, 'open' | 'done'>()
  const stack: {readonly node: Node; readonly parents: readonly Node[]; next: number}[] = []
  const enter = (node: Node): void => {
    states.set(node, 'open')
    stack.push({node, parents: parents(node), next: 0})
  }
  for (const root of start) {
    if (!states.has(root)) enter(root)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const parent = top.parents[top.next++]
      if (parent === undefined) {
        stack.pop()
        states.set(top.node, 'done')
        order.push(top.node)
        continue
      }
      const state = states.get(parent)
      if (state === 'open') {
        const path = stack.map(({node}) => node)
        return {cycle: path.slice(path.indexOf(parent))}
      }
      if (state === undefined) enter(parent)
    }
  }
  return {order}
}
