import {existsSync, mkdirSync, readFileSync, renameSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {installGitHooks, uninstallGitHooks} from '../../src/api/git/installed-hooks.ts'
import {hookNames} from '../../src/git/hook-script.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {GitFolder} from '../support/git.ts'
import {fileOf, project} from '../support/hooked.ts'

const hooksOf = (repo: GitFolder): readonly string[] =>
  hookNames.filter((name) => existsSync(join(repo.path, '.git/hooks', name)))

describe('hooks next to lefthook', () => {
  const names = ['lefthook.yml', '.lefthook.yaml', 'lefthook.jsonc', '.lefthook.toml', '.config/lefthook.yml']
  for (const name of names)
    it(`are written to its local configuration where it has ${name}`, async () => {
      const repo = project().write({[name]: ''})
      expect((await installGitHooks({cwd: repo.path})).manager).to.equal('lefthook')
      expect(hooksOf(repo)).to.deep.equal([])
      expect(readFileSync(join(repo.path, 'lefthook-local.yml'), 'utf8')).to.contain('post-applypatch:\n')
    })

  it('are said to need an installation until lefthook has written the hooks of git', async () => {
    const repo = project().write({'lefthook.yml': ''})
    expect((await repo.mig('hooks install')).stdout).to.contain('Run `npx lefthook install` to activate them.')
    for (const name of hookNames) repo.write({[`.git/hooks/${name}`]: '#!/bin/sh\ncall_lefthook run "$@"\n'})
    expect((await repo.mig('hooks status')).stdout).to.contain('They are run by lefthook.')
  })

  it('are not written beside a local configuration of another name, which lefthook would no longer read', async () => {
    const repo = project().write({'.config/lefthook.yml': '', '.config/lefthook-local.toml': ''})
    const {message} = await rejectionOf('FILE_EXISTS', async () => installGitHooks({cwd: repo.path}))
    expect(message).to.contain('.config/lefthook-local.toml')
    expect(existsSync(join(repo.path, 'lefthook-local.yml'))).to.equal(false)
  })
})

describe('hooks next to simple-git-hooks', () => {
  /** Writes hooks as `npx simple-git-hooks` does: those of its configuration, and no others. */
  function rewrite(repo: GitFolder): void {
    const manifest = JSON.parse(readFileSync(join(repo.path, 'package.json'), 'utf8')) as {
      readonly 'simple-git-hooks': Readonly<Record<string, string>>
    }
    for (const name of hookNames) {
      const command = manifest['simple-git-hooks'][name]
      const path = `.git/hooks/${name}`
      if (command !== undefined)
        repo.write({[path]: `#!/bin/sh\n[ "$SKIP_SIMPLE_GIT_HOOKS" = 1 ] && exit 0\n\n${command}`})
      else if (existsSync(join(repo.path, path))) repo.remove(path)
    }
  }

  it('are commands in its configuration, which mig names', async () => {
    const repo = project().write({'package.json': '{"simple-git-hooks": {"pre-commit": "npx lint-staged"}}'})
    const {code, lines} = await rejectionOf('HOOKS_MANAGED', async () => installGitHooks({cwd: repo.path}))
    expect([code, hooksOf(repo)]).to.deep.equal(['HOOKS_MANAGED', []])
    const commands = lines.slice(1).join('\n')
    repo.write({'package.json': `{"simple-git-hooks": {\n${commands}\n}}`})
    expect((await repo.mig('hooks status')).stdout).to.contain('Run `npx simple-git-hooks` to activate them.')
    rewrite(repo)
    const {stdout} = await repo.mig('hooks status')
    expect(stdout).to.contain('They are run by simple-git-hooks.').and.to.not.contain('activate')
    const {hooks} = await installGitHooks({cwd: repo.path})
    expect(new Set(hooks.map(({state, file}) => `${state} ${file}`))).to.deep.equal(new Set(['installed package.json']))
    expect(readFileSync(join(repo.path, '.git/hooks/pre-push'), 'utf8')).to.match(
      /^start=.*sh "\$start" \. hooks run pre-push -- "\$@"/m,
    )
  })

  it('are found in a file of its own, for the project in a folder', async () => {
    const repo = GitFolder.init().write({'db/mig.config.js': 'export default {}\n', '.simple-git-hooks.cjs': ''})
    repo.revisions('aaaa', 'db/migrations/versions').commit('first')
    const options = {cwd: join(repo.path, 'db'), hooks: ['pre-commit']}
    const {hint, lines} = await rejectionOf('HOOKS_MANAGED', async () => installGitHooks(options))
    expect(hint).to.contain('.simple-git-hooks.cjs, and run `npx simple-git-hooks`.')
    expect(lines[1]).to.match(/^ +"pre-commit": "cd db && start=.* \. hooks run pre-commit -- \\"\$@\\"/)
  })

  it('leave nothing of an installation that it has overwritten', async () => {
    const repo = project()
    await installGitHooks({cwd: repo.path})
    repo.write({'.git/hooks/pre-push': '#!/bin/sh\n'})
    await installGitHooks({cwd: repo.path, hooks: ['pre-commit']})
    repo.write({'package.json': '{"simple-git-hooks": {"post-merge": "npm install"}}'})
    rewrite(repo)
    repo.write({'.git/hooks/post-merge.before-mig': readFileSync(join(repo.path, '.git/hooks/post-merge'), 'utf8')})
    await uninstallGitHooks({cwd: repo.path})
    expect(hooksOf(repo)).to.deep.equal(['post-merge'])
    expect(existsSync(join(repo.path, '.git/hooks/post-merge.before-mig'))).to.equal(false)
  })
})

describe('hooks next to pre-commit', () => {
  it('are still installed when it has renamed one of them, and removed from there', async () => {
    const repo = project()
    const theirs = '#!/bin/sh\n"$0.legacy" "$@" || exit $?\necho pre-commit\n'
    repo.write({'.git/hooks/pre-commit': theirs}).git('update-index', '-q', '--refresh')
    await installGitHooks({cwd: repo.path})
    const file = join(repo.path, '.git/hooks/pre-commit')
    renameSync(file, `${file}.legacy`)
    repo.write({'.git/hooks/pre-commit': theirs})
    const hook = (await installGitHooks({cwd: repo.path})).hooks.find((report) => report.hook === 'pre-commit')
    expect(hook).to.deep.include({state: 'installed', chained: true, file: '.git/hooks/pre-commit.legacy'})
    expect(readFileSync(file, 'utf8')).to.equal(theirs)
    await uninstallGitHooks({cwd: repo.path})
    expect([existsSync(`${file}.legacy`), existsSync(`${file}.before-mig`)]).to.deep.equal([false, false])
    expect(hooksOf(repo)).to.deep.equal(['pre-commit'])
  })

  it('replace one that another program has written again', async () => {
    const repo = project().write({'.git/hooks/post-merge': '#!/bin/sh\necho there\n'})
    await installGitHooks({cwd: repo.path})
    repo.write({'.git/hooks/post-merge': '#!/bin/sh\necho there\n'})
    const {hooks} = await installGitHooks({cwd: repo.path})
    expect(hooks[0]).to.deep.include({hook: 'post-merge', state: 'installed', chained: true})
    await uninstallGitHooks({cwd: repo.path})
    expect(hooksOf(repo)).to.deep.equal(['post-merge'])
  })
})

describe('hooks in core.hooksPath', () => {
  it('are not written to a folder of all repositories, and the hint leads to one of its own', async () => {
    const shared = new Folder()
    mkdirSync(join(shared.path, 'hooks'))
    shared.write({gitconfig: `[core]\n\thooksPath = ${join(shared.path, 'hooks')}\n`})
    const repo = project()
    const env = {GIT_CONFIG_GLOBAL: join(shared.path, 'gitconfig')}
    const {status, stderr} = await repo.mig('hooks install', {env})
    expect((await repo.mig('hooks install --json', {env})).stdout).to.contain('"HOOKS_SHARED"')
    const own = join(repo.path, '.git/hooks')
    expect([status, stderr.replace(/`git .*`/, 'COMMAND')]).to.deep.equal([
      1,
      `error: core.hooksPath is ${join(shared.path, 'hooks')}, outside of the repository: its hooks run in others, too.\nhint: Run COMMAND to give this repository its own hooks, and install again.\n`,
    ])
    expect(stderr).to.contain(`git config core.hooksPath `).and.to.contain(own)
    repo.git('config', 'core.hooksPath', own)
    expect((await repo.mig('hooks install', {env})).status).to.equal(0)
    expect(hooksOf(repo)).to.deep.equal([...hookNames])
    repo.write({[fileOf('cccc')]: 'export const downRevision = null'}).git('add', '-A')
    expect(repo.tryGit('commit', '-q', '-m', 'x').status).to.equal(1)
  })
})
