/** After a push to a branch, sets the status of every open pull request into it. */
import {ensureHistory, fetchAll, fetchPossible} from '../git.js'
import {conclusionOf, evaluateMerges, reportOf} from '../mig.js'
import {context, openPullRequests, rest} from './api.js'
import {updateComment} from './comment.js'
import {failed, warn} from './output.js'

const {GITHUB_REF_NAME: target = '', GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID} = process.env
const onto = `refs/remotes/origin/${target}`
const refOf = ({number}) => `refs/pull/${number}/head`

/** Returns the merge of each pull request by its ref. A merge that cannot be evaluated is missing. */
function evaluate(pulls) {
  const targetSpec = `+refs/heads/${target}:${onto}`
  // The branch may have moved on since the push.
  fetchAll([targetSpec])
  const refspecs = fetchPossible(pulls.map((pull) => `+${refOf(pull)}:${refOf(pull)}`))
  const refs = refspecs.map((refspec) => refspec.split(':')[1])
  if (refs.length === 0) return new Map()
  ensureHistory(onto, refs, [targetSpec, ...refspecs])
  const merges = evaluateMerges('--onto', onto, '--refs', 'refs/pull/*/head')
  return new Map(merges.filter(({ref}) => refs.includes(ref)).map((merge) => [merge.ref, merge]))
}

async function update(pull, merge) {
  const commit = merge?.commit ?? pull.head
  const {state, description} = conclusionOf(merge, target)
  process.stdout.write(`#${pull.number}: ${state}, ${description}\n`)
  const {known} = pull
  if (known?.commit === commit && known.state === state && known.description === description) return
  const run = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`
  await rest('POST', `statuses/${commit}`, {state, context, description, target_url: run})
  if (process.env.MIG_COMMENT !== 'true' || merge === undefined) return
  const report = reportOf('markdown', '--onto', onto, '--head-ref', merge.ref)
  await updateComment(pull.number, merge, report).catch((error) =>
    warn(`#${pull.number}: no comment: ${error.message}`),
  )
}

try {
  const pulls = await openPullRequests(target)
  let merges = new Map()
  try {
    merges = evaluate(pulls)
  } catch (error) {
    // Their statuses become errors: an earlier success may be wrong by now.
    failed(error)
  }
  for (const pull of pulls) {
    const merge = merges.get(refOf(pull))
    if (merge === undefined) failed(new Error(`#${pull.number} could not be evaluated.`))
    await update(pull, merge).catch((error) => failed(new Error(`#${pull.number}: ${error.message}`)))
  }
} catch (error) {
  failed(error)
}
