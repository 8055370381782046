/** After a push to the default branch, sets the status of every open merge request into it. */
import {ensureHistory, fetchPossible} from '../git.js'
import {conclusionOf, evaluateMerges} from '../mig.js'
import {latestPipeline, openMergeRequests, setStatus, statusOf} from './api.js'

const {MIG_TARGET: target = '', CI_JOB_URL: url} = process.env
const onto = `refs/remotes/origin/${target}`
const refOf = ({iid}) => `refs/merge-requests/${iid}/head`

function failed(message) {
  process.exitCode = 1
  process.stdout.write(`error: ${message}\n`)
}

/** Returns the merge of each merge request by its ref. A merge that cannot be evaluated is missing. */
function evaluate(requests) {
  const refspecs = fetchPossible(requests.map((request) => `+${refOf(request)}:${refOf(request)}`))
  const refs = refspecs.map((refspec) => refspec.split(':')[1])
  if (refs.length === 0) return new Map()
  ensureHistory(onto, refs, [`+refs/heads/${target}:${onto}`, ...refspecs])
  const merges = evaluateMerges('--onto', onto, '--refs', 'refs/merge-requests/*/head')
  return new Map(merges.filter(({ref}) => refs.includes(ref)).map((merge) => [merge.ref, merge]))
}

async function update(request, merge) {
  const {state, description} = conclusionOf(merge, target)
  process.stdout.write(`!${request.iid}: ${state}, ${description}\n`)
  const pipeline = await latestPipeline(request.iid)
  const commit = pipeline?.sha ?? merge?.commit ?? request.sha
  const name = state === 'success' ? 'success' : 'failed'
  const known = await statusOf(commit)
  if (known?.status === name && known.description === description) return
  await setStatus(commit, {state: name, description, target_url: url, ...(pipeline && {pipeline_id: pipeline.id})})
}

try {
  const requests = await openMergeRequests(target)
  let merges = new Map()
  try {
    merges = evaluate(requests)
  } catch (error) {
    // Their statuses become errors: an earlier success may be wrong by now.
    failed(error.message)
  }
  for (const request of requests) {
    const merge = merges.get(refOf(request))
    if (merge === undefined) failed(`!${request.iid} could not be evaluated.`)
    await update(request, merge).catch((error) => failed(`!${request.iid}: ${error.message}`))
  }
} catch (error) {
  failed(error.message)
}
