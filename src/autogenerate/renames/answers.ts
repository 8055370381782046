import {MigError} from '../../errors.ts'
import {didYouMean} from '../../util/text.ts'

/** What is to become of things that are gone, while others have come: they were renamed, or they are dropped. */
export interface Answers {
  /** `students.mail:email` for a column, `pupils:students` for a table. */
  readonly renames: readonly string[]
  /** `students.mail` or `pupils`: really dropped. */
  readonly drops: readonly string[]
}

/** One answer, taken apart. */
export interface Rename {
  readonly text: string
  /** The table, and the column of it where one is renamed. */
  readonly table: string
  readonly column: string | undefined
  readonly to: string
}

/** An answer to no question. */
export class UnknownAnswerError extends MigError {
  constructor(answer: string, why: string, known: readonly string[] = []) {
    super('UNKNOWN_ANSWER', `${answer} answers no question: ${why}.`, {
      hint: didYouMean(answer, known, 'Without it, the open questions are listed.'),
      data: {answer},
    })
  }
}

/**
 * Takes an answer apart. What has a dot is a table with its schema where there is such a table, and otherwise a column.
 *
 * @throws MigError UNKNOWN_ANSWER
 */
export function parseRename(text: string, hasTable: (name: string) => boolean): Rename {
  const [from = '', to = '', ...rest] = text.split(':')
  if (from === '' || to === '' || rest.length > 0)
    throw new UnknownAnswerError(text, 'it is not like students.mail:email, or like pupils:students')
  const place = parsePlace(from, hasTable)
  // The new name may be said as fully as the old one.
  const plain = place.column === undefined ? to : to.slice(to.lastIndexOf('.') + 1)
  return {text, ...place, to: plain}
}

/** Takes the name of a table or a column apart. */
export function parsePlace(text: string, hasTable: (name: string) => boolean): Pick<Rename, 'table' | 'column'> {
  const dot = text.lastIndexOf('.')
  if (dot === -1 || hasTable(text)) return {table: text, column: undefined}
  return {table: text.slice(0, dot), column: text.slice(dot + 1)}
}
