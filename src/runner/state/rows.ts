import type {AppliedRevision} from './store.ts'

/** A row of the version table. */
export interface VersionRow {
  revision: string
  is_head: boolean | number
  down_revisions: string
  message: string
  content_id: string
  /** Missing from the tables of an older mig, and not always read. */
  operations_id?: string | null
}

/**
 * Returns the applied revision of a row of the version table.
 *
 * @throws SyntaxError if `down_revisions` is not a list of ids
 */
export function appliedOf(row: VersionRow): AppliedRevision {
  const downRevisions: unknown = JSON.parse(row.down_revisions)
  if (!Array.isArray(downRevisions) || !downRevisions.every((id) => typeof id === 'string'))
    throw new SyntaxError(`the row of ${row.revision} has no list of down_revisions`)
  return {
    revision: row.revision,
    isHead: Boolean(row.is_head),
    downRevisions,
    message: row.message,
    contentId: row.content_id,
    ...(row.operations_id && {operationsId: row.operations_id}),
  }
}
