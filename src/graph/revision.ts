export type RevisionId = string

/** A revision as declared in its file. Derived facts belong to `RevisionGraph`. */
export interface Revision {
  readonly id: RevisionId
  /** Parents of this revision: none for a base, two or more for a merge point. */
  readonly downRevisions: readonly RevisionId[]
  /** Revision ids or branch labels that must be applied first, without being parents. */
  readonly dependsOn: readonly string[]
  readonly branchLabels: readonly string[]
  /** The revisions that it replaces, as a squash of them; no squashes. */
  readonly replaces?: readonly RevisionId[]
  /** Earlier squashes of revisions that it replaces, whose ids refer to it. */
  readonly replacedSquashes?: readonly RevisionId[]
  readonly message?: string
  /** Whether it is the schema of a database that existed before the history. */
  readonly isBaseline?: boolean
  /** File of the revision, for messages. */
  readonly file?: string
}
