import {MigError} from '../../errors.ts'
import {didYouMean} from '../../util/text.ts'

/** The answers for objects that were removed while similar ones were added: renamed or dropped. */
export interface Answers {
  /** `students.mail:email` for a column, `pupils:students` for a table. */
  readonly renames: readonly string[]
  /** Objects to drop, not rename: `students.mail` or `pupils`. */
  readonly drops: readonly string[]
}

/** A parsed rename. */
export interface Rename {
  readonly text: string
  /** The table, and the column if a column is renamed. */
  readonly table: string
  readonly column: string | undefined
  readonly to: string
}

/** An answer that matches no open question. */
export class UnknownAnswerError extends MigError {
  constructor(answer: string, why: string, known: readonly string[] = []) {
    super('UNKNOWN_ANSWER', `${answer} matches no open question: ${why}.`, {
      hint: didYouMean(answer, known, 'Remove it to list the open questions.'),
      data: {answer},
    })
  }
}

/**
 * Parses a rename. A dotted name is a qualified table if such a table exists, and otherwise a column.
 *
 * @throws MigError UNKNOWN_ANSWER
 */
export function parseRename(text: string, hasTable: (name: string) => boolean): Rename {
  const [from = '', to = '', ...rest] = text.split(':')
  if (from === '' || to === '' || rest.length > 0)
    throw new UnknownAnswerError(text, 'use students.mail:email for a column or pupils:students for a table')
  const place = parsePlace(from, hasTable)
  // The new name may be qualified like the old one.
  const plain = place.column === undefined ? to : to.slice(to.lastIndexOf('.') + 1)
  return {text, ...place, to: plain}
}

/** Parses the name of a table or a column. */
export function parsePlace(text: string, hasTable: (name: string) => boolean): Pick<Rename, 'table' | 'column'> {
  const dot = text.lastIndexOf('.')
  if (dot === -1 || hasTable(text)) return {table: text, column: undefined}
  return {table: text.slice(0, dot), column: text.slice(dot + 1)}
}
