import type {RevisionId} from '../graph/revision.ts'
import type {RevisionGraph} from '../graph/revision-graph.ts'
import type {ScriptRevision} from '../script/revision-file.ts'
import type {EffectsView} from './effects.ts'

/** A revision as printed by commands and in JSON. */
export interface RevisionView {
  readonly revision: RevisionId
  readonly downRevisions: readonly RevisionId[]
  /** Revision ids or branch labels, as in the file. */
  readonly dependsOn: readonly string[]
  /** All labels of the revision, its own and inherited ones. */
  readonly branchLabels: readonly string[]
  readonly message: string
  /** Relative to the working directory; null if the revision is missing from the files. */
  readonly file: string | null
  readonly createDate: string | null
  readonly isHead: boolean
  readonly isBase: boolean
  readonly isBranchPoint: boolean
  readonly isMergePoint: boolean
  /** Set on a revision that is the schema of a database that existed before the history. */
  readonly isBaseline?: true
  /** The revisions and earlier squashes that it replaces, as a squash of them. */
  readonly replaces?: readonly RevisionId[]
  /** The squash that replaces the revision. */
  readonly replacedBy?: RevisionId
  /** The rest of the comment at the top of the file. */
  readonly description?: string
  /** Set on a head that another revision depends on, so that it is not a head of a fully upgraded database. */
  readonly isDependency?: true
  /** The children of the revision, in verbose output. */
  readonly children?: readonly RevisionId[]
  /** The effects of its upgrade, if requested. */
  readonly effects?: EffectsView
  /** Whether the database is at this revision, if requested. */
  readonly isCurrent?: boolean
}

/** Returns a function that creates views of revisions from their files. */
export function viewsOf(graph: RevisionGraph<ScriptRevision>, verbose = false): (id: RevisionId) => RevisionView {
  const heads = new Set(graph.heads)
  const effectiveHeads = new Set(graph.effectiveHeads)
  const branchPoints = new Set(graph.branchPoints)
  return (id) => {
    const {dependsOn: names, message, file, createDate, description, isBaseline, ...revision} = graph.get(id)
    const downRevisions = graph.listedDownRevisions(id)
    const dependsOn = [...new Set(names.map((name) => graph.aliases.get(name) ?? name))]
    const replaces = [...revision.replaces, ...revision.replacedSquashes]
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
      ...(isBaseline && {isBaseline}),
      ...(replaces.length > 0 && {replaces}),
      ...(description !== undefined && {description}),
      ...(verbose && {children: graph.children(id)}),
      ...(heads.has(id) && !effectiveHeads.has(id) && {isDependency: true}),
    }
  }
}

/** Returns the view of a revision that a squash replaces, as its file declares it. */
export function viewOfReplaced(revision: ScriptRevision, replacedBy: RevisionId): RevisionView {
  const {id, downRevisions, message, file, createDate, dependsOn, branchLabels, description} = revision
  return {
    ...viewOutsideGraph({id, downRevisions, dependsOn, branchLabels, message, createDate, description}),
    file,
    replacedBy,
  }
}

/** The known data of a revision that is missing from the files. */
interface KnownFacts {
  readonly id: RevisionId
  readonly downRevisions: readonly RevisionId[]
  readonly dependsOn?: readonly string[]
  readonly branchLabels?: readonly string[]
  readonly message: string
  readonly description?: string | undefined
  readonly createDate?: string | undefined
}

/** Returns a view of a revision outside of the graph, whose children are unknown. */
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
