import type {RevisionId} from '../../graph/revision.ts'
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
  replaces?: string | null
}

/**
 * Returns the applied revision of a row of the version table.
 *
 * @throws SyntaxError if `down_revisions` or `replaces` is not a list of ids
 */
export function appliedOf(row: VersionRow): AppliedRevision {
  return {
    revision: row.revision,
    isHead: Boolean(row.is_head),
    downRevisions: idsIn(row, 'down_revisions', row.down_revisions),
    message: row.message,
    contentId: row.content_id,
    ...(row.operations_id && {operationsId: row.operations_id}),
    ...(row.replaces && {replaces: idsIn(row, 'replaces', row.replaces)}),
  }
}

function idsIn({revision}: VersionRow, column: string, text: string): readonly RevisionId[] {
  const ids: unknown = JSON.parse(text)
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
    throw new SyntaxError(`the row of ${revision} has no list of ${column}`)
  return ids
}
