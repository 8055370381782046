import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join, resolve} from 'node:path'
import {expect} from 'chai'
import {openProject} from '../../src/engine/project.ts'
import {onlyTrustedCode} from '../../src/engine/trusted-code.ts'
import {run} from '../support/cli.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {GitFolder} from '../support/git.ts'

const changed =
  'mig: mig.config.js, or a file that it loads, has changed since you last ran mig, and git hooks do not run it. Run `mig status`; the hooks use it from then on.\n'
const unknown =
  'mig: mig.config.js is code that you have not run yet, and git hooks do not run it. Run `mig status`; the hooks use it from then on.\n'

const trapOf = (repo: GitFolder): string => join(repo.path, '.git/ran')
const recordOf = (repo: GitFolder): string => join(repo.path, '.git/mig/trusted.json')
/** Returns a statement that leaves a trace in a repository. */
const trace = (repo: GitFolder): string =>
  `process.getBuiltinModule('node:fs').appendFileSync(${JSON.stringify(trapOf(repo))}, 'x')\n`

/** Returns how often code that leaves a trace has run. */
function runs(repo: GitFolder): number {
  return existsSync(trapOf(repo)) ? readFileSync(trapOf(repo), 'utf8').length : 0
}

/** A repository whose configuration is code: a file that it imports has the policy, and a package a label. */
function withCode(): GitFolder {
  const repo = GitFolder.init()
  repo.write({
    'mig.config.js': `import {heads} from './policy.js'\nimport {label} from 'labels'\n${trace(repo)}export default {policy: {heads, labels: [label]}}\n`,
    'policy.js': `export const heads = 'one'\n`,
    '.gitignore': 'node_modules\n',
    'node_modules/labels/package.json': '{"name": "labels", "type": "module", "exports": "./index.js"}',
    'node_modules/labels/index.js': `export const label = 'billing'\n`,
  })
  repo.revisions('aaaa bbbb:aaaa').commit('first')
  return repo
}

const hook = async (repo: GitFolder, env = {}): Promise<string> => {
  const {stdout, stderr, status} = await repo.mig('hooks run pre-commit', {env})
  expect([status, stderr]).to.deep.equal([0, ''])
  return stdout
}

