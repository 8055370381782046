import {createHash} from 'node:crypto'
import {ownComments, rest} from './api.js'

const marker = '<!-- mig/heads'
const longest = 60_000

/**
 * Writes the comment on a pull request, or updates the existing one, if the answer is another one than before. A merge
 * that is right gets no comment, unless an earlier one has to be corrected.
 *
 * @param {string} report Markdown
 */
export async function updateComment(number, merge, report) {
  const first = `${marker} ${answerOf(merge)} -->`
  const comments = await ownComments(number)
  const existing = comments.find(({body}) => body.startsWith(marker))
  if (existing?.body.startsWith(first) || (existing === undefined && merge.status === 'ok')) return
  const body = `${first}\n${report.length > longest ? `${report.slice(0, longest)}\n…` : report}`
  if (existing === undefined) await rest('POST', `issues/${number}/comments`, {body}, {isRepeatable: false})
  else await rest('PATCH', `issues/comments/${existing.databaseId}`, {body})
}

/** Identifies an answer without what changes by itself, such as commits and the age of revisions. */
function answerOf({status, heads, findings}) {
  const answer = [status, heads, findings.map(({code, level, message}) => [code, level, message])]
  return createHash('sha256').update(JSON.stringify(answer)).digest('hex').slice(0, 16)
}
