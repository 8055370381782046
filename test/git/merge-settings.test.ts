import {expect} from 'chai'
import {check} from '../../src/api/checks/check.ts'
import type {HeadsCheck} from '../../src/api/checks/check-heads.ts'
import {rejectionOf} from '../support/errors.ts'
import {GitFolder} from '../support/git.ts'

type Files = Readonly<Record<string, string>>

interface Case {
  /** Configuration files on `main` and, if they differ, on the branch, which adds a second head. */
  readonly main: Files
  readonly branch?: Files
  readonly environment?: string
  readonly folder?: string
  readonly status: string
}

const policy = (heads: string): string => `policy: {heads: '${heads}'}`

const cases: Readonly<Record<string, Case>> = {
  'a branch that loosens the policy': {
    main: {'mig.config.js': 'export default {}'},
    branch: {'mig.config.js': `export default {${policy('many')}}`},
    status: 'diverged',
  },
  'a branch that tightens the policy': {
    main: {'mig.config.js': `export default {${policy('many')}}`},
    branch: {'mig.config.js': `export default {${policy('one')}}`},
    status: 'ok',
  },
  'a branch whose policy is code': {
    main: {'mig.config.js': `export default {${policy('one')}}`},
    branch: {'mig.config.js': `const policy = {heads: 'many'}\nexport default {policy}`},
    status: 'diverged',
  },
  'a branch that changes the policy of another file': {
    main: {
      'mig.config.js': "import {policy} from './policy.js'\nexport default {policy}",
      'policy.js': "export const policy = {heads: 'one'}",
    },
    branch: {'policy.js': "export const policy = {heads: 'many'}"},
    status: 'not evaluated',
  },
  'a policy that is code, and the same on both sides': {
    main: {'mig.config.js': `const heads = 'many'\nexport default {policy: {heads}}`},
    status: 'ok',
  },
  'a policy that is code and that the branch changes': {
    main: {'mig.config.js': `const heads = 'one'\nexport default {policy: {heads}}`},
    branch: {'mig.config.js': `const heads = 'many'\nexport default {policy: {heads}}`},
    status: 'not evaluated',
  },
  'a branch that loosens the policy of an environment': {
    main: {'mig.config.js': `export default {environments: {ci: {${policy('one')}}}}`},
    branch: {'mig.config.js': `export default {environments: {ci: {${policy('many')}}}}`},
    environment: 'ci',
    status: 'diverged',
  },
  'a configuration in package.json': {
    main: {'package.json': '{"mig": {"policy": {"heads": "many"}}}'},
    branch: {'package.json': '{"mig": {"policy": {"heads": "one"}}}'},
    status: 'ok',
  },
  'a branch that moves the policy to a file of another name': {
    main: {'package.json': '{"mig": {"policy": {"heads": "one"}}}'},
    branch: {'mig.config.mjs': `export default {${policy('many')}}`},
    status: 'diverged',
  },
  'a configuration above the folder of the branch': {
    main: {'mig.config.js': `export default {scriptDirectory: 'a/migrations', ${policy('many')}}`},
    branch: {'a/mig.config.js': `export default {${policy('one')}}`},
    folder: 'a',
    status: 'ok',
  },
  'a policy that this version does not know': {
    main: {'mig.config.js': "export default {policy: {heads: 'some'}}"},
    branch: {'mig.config.js': 'export default {}'},
    status: 'not evaluated',
  },
}

/** A repository with a <- b on `main` and a <- c on the branch that is checked out. */
function project({main, branch = {}, folder = ''}: Case): GitFolder {
  const versions = folder === '' ? 'migrations/versions' : `${folder}/migrations/versions`
  const repo = GitFolder.init().write(main).revisions('aaaa', versions)
  repo.commit('first')
  repo.git('switch', '-q', '-c', 'work')
  repo.write(branch).revisions('cccc:aaaa', versions).commit('ours')
  repo.git('switch', '-q', 'main')
  repo.revisions('bbbb:aaaa', versions).commit('theirs')
  repo.git('switch', '-q', 'work')
  return repo
}

async function statusOf(repo: GitFolder, {environment, folder = ''}: Case): Promise<string | undefined> {
  const options = {cwd: `${repo.path}/${folder}`, names: ['heads'], environment, onto: 'main'}
  const {checks} = await check(options)
  return (checks as readonly HeadsCheck[])[0]?.merges?.[0]?.status
}

