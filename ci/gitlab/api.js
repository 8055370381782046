import {request} from '../http.js'

const {CI_API_V4_URL, CI_PROJECT_ID, MIG_TOKEN} = process.env
const headers = {'private-token': MIG_TOKEN ?? ''}

/** The name of the status, which is that of the job in merge request pipelines. */
const statusName = 'mig/heads'

async function send(method, path, body) {
  if (!MIG_TOKEN) throw new Error('MIG_TOKEN is not set: create a project access token with the scope api.')
  return request(`${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/${path}`, {method, headers, body})
}

async function allPages(path) {
  const found = []
  for (let page = '1'; page !== '';) {
    const {data, headers: answered} = await send('GET', `${path}&per_page=100&page=${page}`)
    if (!Array.isArray(data)) throw new Error(`GET ${path.split('?')[0]}: the answer is not a list`)
    found.push(...data)
    const next = answered.get('x-next-page') ?? ''
    if (next === page) throw new Error(`GET ${path.split('?')[0]}: the next page is the same page`)
    page = next
  }
  return found
}

/** Returns all open merge requests into a branch. */
export async function openMergeRequests(target) {
  return allPages(`merge_requests?state=opened&scope=all&target_branch=${encodeURIComponent(target)}`)
}

/** Returns the latest pipeline of a merge request, if any: its commit may be a merge of both branches. */
export async function latestPipeline(iid) {
  const {data} = await send('GET', `merge_requests/${iid}`)
  return data.head_pipeline ?? undefined
}

/** Returns the status that a commit has. */
export async function statusOf(commit) {
  const statuses = await allPages(`repository/commits/${commit}/statuses?name=${encodeURIComponent(statusName)}`)
  return statuses[0]
}

export async function setStatus(commit, body) {
  await send('POST', `statuses/${commit}`, {name: statusName, ...body})
}
