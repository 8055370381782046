import {existsSync, readFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {expect} from 'chai'
import {run} from '../support/cli.ts'
import {GitFolder, gitEnvironment} from '../support/git.ts'

const page = readFileSync('docs/ci.md', 'utf8')

/** Returns a workflow on the page. */
function workflow(name: string): string {
  const [, text = ''] = new RegExp(`^\`\`\`yaml ci=${name}\n(.*?)^\`\`\``, 'ms').exec(page) ?? []
  return text
}

describe('the workflows of docs/ci.md', () => {
  it('use the action for GitHub in jobs with the name of the status', () => {
    const [, folder] = /uses: OWNER\/mig\/(.*)@COMMIT/.exec(workflow('github')) ?? []
    expect(existsSync(`${folder}/action.yml`)).to.equal(true)
    const [, context] = /context = '(.*)'/.exec(readFileSync('ci/github/api.js', 'utf8')) ?? []
    expect(workflow('github')).to.contain(`|| '${context}' }}`)
    for (const key of ['merge_group:', 'branches: [main]', 'concurrency:', 'statuses: write'])
      expect(workflow('github')).to.contain(key)
  })

  it('pin the actions that the action for GitHub pins', () => {
    const action = readFileSync('ci/github/action.yml', 'utf8')
    const used = workflow('github-models').match(/uses: .*/g) ?? []
    expect(used).to.have.length(2)
    for (const line of used) expect(action).to.contain(line)
  })

  it('run the code of a pull request only where its token can only read', () => {
    expect(workflow('github')).not.to.contain('pull_request_target')
    expect(workflow('github-models')).to.contain("if: github.event_name == 'pull_request'\n")
    expect(workflow('github-models')).not.to.contain('write')
    for (const file of ['github/action.yml', 'gitlab/mig.yml', 'mig.js'])
      expect(readFileSync(`ci/${file}`, 'utf8')).not.to.match(/\b(?:models|upgrade|scratch)\b/)
  })

  it('name the include for GitLab, whose scripts the package has', () => {
    const [, file = ''] = /COMMIT\/(.*)/.exec(workflow('gitlab')) ?? []
    const scripts = [...readFileSync(file, 'utf8').matchAll(/node node_modules\/migdag\/(\S+)/g)].map(
      ([, path = '']) => path,
    )
    expect(scripts.map((path) => existsSync(path))).to.deep.equal([true, true])
    const {files} = JSON.parse(readFileSync('package.json', 'utf8')) as {files: readonly string[]}
    expect(files).to.include('ci')
  })

  const commits: Readonly<Record<string, (repo: GitFolder) => unknown>> = {
    'adds a file that cannot be read': (repo) =>
      repo.write({'migrations/versions/x.ts': 'export const downRevision = null'}),
    'only deletes': (repo) => repo.remove('migrations/versions/aaaa_add_aaaa.ts'),
  }
  for (const [name, change] of Object.entries(commits))
    it(`check a commit in pre-commit that ${name}`, async () => {
      const text = workflow('pre-commit')
      // Its filters see only files that exist.
      expect(text).to.contain('always_run: true').and.to.contain('pass_filenames: false')
      expect(text).not.to.match(/\b(?:files|types):/)
      const [, command = ''] = /entry: npx --no-install mig (.*)/.exec(text) ?? []
      const repo = GitFolder.init().write({'mig.config.js': 'export default {}\n'}).revisions('aaaa bbbb:aaaa')
      repo.commit('first')
      change(repo)
      repo.git('add', '-A')
      const args = command.split(' ')
      const {stdout, status} = await run(process.execPath, [resolve('bin/mig.js'), ...args], {
        cwd: repo.path,
        env: gitEnvironment,
      })
      expect(status).to.equal(1)
      expect(stdout).to.match(/migrations\/versions\/|aaaa/)
    })
})
