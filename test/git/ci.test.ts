import {chmodSync, readFileSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join, resolve} from 'node:path'
import {expect} from 'chai'
import {run} from '../support/cli.ts'
import type {CliResult} from '../support/cli.ts'
import {GitFolder, gitEnvironment} from '../support/git.ts'

const page = readFileSync('docs/ci.md', 'utf8')

/** Returns the commands that a workflow on the page runs, in order. */
function commandsOf(name: string): string[] {
  const [, text = ''] = new RegExp(`^\`\`\`yaml ci=${name}\n(.*?)^\`\`\``, 'ms').exec(page) ?? []
  const lines = text.split('\n')
  return lines.flatMap((line, i) => {
    const {indent = '', command} = /^(?<indent> *)(?:- )?(?:run: |entry: |- )(?<command>.+)$/.exec(line)?.groups ?? {}
    const isScript = /^ {4}- /.test(line) && name === 'gitlab'
    if (command === undefined || (!isScript && !/\b(?:run|entry): /.test(line)) || command.startsWith('if: ')) return []
    if (command !== '|') return [command]
    const end = lines.findIndex((other, at) => at > i && other.trim() !== '' && !other.startsWith(`${indent}    `))
    return [lines.slice(i + 1, end === -1 ? undefined : end).join('\n')]
  })
}

/** A project on a server, with `main` and two requests: the first goes on from where `main` is, the second does not. */
function server(): GitFolder {
  const repo = GitFolder.init().write({'mig.config.js': 'export default {}\n'}).revisions('aaaa bbbb:aaaa')
  repo.commit('first')
  repo.git('switch', '-q', '-c', 'second')
  repo.revisions('dddd:bbbb').commit('diverges')
  repo.git('switch', '-q', 'main')
  repo.revisions('cccc:bbbb').commit('lands on main')
  repo.git('switch', '-q', '-c', 'first')
  repo.revisions('eeee:cccc').commit('fits')
  repo.git('switch', '-q', 'main')
  for (const [number, branch] of [
    [1, 'first'],
    [20, 'second'],
  ] as const)
    for (const kind of ['pull', 'merge-requests']) repo.git('update-ref', `refs/${kind}/${number}/head`, branch)
  return repo
}

/** A clone in which a job runs. What it calls besides git and mig is there, too. */
function runner(ref: string): GitFolder {
  const clone = GitFolder.clone(server())
  clone.git('switch', '-q', '--detach', `origin/${ref}`)
  const programs = {
    mig: `exec "${process.execPath}" "${resolve('bin/mig.js')}" "$@"`,
    npx: 'exec "$@"',
    npm: 'exit 0',
    gh: 'if [ "$1" = pr ]; then echo 1; echo 20; else echo "$@" >> gh.txt; fi',
  }
  for (const [name, script] of Object.entries(programs)) {
    clone.write({[`.git/programs/${name}`]: `#!/bin/sh\n${script}\n`})
    chmodSync(join(clone.path, '.git/programs', name), 0o755)
  }
  return clone
}

async function runJob(
  clone: GitFolder,
  commands: readonly string[],
  env: Record<string, string>,
): Promise<CliResult[]> {
  const results: CliResult[] = []
  for (const command of commands)
    results.push(
      await run('bash', ['-e', '-o', 'pipefail', '-c', command], {
        cwd: clone.path,
        env: {...gitEnvironment, PATH: `${clone.path}/.git/programs:${process.env['PATH']}`, ...env},
      }),
    )
  return results
}

describe('the workflows of docs/ci.md', () => {
  it('checks a pull request on GitHub', async () => {
    const commands = commandsOf('github-pull-request')
    expect(commands).to.have.length(3)
    const env = {ONTO: 'origin/main', GITHUB_STEP_SUMMARY: 'summary.md'}
    const [, good] = await runJob(runner('first'), commands, env)
    expect(good).to.deep.equal({stdout: '', stderr: '', status: 0})
    const clone = runner('second')
    const [, bad] = await runJob(clone, commands, env)
    expect(bad?.stdout).to.contain('::error file=migrations/versions/dddd_add_dddd.ts,line=1,title=DIVERGENT_HEADS::')
    expect(bad?.status).to.equal(1)
    expect(clone.folder.read('clone/summary.md')).to.contain('```mermaid')
  })

  it('checks the merge queue on GitHub, whose HEAD is merged already', async () => {
    const clone = runner('second')
    clone.git('merge', '-q', '-m', 'queue', 'origin/main')
    const [, queued] = await runJob(clone, commandsOf('github-pull-request').slice(0, 2), {
      ONTO: clone.id('origin/main'),
    })
    expect(queued?.status).to.equal(1)
    expect(queued?.stdout).to.contain('DIVERGENT_HEADS')
  })

  it('checks all open pull requests when something lands on main', async () => {
    const clone = runner('main')
    const results = await runJob(clone, commandsOf('github-push'), {GITHUB_REPOSITORY: 'o/r'})
    expect(results.map(({status}) => status)).to.deep.equal([0, 0])
    expect(results[1]?.stdout).to.contain('refs/pull/1/head   ok').and.to.contain('refs/pull/20/head  diverged')
    const [first, second] = [clone.id('refs/pull/1/head'), clone.id('refs/pull/20/head')]
    const set = clone.folder.read('clone/gh.txt')
    expect(set).to.contain(`repos/o/r/statuses/${first} -f state=success -f context=mig/heads`)
    expect(set).to.contain(`repos/o/r/statuses/${second} -f state=failure -f context=mig/heads`)
  })

  it('checks merge requests on GitLab, one and all', async () => {
    const commands = commandsOf('gitlab')
    expect(commands).to.have.length(7)
    const one = await runJob(runner('second'), commands.slice(0, 3), {CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main'})
    expect(one.map(({status}) => status)).to.deep.equal([0, 0, 1])
    const api = createServer((_, answer) => answer.end('[{"iid": 1}, {"iid": 20}]')).listen(0, '127.0.0.1')
    await new Promise((done) => api.once('listening', done))
    const {port} = api.address() as AddressInfo
    const all = await runJob(runner('main'), commands.slice(3), {
      CI_API_V4_URL: `http://127.0.0.1:${port}`,
      CI_PROJECT_ID: '1',
    })
    api.close()
    expect(all.map(({status}) => status)).to.deep.equal([0, 0, 0, 1])
    expect(all[3]?.stdout).to.contain('refs/merge-requests/20/head  diverged')
  })

  it('runs in pre-commit', async () => {
    const clone = runner('main')
    clone.write({'migrations/versions/x.ts': 'export const downRevision = null'}).git('add', '-A')
    expect(page).to.contain('entry: npx mig hooks run pre-commit\n        language: system\n        always_run: true')
    const [result] = await runJob(clone, commandsOf('pre-commit'), {})
    expect(result?.status).to.equal(1)
    expect(result?.stdout).to.contain('migrations/versions/x.ts:1:')
  })
})
