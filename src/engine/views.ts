import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import type {EffectsView} from './effects.ts'

/** A revision as commands print it and as JSON shows it. */
export interface RevisionView {
  readonly revision: RevisionId
  readonly downRevisions: readonly RevisionId[]
  /** As the file says: revision ids or branch labels. */
  readonly dependsOn: readonly string[]
  /** All labels that the revision carries: its own and those that spread to it. */
  readonly branchLabels: readonly string[]
  readonly message: string
  /** Relative to the working directory; null when no file has the revision. */
  readonly file: string | null
  readonly createDate: string | null
  readonly isHead: boolean
  readonly isBase: boolean
  readonly isBranchPoint: boolean
  readonly isMergePoint: boolean
  /** The rest of the comment on top of the file. */
  readonly description?: string
  /** Set on a head that another revision depends on: it will be no head of a database that has everything. */
  readonly isDependency?: true
  /** The revisions that come after it, where more was asked for. */
  readonly children?: readonly RevisionId[]
  /** Set where it was asked for: what its upgrade reads and writes. */
  readonly effects?: EffectsView
  /** Set where it was asked for, on revisions that the database stands on. */
  readonly isCurrent?: boolean
}

/** Returns what makes views of revisions, from what the files alone say. */
export function viewsOf(graph: RevisionGraph<ScriptRevision>, verbose = false): (id: RevisionId) => RevisionView {
  const heads = new Set(graph.heads)
  const effectiveHeads = new Set(graph.effectiveHeads)
  const branchPoints = new Set(graph.branchPoints)
  return (id) => {
    const {downRevisions, dependsOn, message, file, createDate, description} = graph.get(id)
    return {
      revision: id,
      downRevisions,
      dependsOn,
      branchLabels: [...graph.branchLabelsOf(id)],
      message,
      file,
      createDate: createDate ?? null,
      isHead: heads.has(id),
      isBase: downRevisions.length === 0,
      isBranchPoint: branchPoints.has(id),
      isMergePoint: downRevisions.length > 1,
      ...(description !== undefined && {description}),
      ...(verbose && {children: graph.children(id)}),
      ...(heads.has(id) && !effectiveHeads.has(id) && {isDependency: true}),
    }
  }
}

/** What is known of a revision that no file of this checkout has. */
interface KnownFacts {
  readonly id: RevisionId
  readonly downRevisions: readonly RevisionId[]
  readonly dependsOn?: readonly string[]
  readonly branchLabels?: readonly string[]
  readonly message: string
  readonly description?: string | undefined
  readonly createDate?: string | undefined
}

/** Returns a view of a revision that is in no graph, so that nothing is known of what comes after it. */
export function viewOutsideGraph(facts: KnownFacts): RevisionView {
  const {id, downRevisions, dependsOn = [], branchLabels = [], message, description, createDate = null} = facts
  return {
    revision: id,
    downRevisions,
    dependsOn,
    branchLabels,
    message,
    file: null,
    createDate,
    isHead: false,
    isBase: downRevisions.length === 0,
    isBranchPoint: false,
    isMergePoint: downRevisions.length > 1,
    ...(description !== undefined && {description}),
  }
}
