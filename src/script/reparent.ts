import {placeOfComment, placeOfDownRevision} from './header.ts'
import {placeOfRevises} from './sql-file.ts'

/** The line in the comment at the top of a revision that repeats its parents. */
const commentLine = /^(?<start>[ \t]*\*?[ \t]*Revises:[ \t]*)(?<parents>.*?)[ \t\r]*$/gm

/**
 * Returns the text of a revision file with other parents. Apart from their literal, and the line of the comment that repeats
 * them, every character stays.
 *
 * @param file for messages, and to know the language
 * @throws MigError INVALID_REVISION_FILE
 */
export function withDownRevisions(text: string, file: string, downRevisions: readonly string[]): string {
  if (file.toLowerCase().endsWith('.sql'))
    return replaced(text, placeOfRevises(text), downRevisions.join(', ') || 'base')
  const place = placeOfDownRevision(text, file)
  const literal = literalOf(text.slice(place.start, place.end), downRevisions)
  return withCommentLine(replaced(text, place, literal), downRevisions)
}

/** Returns parents as they are written, in the quotes and the form of the former literal. */
function literalOf(former: string, downRevisions: readonly string[]): string {
  const [mark = "'"] = /['"`]/.exec(former) ?? []
  const all = downRevisions.map((id) => mark + id + mark)
  const [only] = all
  if (former.startsWith('[') || all.length > 1) return `[${all.join(', ')}]`
  return only ?? 'null'
}

function withCommentLine(text: string, downRevisions: readonly string[]): string {
  const comment = placeOfComment(text)
  // The facts are the last lines of the comment.
  const {index, groups} = [...text.slice(comment.start, comment.end).matchAll(commentLine)].at(-1) ?? {}
  if (index === undefined || groups === undefined) return text
  const {start: key = '', parents = ''} = groups
  const start = comment.start + index + key.length
  return replaced(text, {start, end: start + parents.length}, downRevisions.join(', ') || 'base')
}

function replaced(text: string, {start, end}: {readonly start: number; readonly end: number}, by: string): string {
  return text.slice(0, start) + by + text.slice(end)
}
