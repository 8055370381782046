export type RevisionId = string

/** A revision as declared in its file. Derived facts belong to `RevisionGraph`. */
export interface Revision {
  readonly id: RevisionId
  /** Parents of this revision: none for a base, two or more for a merge point. */
  readonly downRevisions: readonly RevisionId[]
  /** Revision ids or branch labels that must be applied first, without being parents. */
  readonly dependsOn: readonly string[]
  readonly branchLabels: readonly string[]
  readonly message?: string
  /** File of the revision, for messages. */
  readonly file?: string
}
