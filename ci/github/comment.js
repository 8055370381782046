import {createHash} from 'node:crypto'
import {ownComments, rest} from './api.js'

const marker = '<!-- mig/heads'
const longest = 60_000

/**
 * Writes the comment on a pull request, or updates the existing one, if the answer is another one than before. A merge
 * without errors and warnings gets no comment, unless an earlier one has to be corrected.
 *
 * @param {() => string} report returns Markdown
 */
export async function updateComment(number, merge, report) {
  const first = `${marker} ${answerOf(merge)} -->`
  const comments = await ownComments(number)
  const existing = comments.find(({body}) => body.startsWith(marker))
  if (existing?.body.startsWith(first) || (existing === undefined && isClean(merge))) return
  const text = report()
  const body = `${first}\n${text.length > longest ? `${text.slice(0, longest)}\n…` : text}`
  if (existing === undefined) await rest('POST', `issues/${number}/comments`, {body}, {isRepeatable: false})
  else await rest('PATCH', `issues/comments/${existing.databaseId}`, {body})
}

function isClean({status, findings}) {
  return status === 'ok' && findings.every(({level}) => level === 'note')
}

/** Identifies an answer without what changes by itself, such as commits and the age of revisions. */
function answerOf({status, heads, findings}) {
  const answer = [status, heads, findings.map(({code, level, message}) => [code, level, message])]
  return createHash('sha256').update(JSON.stringify(answer)).digest('hex').slice(0, 16)
}
