import {resolve} from 'node:path'
import {expect} from 'chai'
import type {CliResult} from '../support/cli.ts'
import {GitFolder} from '../support/git.ts'
import {GitLab} from './support/code-host.ts'
import {commandsBelow, makeServer, pushTo, runCommand} from './support/repository.ts'

const prepare = commandsBelow('ci/gitlab/mig.yml', 'before_script')
const [check = '', checkAll = ''] = commandsBelow('ci/gitlab/mig.yml', 'script')

describe('the include for GitLab', () => {
  let host: GitLab
  let server: GitFolder
  beforeEach(async () => {
    host = await new GitLab().start()
    server = makeServer()
  })
  afterEach(() => host.stop())

  /** Runs a job in a clone, in which `npm ci` has the scripts of the installed mig. */
  async function runJob(
    command: string,
    env: Readonly<Record<string, string>>,
    clone = GitFolder.clone(server),
  ): Promise<CliResult & {readonly clone: GitFolder}> {
    clone.git(
      'fetch',
      '-q',
      'origin',
      '+refs/merge-requests/*:refs/merge-requests/*',
      '+refs/heads/*:refs/remotes/origin/*',
    )
    const install = `mkdir -p node_modules && ln -sfn ${resolve('.')} node_modules/migdag && echo node_modules > .git/info/exclude`
    const all = [...prepare, command].join('\n')
    const result = await runCommand(clone, all, {
      MIG_DIRECTORY: '.',
      MIG_INSTALL: install,
      MIG_TARGET: 'main',
      MIG_TOKEN: 'secret-token',
      CI_API_V4_URL: `${host.url}/api/v4`,
      CI_PROJECT_ID: '7',
      CI_JOB_URL: 'https://gitlab.com/o/r/-/jobs/5',
      ...env,
    })
    return {...result, clone}
  }

  const merge = async (
    iid: number,
    ref = `refs/merge-requests/${iid}/head`,
    clone?: GitFolder,
  ): ReturnType<typeof runJob> => {
    const env = {CI_COMMIT_SHA: server.id(ref), CI_MERGE_REQUEST_REF_PATH: ref}
    return runJob(check, env, clone)
  }
  const push = async (env: Readonly<Record<string, string>> = {}): ReturnType<typeof runJob> => runJob(checkAll, env)
  const states = (): unknown[] => host.writes.map(({body}) => body['state'])

  function open(...numbers: readonly number[]): void {
    host.requests = numbers.map((iid) => ({
      iid,
      target_branch: 'main',
      sha: server.id(`refs/merge-requests/${iid}/head`),
    }))
  }

  it('checks a merge request that fits', async () => {
    const {stdout, status, clone} = await merge(1)
    expect([stdout.trim().split('\n').at(-1), status]).to.match(
      /^heads: [0-9a-f]{40} merged into origin\/main: ok, 1 head,0$/,
    )
    expect(JSON.parse(clone.folder.read('clone/gl-code-quality-report.json'))).to.deep.equal([])
  })

  it('checks a merge request that diverges, without running its code', async () => {
    const {stdout, status, clone} = await merge(20)
    expect([stdout.includes('diverged, 2 heads'), status]).to.deep.equal([true, 1])
    expect(clone.folder.read('clone/gl-code-quality-report.json')).to.contain('"check_name": "DIVERGENT_HEADS"')
    expect(clone.tryGit('status', '--porcelain').output).to.equal('?? gl-code-quality-report.json\n')
  })

  it('checks the result of a merge, as in merged results pipelines and merge trains', async () => {
    const ref = 'refs/merge-requests/20/merge'
    pushTo(server, 'main', (repo) => repo.git('merge', '-q', '-m', 'train', 'origin/second'), ref)
    expect((await merge(20, ref)).status).to.equal(1)
  })

  it('checks a shallow clone', async () => {
    const clone = GitFolder.clone(server, '--depth', '1')
    expect((await merge(1, undefined, clone)).status).to.equal(0)
  })

  it('sets the statuses of all open merge requests into the default branch, and again only those that change', async () => {
    for (let i = 100; i < 205; i++) server.git('update-ref', `refs/merge-requests/${i}/head`, 'first')
    open(20, ...Array.from({length: 105}, (_, i) => 100 + i))
    host.requests.push({iid: 3, target_branch: 'release', sha: server.id('first')})
    const {stdout, status} = await push()
    expect([stdout.split('\n')[0], status]).to.deep.equal(['!20: failure, merged into main: diverged', 0])
    // 105 of them are one commit.
    expect(states()).to.deep.equal(['failed', 'success'])
    expect(host.writes[0]).to.deep.equal({
      method: 'POST',
      path: `/api/v4/projects/7/statuses/${server.id('second')}`,
      body: {
        name: 'mig/heads',
        state: 'failed',
        description: 'merged into main: diverged',
        target_url: 'https://gitlab.com/o/r/-/jobs/5',
      },
    })
    await push()
    expect(states()).to.deep.equal(['failed', 'success'])
  })

  it('sets the status in the pipeline of a merge request', async () => {
    open(20)
    const pipeline = {id: 40, sha: server.id('first')}
    host.requests = host.requests.map((request) => ({...request, head_pipeline: pipeline}))
    await push()
    expect(
      host.writes.map(({path, body}) => [path.split('/').at(-1), body['state'], body['pipeline_id']]),
    ).to.deep.equal([[pipeline.sha, 'failed', 40]])
  })

  it('sets failures where merges cannot be evaluated', async () => {
    open(1, 20)
    host.requests.push({iid: 21, target_branch: 'main', sha: 'a'.repeat(40)})
    const missing = await push()
    expect(missing.stdout).to.contain('error: !21 could not be evaluated.')
    expect([states(), missing.status]).to.deep.equal([['success', 'failed', 'failed'], 1])
    host.writes.length = 0
    const broken = await push({MIG_COMMAND: 'false'})
    expect([states(), broken.status]).to.deep.equal([['failed', 'failed', 'failed'], 1])
  })

  const faults: Readonly<Record<string, (api: GitLab) => unknown>> = {
    'the list of merge requests keeps failing': (api) =>
      api.fail('merge_requests', 500, {times: 99, headers: {'retry-after': '0'}}),
    'the list of merge requests is not one': (api) => api.fail('merge_requests', 200, {body: {}}),
    'the token has expired': (api) => api.fail('merge_requests', 401, {times: 99}),
    'the token may not set statuses': (api) => api.fail('POST', 403, {times: 99}),
    'a rate limit lasts too long': (api) => api.fail('merge_requests', 429, {headers: {'retry-after': '3000'}}),
  }
  for (const [name, fault] of Object.entries(faults))
    it(`fails where ${name}`, async () => {
      open(1)
      fault(host)
      const {stdout, status} = await push()
      expect(stdout).to.match(/^error: .*(?:GET|POST) /m)
      expect(stdout).not.to.contain('secret-token')
      expect([states(), status]).to.deep.equal([[], 1])
    })

  it('fails without a token', async () => {
    const {stdout, status} = await push({MIG_TOKEN: ''})
    expect([stdout, status]).to.deep.equal([
      'error: MIG_TOKEN is not set: create a project access token with the scope api.\n',
      1,
    ])
  })
})
