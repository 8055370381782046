import {revisionsBetween} from '../graph/merge-base.ts'
import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {SchemaObject} from '../operations/definition.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import {pairsOf, worstOf} from './pairs.ts'
import type {Pairs, RevisionPair} from './pairs.ts'
import type {ReadTexts, RevisionTexts} from './revision-texts.ts'

/** An object that several heads touch, at least one of them by changing it. */
interface SharedObject extends SchemaObject {
  readonly heads: readonly RevisionId[]
}

/** The objects that several heads have in common, judged by the source of their revisions without running it. */
export interface SharedObjects {
  readonly objects: readonly SharedObject[]
  /** Revisions whose effects cannot be fully determined from their source. */
  readonly unclear: readonly RevisionId[]
}

/** The relation of the lines that end in several heads. */
export interface DivergentLines extends Pairs {
  readonly shared: SharedObjects
}

/** Judges, for each pair of heads, the revisions that only one of them has. */
export async function divergentLines(
  graph: RevisionGraph<ScriptRevision>,
  heads: readonly RevisionId[],
  texts: RevisionTexts,
  read: ReadTexts,
): Promise<DivergentLines> {
  const found = new Map<string, RevisionPair>()
  const shared = new Map<string, SharedObject>()
  const unclear = new Set<RevisionId>()
  for (const [i, head] of heads.entries())
    for (const other of heads.slice(i + 1)) {
      const [ours, theirs] = [revisionsBetween(graph, [other], [head]), revisionsBetween(graph, [head], [other])]
      const exclusive = new Set([...ours, ...theirs])
      const common = graph.sorted(revisionsBetween(graph, [], [head, other]).filter((id) => !exclusive.has(id)))
      const get = (id: RevisionId): ScriptRevision => graph.get(id)
      const sides = {common: common.map(get), ours: ours.map(get), theirs: theirs.map(get)}
      const {pairs, unclear: opaque} = await pairsOf(sides, texts, read)
      for (const id of opaque) unclear.add(id)
      for (const pair of pairs) {
        if (!found.has(`${pair.theirs} ${pair.ours}`)) found.set(`${pair.ours} ${pair.theirs}`, pair)
        for (const object of pair.objects) {
          const key = `${object.kind} ${object.name}`
          shared.set(key, {...object, heads: [...new Set([...(shared.get(key)?.heads ?? []), head, other])]})
        }
      }
    }
  const pairs = [...found.values()]
  const keys = [...shared.keys()].toSorted()
  return {
    verdict: worstOf(pairs),
    pairs,
    shared: {objects: keys.flatMap((key) => shared.get(key) ?? []), unclear: [...unclear]},
  }
}
