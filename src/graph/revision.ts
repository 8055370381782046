export type RevisionId = string

/** One revision as its file states it. Nothing here is derived: `RevisionGraph` knows what is. */
export interface Revision {
  readonly id: RevisionId
  /** The revisions that this one comes after: none for a base, two or more for a merge point. */
  readonly downRevisions: readonly RevisionId[]
  /** Revision ids or branch labels that must be applied first without being on the same line. */
  readonly dependsOn: readonly string[]
  readonly branchLabels: readonly string[]
  readonly message?: string
  /** Where it is written, for messages. */
  readonly file?: string
}
