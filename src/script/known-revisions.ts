import {buildRevisionGraph} from '../graph/build.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import {contentIdOf} from './content-id.ts'
import type {ScriptRevision} from './revision-file.ts'

/** Revisions that were read, so that several trees read and parse files that they have in common only once. */
export class KnownRevisions {
  readonly #byPath = new Map<string, {readonly contentId: string; readonly revision: ScriptRevision}>()

  readonly #graphs: RevisionGraph<ScriptRevision>[] = []

  add(revision: ScriptRevision, text: string): void {
    this.#byPath.set(revision.file, {contentId: contentIdOf(text), revision})
  }

  /**
   * Returns the revision in a file.
   *
   * @param contentId the git blob id of its content
   */
  find(path: string, contentId: string | undefined): ScriptRevision | undefined {
    const known = this.#byPath.get(path)
    return known?.contentId === contentId ? known?.revision : undefined
  }

  /**
   * Returns the graph of revisions, which is built once for trees with the same files.
   *
   * @throws MigError as `buildRevisionGraph`
   */
  graphOf(revisions: readonly ScriptRevision[]): RevisionGraph<ScriptRevision> {
    const known = this.#graphs.find(
      ({sources}) => sources.length === revisions.length && sources.every((one, i) => one === revisions[i]),
    )
    if (known !== undefined) return known
    const graph = buildRevisionGraph(revisions)
    this.#graphs.push(graph)
    return graph
  }
}
