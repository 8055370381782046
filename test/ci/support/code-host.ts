import {createServer} from 'node:http'
import type {IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'

/** A request that changed something. */
interface Write {
  readonly method: string
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

/** An answer instead of the usual one, for as many requests as match. */
interface Fault {
  readonly matches: string
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
  times: number
}

interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

type Body = Readonly<Record<string, unknown>>

/** A local server that answers like the API of a code host, and records what is written. */
abstract class CodeHost {
  readonly writes: Write[] = []
  readonly faults: Fault[] = []
  readonly tokens = new Set<string | undefined>()
  url = ''
  readonly #server = createServer((message, answer) => {
    void this.#answerTo(message).then(({status = 200, headers = {}, body}) => {
      answer.writeHead(status, {'content-type': 'application/json', ...headers})
      answer.end(JSON.stringify(body))
    })
  })

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await new Promise((done) => this.#server.once('listening', done))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  fail(matches: string, status: number, more: Partial<Fault> = {}): this {
    this.faults.push({matches, status, times: 1, ...more})
    return this
  }

  protected abstract read(path: URL, body: Body): Answer
  protected abstract write(method: string, path: URL, body: Body): Answer
  protected abstract tokenOf(message: IncomingMessage): string | undefined

  async #answerTo(message: IncomingMessage): Promise<Answer> {
    let text = ''
    for await (const chunk of message) text += String(chunk)
    const body = (text === '' ? {} : JSON.parse(text)) as Body
    const path = new URL(message.url ?? '/', this.url)
    const method = message.method ?? 'GET'
    this.tokens.add(this.tokenOf(message))
    const fault = this.faults.find(
      ({matches, times}) => times > 0 && `${method} ${path.pathname} ${text}`.includes(matches),
    )
    if (fault !== undefined) {
      fault.times--
      return {status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? {message: 'a fault'}}
    }
    if (method === 'GET' || path.pathname === '/graphql') return this.read(path, body)
    this.writes.push({method, path: path.pathname, body})
    return this.write(method, path, body)
  }
}

interface PullRequest {
  readonly number: number
  head: string
  readonly base: string
  status?: {readonly commit: string; readonly state: string; readonly description: string}
}

/** As api.github.com, for one repository. */
export class GitHub extends CodeHost {
  pulls: PullRequest[] = []
  readonly comments: {
    readonly databaseId: number
    readonly number: number
    body: string
    readonly viewerDidAuthor: boolean
  }[] = []

  protected tokenOf({headers}: IncomingMessage): string | undefined {
    return headers.authorization
  }

  protected read(_: URL, {query, variables}: Body): Answer {
    const {base, number, after} = variables as {base?: string; number?: number; after: string | null}
    if (String(query).includes('pullRequests(')) {
      const open = this.pulls.filter((pull) => pull.base === base)
      const {nodes, pageInfo} = pageOf(open, after)
      const pullRequests = {nodes: nodes.map(pullNode), pageInfo}
      return {body: {data: {repository: {pullRequests}}}}
    }
    const comments = pageOf(
      this.comments.filter((comment) => comment.number === number),
      after,
    )
    return {body: {data: {repository: {pullRequest: {comments}}}}}
  }

  protected write(method: string, {pathname}: URL, body: Body): Answer {
    const [, kind, id] = /^\/repos\/o\/r\/(statuses|issues\/comments|issues)\/([^/]+)/.exec(pathname) ?? []
    if (kind === 'statuses') {
      for (const pull of this.pulls.filter(({head}) => head === id))
        pull.status = {
          commit: id ?? '',
          state: String(body['state']).toUpperCase(),
          description: String(body['description']),
        }
    } else if (method === 'POST')
      this.comments.push({
        databaseId: 100 + this.comments.length,
        number: Number(id),
        body: String(body['body']),
        viewerDidAuthor: true,
      })
    else for (const comment of this.comments) if (comment.databaseId === Number(id)) comment.body = String(body['body'])
    return {status: method === 'POST' ? 201 : 200, body: {id: 1}}
  }
}

function pullNode({number, head, status}: PullRequest): object {
  const context = status && {state: status.state, description: status.description}
  const commit = {oid: status?.commit ?? head, status: context === undefined ? null : {context}}
  return {number, headRefOid: head, commits: {nodes: [{commit}]}}
}

function pageOf<Node>(all: readonly Node[], after: string | null): {readonly nodes: Node[]; readonly pageInfo: object} {
  const start = after === null ? 0 : Number(after)
  const end = start + 100
  return {nodes: all.slice(start, end), pageInfo: {hasNextPage: end < all.length, endCursor: String(end)}}
}

interface MergeRequest {
  readonly iid: number
  readonly sha: string
  readonly target_branch: string
  readonly head_pipeline?: {readonly id: number; readonly sha: string} | null
}

/** As the API of GitLab, for the project 7. */
export class GitLab extends CodeHost {
  requests: MergeRequest[] = []

  protected tokenOf({headers}: IncomingMessage): string | undefined {
    return String(headers['private-token'])
  }

  protected read({pathname, searchParams}: URL): Answer {
    const path = pathname.replace('/api/v4/projects/7/', '')
    const [, commit] = /^repository\/commits\/(\w+)\/statuses$/.exec(path) ?? []
    if (commit !== undefined)
      return listOf(
        this.writes
          .filter((write) => write.path.endsWith(commit))
          .map(({body: {state, description}}) => ({
            status: state,
            description,
          }))
          .toReversed(),
        searchParams,
      )
    const [, iid] = /^merge_requests\/(\d+)$/.exec(path) ?? []
    if (iid !== undefined) return {body: this.requests.find((request) => request.iid === Number(iid))}
    if (path !== 'merge_requests' || searchParams.get('state') !== 'opened') return {status: 404, body: {}}
    const target = searchParams.get('target_branch')
    return listOf(
      this.requests.filter((request) => request.target_branch === target),
      searchParams,
    )
  }

  protected write(): Answer {
    return {status: 201, body: {}}
  }
}

/** A page of at most 100, with the header that names the next one. */
function listOf(all: readonly unknown[], searchParams: URLSearchParams): Answer {
  const page = Number(searchParams.get('page') ?? '1')
  const size = Math.min(100, Number(searchParams.get('per_page') ?? '20'))
  const next = page * size < all.length ? String(page + 1) : ''
  return {headers: {'x-next-page': next}, body: all.slice((page - 1) * size, page * size)}
}