describe('the policy of a merge', () => {
  for (const [name, settings] of Object.entries(cases))
    it(`is that of the destination, with "${settings.status}" for ${name}`, async () => {
      const repo = project(settings)
      if (settings.status === 'not evaluated') await rejectionOf('NOT_EVALUATED', async () => statusOf(repo, settings))
      else expect(await statusOf(repo, settings)).to.equal(settings.status)
    })

  it('is that of any code in a checkout of the destination', async () => {
    const repo = project(cases['a policy that is code and that the branch changes']!)
    repo.git('switch', '-q', 'main')
    const {stdout, status} = await repo.mig('check heads --onto main --head-ref work')
    expect([stdout.split('\n')[0], status]).to.deep.equal(['heads: work merged into main: diverged, 2 heads', 1])
  })

  it('finds revisions in version locations that only the branch configures', async () => {
    const repo = GitFolder.init().write({'mig.config.js': 'export default {}'}).revisions('aaaa bbbb:aaaa')
    repo.commit('first')
    repo.git('switch', '-q', '-c', 'work')
    repo.write({'mig.config.js': "export default {versionLocations: ['migrations/versions', 'more']}"})
    repo.revisions('cccc:aaaa', 'more').commit('another folder')
    repo.git('switch', '-q', 'main')
    const {stdout} = await repo.mig('check heads --onto main --head-ref work')
    expect(stdout.split('\n')[0]).to.equal('heads: work merged into main: diverged, 2 heads')
  })
})

describe('a check that cannot run', () => {
  let clone: GitFolder
  before(() => {
    const repo = project({main: {'mig.config.js': 'export default {}'}, status: 'diverged'})
    clone = GitFolder.clone(repo, '--depth', '1', '--no-single-branch', '--branch', 'work')
  })

  const formats: Readonly<Record<string, (stdout: string) => unknown>> = {
    text: (stdout) => expect(stdout).to.equal('heads: not evaluated\n'),
    github: (stdout) => expect(stdout).to.match(/^::error title=NOT_EVALUATED::This clone is shallow.*%0A/),
    markdown: (stdout) => {
      expect(stdout)
        .to.contain('### mig check heads: not evaluated\n')
        .and.contain('- **error**: This clone is shallow')
    },
    sarif: (stdout) => {
      const {runs} = JSON.parse(stdout) as {runs: readonly {results: readonly object[]}[]}
      expect(runs[0]?.results).to.have.length(1)
      expect(runs[0]?.results[0]).to.deep.include({ruleId: 'NOT_EVALUATED', level: 'error'})
    },
    gitlab: (stdout) => {
      const [issue, ...others] = JSON.parse(stdout) as readonly object[]
      expect(others).to.deep.equal([])
      expect(issue).to.deep.include({check_name: 'NOT_EVALUATED', severity: 'critical'})
    },
  }
  for (const [format, expectReport] of Object.entries(formats))
    it(`says so as ${format}`, async () => {
      const {stdout, stderr, status} = await clone.mig(['check', 'heads', '--onto', 'origin/main', '--format', format])
      expectReport(stdout)
      expect(stderr).to.contain('error: This clone is shallow')
      expect(status).to.equal(1)
    })

  it('says so as JSON', async () => {
    const {stdout, status} = await clone.mig('check heads --onto origin/main --json')
    expect(JSON.parse(stdout)).to.have.nested.property('error.code', 'NOT_EVALUATED')
    expect(status).to.equal(1)
  })

  it('says so for any other error', async () => {
    const wrong = await clone.mig('check heads --onto nowhere --format gitlab')
    expect(wrong.stdout).to.contain('"check_name": "UNKNOWN_REF"')
    clone.write({'mig.config.js': 'export default {polcy: 1}'})
    const invalid = await clone.mig('check --format github')
    expect([invalid.stdout.split('::')[1], invalid.status]).to.deep.equal(['error title=INVALID_CONFIG', 2])
  })

  it('reports files for GitLab from the top of the repository', async () => {
    const repo = GitFolder.init().write({'packages/a/mig.config.js': 'export default {}'})
    repo.revisions('aaaa bbbb', 'packages/a/migrations/versions').commit()
    const {stdout} = await repo.mig('check heads --format gitlab', {cwd: `${repo.path}/packages/a`})
    expect((JSON.parse(stdout) as readonly {location: object}[]).map(({location}) => location)).to.deep.equal([
      {path: 'packages/a/migrations/versions/aaaa_add_aaaa.ts', lines: {begin: 1}},
    ])
  })
})
