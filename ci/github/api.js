import {request} from '../http.js'

const {
  GITHUB_API_URL = 'https://api.github.com',
  GITHUB_GRAPHQL_URL,
  GITHUB_REPOSITORY = '',
  MIG_TOKEN = '',
} = process.env
const [owner, name] = GITHUB_REPOSITORY.split('/')
const headers = {
  authorization: `Bearer ${MIG_TOKEN}`,
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
  'user-agent': 'mig',
}

/** The name of the required status. The job that checks a pull request must have the same name. */
export const context = 'mig/heads'

/** Sends a REST request about the repository. */
export async function rest(method, path, body, options) {
  const url = `${GITHUB_API_URL}/repos/${GITHUB_REPOSITORY}/${path}`
  return (await request(url, {method, headers, body, ...options})).data
}

async function graphql(query, variables) {
  const url = GITHUB_GRAPHQL_URL || `${GITHUB_API_URL}/graphql`
  const {data} = await request(url, {method: 'POST', headers, body: {query, variables: {owner, name, ...variables}}})
  // Errors have the status 200, next to the data that could be read.
  if (data?.errors?.length > 0) throw new Error(`GraphQL: ${data.errors[0].message}`)
  return data.data
}

/** Returns the nodes of all pages of a connection. */
async function allNodes(query, variables, connectionOf) {
  const nodes = []
  for (let after = null; ;) {
    const connection = connectionOf(await graphql(query, {...variables, after}))
    nodes.push(...connection.nodes)
    const {hasNextPage, endCursor} = connection.pageInfo
    if (!hasNextPage) return nodes
    if (endCursor === after) throw new Error('GraphQL: the next page is the same page')
    after = endCursor
  }
}

/** Returns all open pull requests into a branch, with the status that they have. */
export async function openPullRequests(base) {
  const query = `query ($owner: String!, $name: String!, $base: String!, $context: String!, $after: String) {
    repository(owner: $owner, name: $name) {
      pullRequests(states: OPEN, baseRefName: $base, first: 100, after: $after) {
        nodes {
          number
          headRefOid
          commits(last: 1) { nodes { commit { oid status { context(name: $context) { state description } } } } }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`
  const nodes = await allNodes(query, {base, context}, ({repository}) => repository.pullRequests)
  return nodes.map(({number, headRefOid, commits}) => {
    const commit = commits.nodes[0]?.commit
    const known = commit?.status?.context
    return {
      number,
      head: headRefOid,
      known: known && {commit: commit.oid, state: known.state.toLowerCase(), description: known.description},
    }
  })
}

/** Returns the comments on a pull request that the same user has written. */
export async function ownComments(number) {
  const query = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
    repository(owner: $owner, name: $name) {
      pullRequest(number: $number) {
        comments(first: 100, after: $after) {
          nodes { databaseId body viewerDidAuthor }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }`
  const nodes = await allNodes(query, {number}, ({repository}) => repository.pullRequest.comments)
  return nodes.filter(({viewerDidAuthor}) => viewerDidAuthor)
}