describe('code that git hooks run', () => {
  it('is that of configurations that a command has run, with the files that they import, in all work trees', async () => {
    const repo = withCode()
    expect(await hook(repo)).to.equal(unknown)
    const open = async (): Promise<unknown> => onlyTrustedCode(async () => openProject({cwd: repo.path}))
    expect((await rejectionOf('UNTRUSTED_CODE', open)).data).to.deep.equal({file: 'mig.config.js'})
    expect(runs(repo)).to.equal(0)
    await repo.mig('status', {env: {MIG_DATABASE_URL: `sqlite:${join(repo.path, '.git/test.db')}`}})
    expect(runs(repo)).to.equal(1)
    const {mode, mtimeMs} = statSync(recordOf(repo))
    expect(mode & 0o777).to.equal(0o600)
    expect(await hook(repo)).to.equal('')
    expect(runs(repo)).to.equal(2)
    await repo.mig('heads')
    expect(statSync(recordOf(repo)).mtimeMs).to.equal(mtimeMs)

    repo.write({'policy.js': `${trace(repo)}export const heads = 'many'\n`})
    expect(await hook(repo)).to.equal(changed)
    expect(runs(repo)).to.equal(3)
    repo.git('restore', 'policy.js')
    expect(await hook(repo)).to.equal('')

    const path = `${repo.path} linked`
    repo.git('worktree', 'add', '-q', '-b', 'linked', path)
    symlinkSync(join(repo.path, 'node_modules'), join(path, 'node_modules'))
    const linked = new GitFolder(repo.folder, path)
    expect((await linked.mig('hooks run pre-commit')).stdout).to.equal('')
    expect(runs(repo)).to.equal(5)
  })

  it('is not what a branch brings, whatever it changes', async () => {
    const repo = withCode()
    await repo.mig('hooks install')
    await repo.mig('heads')
    const ran = join(repo.path, '.git/evil')
    const evil = `process.getBuiltinModule('node:fs').writeFileSync(${JSON.stringify(ran)}, '')\n`
    const outside = join(repo.path, '.git/outside.js')
    writeFileSync(outside, `${evil}export default f()\n`)
    const databaseHook = `{orm: './orm.js', gitHooks: {database: true}}`
    const branches: Readonly<Record<string, readonly [says: string, change: () => unknown]>> = {
      configuration: [changed, () => appendFileSync(join(repo.path, 'mig.config.js'), evil)],
      'imported file': [changed, () => repo.write({'policy.js': `${evil}export const heads = 'one'\n`})],
      'nearer configuration': [
        'mig.config.ts is code',
        () => repo.write({'mig.config.ts': `${evil}export default f()`}),
      ],
      'link to a file elsewhere': [changed, () => link(outside, 'mig.config.js')],
      package: [
        'node_modules/labels/index.js is code',
        () => {
          repo.write({'node_modules/labels/index.js': `${evil}export const label = 'billing'\n`})
          repo.git('add', '-f', 'node_modules/labels/index.js')
        },
      ],
      operations: [changed, () => repo.write({'mig.config.js': `${evil}export default {operations: [grant]}`})],
      'database of the configuration': [
        'mig.config.js, or',
        () => repo.write({'mig.config.js': `export default ${databaseHook}`, 'orm.js': `${evil}export default {}`}),
      ],
      'database of package.json': [
        'package.json has settings that you have not run mig with yet, and git hooks do not run the code that they name.',
        () =>
          repo
            .remove('mig.config.js')
            .write({'package.json': `{"mig": ${json(databaseHook)}}`, 'orm.js': `${evil}export default {}`}),
      ],
      'link to revisions': [
        '',
        () => {
          repo.write({'mig.config.js': 'export default {}', 'elsewhere/versions/x.js': evil})
          repo.remove('migrations')
          link('elsewhere', 'migrations')
        },
      ],
      submodule: [changed, () => repo.write({'mig.config.js': `import './sub/evil.js'\nexport default f()`})],
    }
    const link = (target: string, name: string): void => {
      if (existsSync(join(repo.path, name))) repo.remove(name)
      symlinkSync(target, join(repo.path, name))
    }
    for (const [name, [says, change]] of Object.entries(branches)) {
      const branch = name.replaceAll(' ', '-')
      repo.git('switch', '-q', '-c', branch, 'main')
      change()
      repo.git('add', '-A')
      repo.git('-c', 'core.hooksPath=/dev/null', 'commit', '-q', '-m', name)
      repo.git('-c', 'core.hooksPath=/dev/null', 'switch', '-q', 'main')
      repo.write({'node_modules/labels/index.js': `export const label = 'billing'\n`})
      const switched = repo.tryGit('switch', '-q', branch)
      repo.write({'work.txt': name})
      repo.git('add', 'work.txt')
      // Otherwise, a change that concerns no revision starts nothing.
      rmSync(join(repo.path, '.git/mig/watched'), {recursive: true, force: true})
      const committed = repo.tryGit('commit', '-q', '-m', 'mine')
      expect([switched.status, committed.status], `${name}: ${committed.output}`).to.deep.equal([0, 0])
      expect(`${switched.output}${committed.output}`, name).to.contain(says)
      expect(existsSync(ran), name).to.equal(false)
    }
  })

  it('is all code with mig.trust in the configuration of the user, and nowhere else', async () => {
    const repo = withCode()
    const home = new Folder().write({'.gitconfig': ''}).path
    const inEnvironment = {
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'mig.trust',
      GIT_CONFIG_VALUE_0: 'always',
      GIT_CONFIG_PARAMETERS: "'mig.trust'='always'",
      GIT_CONFIG_GLOBAL: join(repo.path, '.git/config'),
      GIT_CONFIG_SYSTEM: join(repo.path, '.git/config'),
    }
    repo.git('config', 'mig.trust', 'always')
    repo.write({'.mig/trusted.json': '{}', '.gitconfig': '[mig]\ntrust = always\n'})
    expect(await hook(repo, {HOME: home, ...inEnvironment})).to.equal(unknown)
    expect(runs(repo)).to.equal(0)
    writeFileSync(join(home, '.gitconfig'), '[mig]\n\ttrust = always\n')
    expect(await hook(repo, {HOME: home})).to.equal('')
    expect(runs(repo)).to.equal(1)
  })

  it('includes packages that git tracks, once they have run', async () => {
    const repo = withCode()
    repo.git('add', '-f', 'node_modules')
    await repo.mig('heads')
    expect(await hook(repo)).to.equal('')
    repo.write({'node_modules/labels/index.js': `${trace(repo)}export const label = 'other'\n`})
    expect(await hook(repo)).to.equal(changed)
    await repo.mig('heads')
    expect(await hook(repo)).to.equal('')
  })

  it('includes a MikroORM configuration that a run has loaded', async () => {
    const repo = GitFolder.init().write({
      'mig.config.js': `export default {orm: './orm.js', gitHooks: {database: true}}\n`,
      'orm.js': `import {name} from './name.js'\nimport {SqliteDriver} from '@mikro-orm/sqlite'\nexport default {driver: SqliteDriver, dbName: name, entities: [], discovery: {warnWhenNoEntities: false}}\n`,
      'name.js': `export const name = import.meta.dirname + '/.git/test.db'\n`,
      'package.json': '{"type": "module"}',
    })
    repo.revisions('aaaa').commit('first')
    symlinkSync(resolve('node_modules'), join(repo.path, 'node_modules'))
    expect((await repo.mig('upgrade -q --create-database')).stderr).to.equal('')
    repo.remove('migrations/versions/aaaa_add_aaaa.ts').revisions('bbbb')
    const [before, after] = [repo.id('HEAD'), repo.commit('another')]
    const checkout = async (): Promise<string> =>
      (await repo.mig(`hooks run post-checkout -- ${before} ${after} 1`)).stdout
    expect(await checkout()).to.contain('aaaa is applied to the local database, but missing from this checkout')
    repo.write({'name.js': `${trace(repo)}export const name = ''\n`})
    expect(await checkout()).to.contain('orm.js, or a file that it loads, has changed')
    expect(runs(repo)).to.equal(0)
  })

  it('is recorded nowhere else: not without a repository, and not where git has a folder that cannot be written', async () => {
    const folder = new Folder().write({'mig.config.js': 'export default {}\n'}).writeGraph('a')
    const before = folder.list()
    expect((await run(process.execPath, [resolve('bin/mig.js'), 'heads'], {cwd: folder.path})).status).to.equal(0)
    expect(folder.list()).to.deep.equal(before)
    folder.write({'.git': 'gitdir: nowhere'})
    expect((await run(process.execPath, [resolve('bin/mig.js'), 'heads'], {cwd: folder.path})).status).to.equal(0)
    const repo = withCode()
    repo.write({'.git/mig': 'a file where a folder would be'})
    const {stdout, stderr, status} = await repo.mig('heads')
    expect([status, stderr, stdout]).to.deep.equal([0, '', 'bbbb (head), add bbbb\n'])
    expect(await hook(repo)).to.equal(unknown)
  })

  /** Configurations of which no hook can check anything, and the end of what it says. */
  const invalid: Readonly<Record<string, readonly [config: string, says: string]>> = {
    'a literal with an invalid policy': ["{policy: {heads: 'x'}}", "policy.heads must be 'one' or 'many'."],
    'a literal with an invalid policy beside code': [
      "{policy: {heads: 'x'}, orm: process.env.URL}",
      "policy.heads must be 'one' or 'many'.",
    ],
    'a literal with operations that are paths': [
      "{operations: ['./ops.ts']}",
      'operations.0 must be created with defineOperation.',
    ],
    'a literal with operations that are no list': ['{operations: {}}', 'operations must be an array, but is Object.'],
    'code with an invalid policy': ["[{policy: {heads: 'x'}}][0]", "policy.heads must be 'one' or 'many'."],
    'code that fails': ['nowhere()', 'ReferenceError: nowhere is not defined'],
  }
  for (const [name, [config, says]] of Object.entries(invalid))
    it(`says that nothing was checked, and lets git go on, where the configuration is ${name}`, async () => {
      const repo = GitFolder.init().write({'mig.config.js': `export default ${config}\n`})
      repo.revisions('aaaa').commit('first')
      expect((await repo.mig('heads')).status).to.equal(2)
      for (const args of ['pre-commit', 'pre-push', 'post-merge -- 0', 'post-checkout -- a b 1']) {
        const {stdout, stderr, status} = await repo.mig(`hooks run ${args}`)
        expect([status, stderr], args).to.deep.equal([0, ''])
        expect(stdout, args)
          .to.match(/^mig: nothing was checked: .*\n$/)
          .and.to.contain(says)
      }
    })

  it('is not what completions of a shell run', async () => {
    const repo = withCode()
    await repo.mig('complete upgrade b')
    expect(runs(repo)).to.equal(0)
    repo.write({'mig.config.js': 'export default {orm: process.env.URL}'})
    expect((await repo.mig('complete upgrade b')).stdout).to.contain('bbbb')
  })

  it('is not a program that the configuration of a repository from elsewhere names', async () => {
    const repo = GitFolder.init().write({'mig.config.js': `export default {policy: {heads: 'one'}}\n`})
    repo.write({'.gitattributes': '* filter=evil diff=evil\n'}).revisions('aaaa bbbb:aaaa').commit('first')
    const linked = new GitFolder(repo.folder, `${repo.path} linked`)
    repo.git('worktree', 'add', '-q', '-b', 'linked', linked.path)
    linked.revisions('cccc:aaaa').git('add', '-A')
    const ran = join(repo.path, '.git/evil')
    const program = join(repo.path, '.git/evil.sh')
    writeFileSync(program, `#!/bin/sh\necho "$0 $*" >>'${ran}'\ncat\n`, {mode: 0o755})
    mkdirSync(join(repo.path, '.git/hooks'), {recursive: true})
    for (const name of ['post-index-change', 'reference-transaction', 'fsmonitor-watchman'])
      writeFileSync(join(repo.path, '.git/hooks', name), `#!/bin/sh\necho "$0 $*" >>'${ran}'\n`, {mode: 0o755})
    for (const [key, value] of [
      ['core.fsmonitor', program],
      ['core.pager', program],
      ['core.sshCommand', program],
      ['core.editor', program],
      ['diff.external', program],
      ['diff.evil.command', program],
      ['diff.evil.textconv', program],
      ['filter.evil.clean', program],
      ['filter.evil.smudge', program],
      ['filter.evil.process', program],
      ['alias.diff', `!${program}`],
      ['alias.log', `!${program}`],
      ['remote.origin.url', `ext::${program}`],
      ['protocol.ext.allow', 'always'],
    ] as const)
      repo.git('config', key, value)
    const id = readFileSync(join(repo.path, '.git/refs/heads/main'), 'utf8').trim()
    const calls = [
      'hooks run pre-commit',
      'hooks run post-merge -- 0',
      `hooks run post-checkout -- ${id} ${id} 1`,
      'hooks run pre-push -- origin',
      'heads --at main',
      'show bbbb --at linked',
      'check heads --onto main',
      'history --at main',
    ]
    for (const call of calls) {
      const {stderr} = await linked.mig(call)
      expect(existsSync(ran) ? readFileSync(ran, 'utf8') : '', `${call}\n${stderr}`).to.equal('')
    }
  })
})

/** Returns an object of JavaScript as JSON. */
function json(literal: string): string {
  return literal.replaceAll(/(\w+):/g, '"$1":').replaceAll("'", '"')
}
