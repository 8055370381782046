import {readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {expect} from 'chai'
import type {CliResult} from '../support/cli.ts'
import {GitFolder} from '../support/git.ts'
import {GitHub} from './support/code-host.ts'
import {commandsBelow, makeServer, pushTo, runCommand} from './support/repository.ts'

const [, script = ''] = commandsBelow('ci/github/action.yml', 'run')

interface Job {
  readonly event: 'pull_request' | 'pull_request_target' | 'merge_group' | 'push'
  readonly payload?: object
  readonly clone: GitFolder
  readonly env?: Readonly<Record<string, string>>
}

describe('the action for GitHub', () => {
  let host: GitHub
  let server: GitFolder
  beforeEach(async () => {
    host = await new GitHub().start()
    server = makeServer()
  })
  afterEach(() => host.stop())

  /** Runs the script of the action, in a clone of the branch to merge into. */
  async function runJob({event, payload = {}, clone, env = {}}: Job): Promise<CliResult> {
    clone.write({'.git/event.json': JSON.stringify(payload)})
    return runCommand(clone, script, {
      GITHUB_ACTION_PATH: resolve('ci/github'),
      MIG_SCRIPT: event === 'push' ? 'open-pull-requests.js' : 'check.js',
      MIG_COMMENT: 'true',
      MIG_TOKEN: 'secret-token',
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: '.git/event.json',
      GITHUB_STEP_SUMMARY: '.git/summary.md',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_REF_NAME: 'main',
      GITHUB_API_URL: host.url,
      GITHUB_GRAPHQL_URL: `${host.url}/graphql`,
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_RUN_ID: '5',
      ...env,
    })
  }

  function pullPayload(number: number, {head = server.id(`refs/pull/${number}/head`), fork = 'o/r'} = {}): object {
    const base = {ref: 'main', sha: server.id('main'), repo: {full_name: 'o/r'}}
    return {pull_request: {number, base, head: {sha: head, repo: {full_name: fork}}}}
  }

  const cloneOf = (...args: readonly string[]): GitFolder => GitFolder.clone(server, ...args)
  const check = async (
    number: number,
    {payload = pullPayload(number), ...more}: Partial<Job> = {},
  ): Promise<CliResult> => runJob({event: 'pull_request', payload, clone: cloneOf(), ...more})

  /** Lists the pull requests of the server as open. */
  function open(...numbers: readonly number[]): void {
    host.pulls = numbers.map((number) => ({number, base: 'main', head: server.id(`refs/pull/${number}/head`)}))
  }

  const push = async (more: Partial<Job> = {}): Promise<CliResult> => runJob({event: 'push', clone: cloneOf(), ...more})
  const states = (): unknown[] =>
    host.writes.filter(({path}) => path.includes('/statuses/')).map(({body}) => body['state'])

  describe('checks a pull request', () => {
    it('that fits, without a comment', async () => {
      const {stdout, status} = await check(1)
      expect([stdout, status]).to.deep.equal(['merged into main: ok\n', 0])
      expect(host.writes).to.deep.equal([])
    })

    it('that diverges, by the policy of the base branch and without running its code', async () => {
      const clone = cloneOf()
      const {stdout, status} = await check(20, {clone})
      expect(status).to.equal(1)
      expect(stdout).to.contain('::error file=migrations/versions/dddd_add_dddd.ts,line=1,title=DIVERGENT_HEADS::')
      expect(clone.tryGit('status', '--porcelain').output).to.equal('')
      expect(clone.folder.read('clone/.git/summary.md')).to.contain('```mermaid')
      expect([...host.tokens]).to.deep.equal(['Bearer secret-token'])
    })

    it('with one comment, which is updated only when the answer changes', async () => {
      host.comments.push({databaseId: 1, number: 20, body: '<!-- mig/heads of another -->', viewerDidAuthor: false})
      for (let i = 0; i < 120; i++)
        host.comments.push({databaseId: 2, number: 20, body: 'hello', viewerDidAuthor: true})
      await check(20)
      await check(20)
      expect(host.writes.map(({method, path}) => `${method} ${path}`)).to.deep.equal([
        'POST /repos/o/r/issues/20/comments',
      ])
      expect(host.writes[0]?.body['body']).to.match(/^<!-- mig\/heads [0-9a-f]{16} -->\n### mig check heads/)
      pushTo(server, 'main', (repo) => repo.revisions('ffff:cccc,dddd'))
      pushTo(server, 'second', (repo) => repo.write({'more.txt': 'x'}), 'refs/pull/20/head')
      await check(20)
      expect(host.writes.slice(1).map(({method, path}) => `${method} ${path}`)).to.deep.equal([
        'PATCH /repos/o/r/issues/comments/221',
      ])
    })

    it('of a fork, whose token can only read, without a comment', async () => {
      const {status} = await check(20, {payload: pullPayload(20, {fork: 'someone/r'})})
      expect([status, host.writes]).to.deep.equal([1, []])
    })

    it('with the same result where the comment is refused', async () => {
      host.fail('comments', 403, {times: 9, body: {message: 'Resource not accessible by integration'}})
      const {stdout, status} = await check(20)
      expect(stdout).to.contain('::warning title=mig::No comment: POST /graphql: 403')
      expect(status).to.equal(1)
    })

    it('in shallow and partial clones', async () => {
      for (const args of [
        ['--depth', '1'],
        ['--filter', 'blob:none', '--no-checkout'],
        ['--depth', '2', '--filter', 'blob:none'],
      ]) {
        const clone = cloneOf(...args)
        if (args.includes('--no-checkout')) clone.git('checkout', '-q', 'main')
        const [fits, diverges] = [await check(1, {clone}), await check(20, {clone})]
        expect([fits.stdout, fits.status, diverges.status], args.join(' ')).to.deep.equal([
          'merged into main: ok\n',
          0,
          1,
        ])
        expect(diverges.stdout, args.join(' ')).to.contain('title=DIVERGENT_HEADS')
      }
    })

    it('only where its commit is still there', async () => {
      const gone = '0123456789'.repeat(4)
      const {stdout, status} = await check(1, {payload: pullPayload(1, {head: gone})})
      expect(stdout).to.match(/^::error title=mig::git cat-file: /)
      expect(status).to.equal(1)
    })

    it('only where its ref can be fetched', async () => {
      server.git('update-ref', 'refs/pull/2/head', 'first')
      const payload = pullPayload(2)
      server.git('update-ref', '-d', 'refs/pull/2/head')
      const {stdout, status} = await check(2, {payload})
      expect(stdout).to.match(/^::error title=mig::git fetch: /)
      expect(status).to.equal(1)
    })
  })

  it('checks an entry of the merge queue, which is merged already', async () => {
    const base = server.id('main')
    const ref = 'refs/heads/gh-readonly-queue/main/pr-20'
    const head = pushTo(server, 'main', (repo) => repo.git('merge', '-q', '-m', 'queue', 'origin/second'), ref)
    const payload = {merge_group: {base_ref: 'refs/heads/main', base_sha: base, head_ref: ref, head_sha: head}}
    const {stdout, status} = await runJob({event: 'merge_group', payload, clone: cloneOf('--depth', '1')})
    expect([stdout.trim().split('\n').at(-1), status]).to.deep.equal(['merged into main: diverged', 1])
  })

  describe('after a push', () => {
    it('sets the statuses of all open pull requests, and again only those that change', async () => {
      for (let i = 100; i < 205; i++) server.git('update-ref', `refs/pull/${i}/head`, i % 2 === 0 ? 'first' : 'second')
      open(1, 20, ...Array.from({length: 105}, (_, i) => 100 + i))
      host.pulls.push({number: 3, base: 'release', head: server.id('first')})
      const env = {MIG_COMMENT: 'false'}
      const {stdout, status} = await push({env})
      expect([status, stdout.split('\n').slice(0, 2)]).to.deep.equal([
        0,
        ['#1: success, merged into main: ok', '#20: failure, merged into main: diverged'],
      ])
      expect(states()).to.have.length(107)
      expect(host.writes[1]).to.deep.equal({
        method: 'POST',
        path: `/repos/o/r/statuses/${server.id('second')}`,
        body: {
          state: 'failure',
          context: 'mig/heads',
          description: 'merged into main: diverged',
          target_url: 'https://github.com/o/r/actions/runs/5',
        },
      })
      expect((await push({env})).status).to.equal(0)
      expect(states()).to.have.length(107)
    })

    it('comments on a pull request of a fork that has become wrong', async () => {
      open(20)
      await push()
      expect(
        host.comments.map(({number, body}) => [number, body.includes('DIVERGENT') || body.includes('diverged')]),
      ).to.deep.equal([[20, true]])
    })

    it('does nothing where no pull request is open', async () => {
      const {stdout, status} = await push()
      expect([stdout, status, host.writes]).to.deep.equal(['', 0, []])
    })

    it('sets an error where a ref is missing, and the others as ever', async () => {
      open(1, 20)
      host.pulls.push({number: 21, base: 'main', head: 'a'.repeat(40)})
      const {stdout, status} = await push()
      expect(stdout).to.contain('::error title=mig::#21 could not be evaluated.')
      expect([states(), status]).to.deep.equal([['success', 'failure', 'error'], 1])
    })

    it('sets errors where mig cannot run', async () => {
      open(1, 20)
      const {stdout, status} = await push({env: {MIG_COMMAND: 'false'}})
      expect(stdout).to.contain('::error title=mig::mig printed nothing')
      expect([states(), status]).to.deep.equal([['error', 'error'], 1])
    })

    it('sets errors where the policy cannot be read', async () => {
      open(1)
      pushTo(server, 'main', (repo) => repo.write({'mig.config.js': 'export default {policy: {heads: 1}}'}))
      const {stdout, status} = await push()
      expect(stdout).to.contain('policy.heads must be')
      expect([states(), status]).to.deep.equal([['error'], 1])
    })

    it('checks shallow clones', async () => {
      open(1, 20)
      const {status} = await push({clone: cloneOf('--depth', '1')})
      expect([states(), status]).to.deep.equal([['success', 'failure'], 0])
    })

    it('waits for rate limits and repeats failed requests', async () => {
      open(1, 20)
      host.fail('pullRequests', 502, {headers: {'retry-after': '0'}})
      host.fail('pullRequests', 403, {headers: {'retry-after': '0'}})
      host.fail('statuses', 429, {headers: {'retry-after': '0'}})
      const {status} = await push({env: {MIG_COMMENT: 'false'}})
      expect([states(), status]).to.deep.equal([['success', 'failure'], 0])
    })

    const faults: Readonly<Record<string, (api: GitHub) => unknown>> = {
      'the list of pull requests keeps failing': (api) =>
        api.fail('pullRequests', 500, {times: 99, headers: {'retry-after': '0'}}),
      'a rate limit lasts too long': (api) =>
        api.fail('pullRequests', 403, {
          headers: {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 3000)},
        }),
      'the list of pull requests is incomplete': (api) =>
        api.fail('pullRequests', 200, {body: {data: {repository: null}, errors: [{message: 'Something went wrong'}]}}),
      'the list of pull requests is not one': (api) => api.fail('pullRequests', 200, {body: {data: {}}}),
      'a token may not set statuses': (api) =>
        api.fail('statuses', 403, {times: 99, body: {message: 'Resource not accessible by integration'}}),
    }
    for (const [name, fault] of Object.entries(faults))
      it(`fails where ${name}`, async () => {
        open(1, 20)
        fault(host)
        const {stdout, status} = await push()
        expect(stdout).to.contain('::error title=mig::')
        expect(stdout).not.to.contain('secret-token')
        expect([states(), status]).to.deep.equal([[], 1])
      })
  })
})

describe('ci/github/action.yml', () => {
  const text = readFileSync('ci/github/action.yml', 'utf8')

  it('pins actions to commits', () => {
    const used = [...text.matchAll(/uses: (.*)/g)].map(([, name = '']) => name)
    expect(used).to.have.length(2)
    for (const name of used) expect(name).to.match(/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('puts no expression into a command', () => {
    const commands = commandsBelow('ci/github/action.yml', 'run')
    expect(commands).to.have.length(2)
    for (const command of commands) expect(command).not.to.contain('${{')
  })
})
