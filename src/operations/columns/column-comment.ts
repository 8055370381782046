import type {SqlContext} from '../definition.ts'

/** Returns the statement that sets the comment of a column, where it requires a separate statement. */
export function columnCommentSql(
  table: string,
  column: string,
  comment: string | null | undefined,
  {capabilities, quote, list, literal}: SqlContext,
): readonly string[] {
  if (comment === undefined || capabilities.comments !== 'statement') return []
  return [`comment on column ${quote(table)}.${list([column])} is ${comment === null ? 'null' : literal(comment)}`]
}
