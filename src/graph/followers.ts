import {Graph} from '@dagrejs/graphlib'
import type {RevisionId} from './revision.ts'
import type {RevisionGraph} from './revision-graph.ts'

/** Relation of a revision to its parent: child, dependent by `dependsOn`, or both. */
type Link = 'down' | 'dependency' | 'both'

/** Finds the revisions that follow a revision of a graph. */
export type Followers = (id: RevisionId, except?: Link) => readonly RevisionId[]

/**
 * Returns all edges of a graph, from each revision to its children and dependents. They take half as long as the rest of the
 * graph, and only walks towards the heads need them.
 *
 * A node's key is its position in load order. graphlib keeps nodes in plain objects, where an id such as `constructor`
 * or `__proto__` always seems to exist; integers are safe, ordered, and fast.
 */
export function followersIn(graph: RevisionGraph): Followers {
  const edges = new Graph<undefined, RevisionId, Link>({directed: true})
  for (const [loadOrder, {id}] of graph.revisions.entries()) edges.setNode(String(loadOrder), id)
  for (const {id} of graph.revisions) {
    const [downRevisions, dependencies] = [graph.downRevisions(id), graph.dependencies(id)]
    for (const parent of graph.parents(id)) {
      const link = !dependencies.includes(parent) ? 'down' : downRevisions.includes(parent) ? 'both' : 'dependency'
      edges.setEdge(String(graph.loadOrder(parent)), String(graph.loadOrder(id)), link)
    }
  }
  return (id, except) => {
    const key = String(graph.loadOrder(id))
    const keys = edges.successors(key) ?? []
    const wanted = except === undefined ? keys : keys.filter((follower) => edges.edge(key, follower) !== except)
    return wanted.map((follower) => edges.node(follower))
  }
}
