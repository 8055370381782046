import {execFileSync} from 'node:child_process'
import {chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {expect} from 'chai'
import {installGitHooks, uninstallGitHooks} from '../../src/api/git/installed-hooks.ts'
import {hookNames} from '../../src/git/hook-script.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {GitFolder, textOfRevision, withoutChance} from '../support/git.ts'
import {expectGolden} from '../support/golden.ts'
import {fileOf, project, projectWithHooks, versions, withMig} from '../support/hooked.ts'

/** Two clones of one project, with hooks, each with a revision of its own; what one has is pushed. */
async function diverged(config?: string): Promise<GitFolder> {
  const {origin, clone} = await projectWithHooks(config)
  origin.revisions('dddd:bbbb').commit('a table for dddd')
  clone.revisions('cccc:bbbb').git('add', '-A')
  clone.git('commit', '-q', '-m', 'a table for cccc')
  return clone
}

describe('the words after a pull', () => {
  const pulls: Readonly<Record<string, readonly string[]>> = {
    merge: ['pull', '-q', '--no-rebase'],
    rebase: ['pull', '-q', '--rebase'],
    squash: ['pull', '-q', '--no-rebase', '--squash'],
  }
  for (const [name, args] of Object.entries(pulls))
    it(`name both heads after a pull with ${name}`, async () => {
      const clone = await diverged()
      const {output, status} = clone.tryGit(...args)
      expect(status, output).to.equal(0)
      const words = output.slice(output.indexOf('mig:')).replace(/^(?:Squash|Automatic).*\n/gm, '')
      expectGolden(`git/hooks/pull-${name}.txt`, withoutChance(words))
      expect(clone.git('status', '--porcelain', '--untracked-files=no').replaceAll(/^A .*$/gm, '')).to.equal('')
    })

  it('are not said when there is nothing to say', async () => {
    const origin = project()
    const clone = withMig(GitFolder.clone(origin))
    await clone.mig('hooks install')
    origin.revisions('cccc:bbbb').commit('one more')
    expect(clone.tryGit('pull', '-q').output).to.equal('')
    expect(clone.tryGit('switch', '-q', '-c', 'work').output).to.equal('')
    expect(clone.tryGit('commit', '-q', '--amend', '--allow-empty', '-m', 'x').output).to.equal('')
  })

  it('are not said where many heads are wanted', async () => {
    const clone = await diverged("export default {policy: {heads: 'many'}}")
    expect(clone.tryGit('pull', '-q', '--no-rebase').output).to.equal('')
  })

  const sql = (text: string): string => `export const upgrade = async (op) => { op.execute(${JSON.stringify(text)}) }\n`
  const cases: Readonly<
    Record<string, {readonly ours: string; readonly theirs: string; readonly says: readonly string[]}>
  > = {
    collide: {
      ours: 'alter table users drop column name',
      theirs: 'create index i on users (name)',
      says: ['cccc and dddd collide.', 'Change the colliding revision that is yours, so that it works after theirs.'],
    },
    'may collide': {
      ours: 'alter table users add born date',
      theirs: 'do $$ begin alter table users add age integer; end $$',
      says: ['cccc and dddd may collide.'],
    },
    'change the same rows': {
      ours: 'update users set name = upper(name)',
      theirs: 'update users set name = lower(name)',
      says: ['cccc and dddd may collide. One reads rows of table users that the other changes'],
    },
    'touch the same table': {
      ours: 'alter table users add age integer',
      theirs: 'alter table users add born date',
      says: ['Both touch table users; either may go first.'],
    },
    'have nothing in common': {ours: 'create table c (n integer)', theirs: 'create table d (n integer)', says: []},
  }
  for (const [name, {ours, theirs, says}] of Object.entries(cases))
    it(`are not counted where many are wanted, but named where revisions of both sides ${name}`, async () => {
      const {origin, clone} = await projectWithHooks(`export default {policy: {heads: 'many'}}\n`)
      const write = (repo: GitFolder, id: string, down: string, text: string): void => {
        const header = `export const revision = '${id}'\nexport const downRevision = '${down}'\n`
        repo.write({[fileOf(id)]: `// add ${id}\n${header}${sql(text)}`}).commit(id)
      }
      write(origin, 'aaab', 'bbbb', 'create table users (name text)')
      clone.git('pull', '-q')
      const pulled = (): string => clone.tryGit('pull', '-q', '--no-rebase').output
      const expectReport = (output: string): void => {
        for (const part of says) expect(output).to.contain(part)
        if (says.length === 0) expect(output).to.equal('')
        else
          expect(output)
            .to.contain('mig: revisions that came in have objects in common with those that were here:')
            .and.to.not.contain('mig merge')
      }
      write(origin, 'eeee', 'aaab', 'create table e (n integer)')
      write(clone, 'cccc', 'aaab', ours)
      expect(pulled()).to.equal('')
      write(origin, 'dddd', 'eeee', theirs)
      expectReport(pulled())
      write(origin, 'ffff', 'dddd', 'create table f (n integer)')
      expect(pulled()).to.equal('')
    })

  const policyOf = (policy: string): string => `export default {policy: ${policy}}\n`
  const policies: Readonly<
    Record<string, {readonly before: string; readonly after: string; readonly says: readonly string[]}>
  > = {
    'follow the former policy where the new one would be silent': {
      before: policyOf("{heads: 'one'}"),
      after: policyOf("{heads: 'many'}"),
      says: [
        'there are now 2 heads, where there was 1',
        '\n  mig rebase\n',
        'This change brings another policy: `heads` was "one" and is "many". Both were used.',
      ],
    },
    'follow the new policy where the former one would be silent': {
      before: policyOf("{heads: 'many'}"),
      after: policyOf("{heads: 'one', collisions: 'off'}"),
      says: [
        'there are now 2 heads, where there was 1',
        '`heads` was "many" and is "one" and `collisions` was "warning" and is "off".',
      ],
    },
    'follow the former policy where the new one gives a label a head of its own': {
      before: policyOf('{}'),
      after: policyOf("{labels: ['billing']}"),
      says: ['there are now 2 heads', '`labels` was [] and is ["billing"]'],
    },
    'name a former policy that only running it would tell': {
      before: policyOf("JSON.parse('{}')"),
      after: policyOf("{heads: 'many'}"),
      says: ['The policy before this change cannot be read without running code: only the new one was used.'],
    },
  }
  for (const [name, {before, after, says}] of Object.entries(policies))
    for (const pull of ['merge', 'rebase', 'squash'] as const)
      it(`${name}: ${pull}`, async () => {
        const {origin, clone} = await projectWithHooks(before)
        origin.write({'mig.config.js': after, [fileOf('dddd')]: textOfRevision('dddd', ['bbbb'], ['billing'])}).commit()
        clone.revisions('cccc:bbbb').commit()
        const {output} = clone.tryGit(...(pulls[pull] ?? []))
        for (const part of says) expect(output).to.contain(part)
      })

  it('are not about the policy where only other keys of the configuration change', async () => {
    const {origin, clone} = await projectWithHooks(policyOf("{heads: 'many'}"))
    origin.write({'mig.config.js': `// more\n${policyOf("{heads: 'many', unknown: 'allow'}")}`})
    origin.revisions('dddd:bbbb').commit()
    clone.revisions('cccc:bbbb').commit()
    expect(clone.tryGit('pull', '-q', '--no-rebase').output).to.equal('')
  })

  it('join no head of a label that may have one', async () => {
    const {origin, clone} = await projectWithHooks(policyOf("{labels: ['billing']}"))
    origin.write({[fileOf('eeee')]: textOfRevision('eeee', [], ['billing'])}).commit()
    clone.git('pull', '-q')
    origin.revisions('dddd:bbbb').commit()
    clone.revisions('cccc:bbbb').commit()
    const {output} = clone.tryGit('pull', '-q', '--no-rebase')
    expect(output).to.contain('\n  mig merge cccc dddd -m "..."\n  mig upgrade heads\n')
  })

  it('name the heads that an octopus brings', async () => {
    const repo = project()
    await repo.mig('hooks install')
    for (const [branch, id] of [
      ['one', 'cccc'],
      ['two', 'dddd'],
    ] as const) {
      repo.git('switch', '-q', '-c', branch, 'main')
      repo.revisions(`${id}:bbbb`).commit(branch)
    }
    repo.git('switch', '-q', 'main')
    const {output} = repo.tryGit('merge', '-q', 'one', 'two')
    expect(output).to.contain('there are now 2 heads, where there was 1').and.to.contain('theirs  dddd, add dddd')
  })

  it('run no code of what came in, and do not touch the work tree or the index', async () => {
    const clone = await diverged()
    const origin = clone.git('remote', 'get-url', 'origin').replace('file://', '')
    const theirs = new GitFolder(undefined, origin)
    const trap = join(clone.path, 'ran')
    const evil = `${textOfRevision('eeee', ['dddd'])}\nawait import('node:fs').then((fs) => fs.writeFileSync(${JSON.stringify(trap)}, 'x'))\n`
    writeFileSync(join(theirs.path, fileOf('eeee')), evil)
    theirs.commit('a revision that does something when it is imported')
    const index = join(clone.path, '.git/index')
    const {output} = clone.tryGit('pull', '-q', '--no-rebase')
    expect(output).to.contain('eeee').and.to.contain('They touch no common objects, as far as their code shows.')
    const before = readFileSync(index)
    await clone.mig('hooks run post-merge -- 0')
    expect(readFileSync(index)).to.deep.equal(before)
    expect(existsSync(trap)).to.equal(false)
  })

  it('say what is wrong with files that cannot be read, and let git go on', async () => {
    const repo = project()
    repo.write({[fileOf('cccc')]: 'export const downRevision = null'})
    const {stdout, status} = await repo.mig('hooks run post-merge -- 0')
    expect([status, stdout]).to.satisfy(
      ([code, text]: [number, string]) => code === 0 && text.startsWith(`error: ${fileOf('cccc')}:1:`),
    )
  })
})

describe('the hook before a commit', () => {
  const cases: Readonly<Record<string, {act: (repo: GitFolder) => unknown; skip?: string; says?: string}>> = {
    'a good revision': {act: (r) => r.revisions('cccc:bbbb')},
    'nothing of the revisions': {act: (r) => r.write({'README.md': 'text'})},
    'a revision that cannot be read': {
      act: (r) => r.write({[fileOf('cccc')]: "export const revision = 'a' + 'b'"}),
      says: 'must be a string',
    },
    'an id that is taken': {
      act: (r) => r.write({[`${versions}/other.ts`]: textOfRevision('bbbb', ['aaaa'])}),
      says: 'Revision bbbb is defined twice',
    },
    'a parent that would not be committed': {
      act: (r) => {
        r.revisions('cccc:bbbb dddd:cccc')
        return () => r.git('reset', '-q', fileOf('cccc'))
      },
      says: 'revises unknown revision cccc',
    },
    'an edit of a published revision': {
      act: (r) => r.write({[fileOf('bbbb')]: textOfRevision('bbbb', ['aaaa']).replace('integer', 'bigint')}),
      says: 'is edited, but already published on origin/main.',
    },
    'an edit of a published revision where that is not looked at': {
      act: (r) => r.write({[fileOf('bbbb')]: textOfRevision('bbbb', ['aaaa']).replace('integer', 'bigint')}),
      skip: 'published',
    },
    'a deletion of a published revision': {
      act: (r) => r.remove(fileOf('bbbb')),
      says: 'is deleted, but already published on origin/main.',
    },
  }
  for (const [name, {act, skip, says}] of Object.entries(cases))
    it(`${says === undefined ? 'lets through' : 'stops'} ${name}`, async () => {
      const config = `export default {gitHooks: {skip: ${JSON.stringify(skip === undefined ? [] : [skip])}}}`
      const repo = withMig(GitFolder.clone(project(config)))
      await repo.mig('hooks install')
      const then = act(repo)
      repo.git('add', '-A')
      if (typeof then === 'function') (then as () => void)()
      const {output, status} = repo.tryGit('commit', '-q', '-m', 'work')
      if (says === undefined) return expect([status, output]).to.deep.equal([0, ''])
      expect(status).to.equal(1)
      expect(output).to.contain(says).and.to.contain('`git commit --no-verify` does it anyway')
    })

  it('looks at what will be committed, not at the work tree', async () => {
    const repo = withMig(GitFolder.clone(project()))
    await repo.mig('hooks install')
    repo.revisions('cccc:bbbb').git('add', '-A')
    repo.write({[fileOf('cccc')]: 'export const downRevision = null'})
    expect(repo.tryGit('commit', '-q', '-m', 'staged is good').status).to.equal(0)
    // `git commit FILE` uses an index of its own.
    repo.revisions('dddd:cccc').git('add', '-A')
    repo.write({[fileOf('cccc')]: textOfRevision('cccc', ['bbbb'])})
    expect(repo.tryGit('commit', '-q', '-m', 'one file', fileOf('dddd')).status).to.equal(0)
  })
})

describe('the hook before a push', () => {
  it('stops two heads where the policy allows one', async () => {
    const clone = await diverged("export default {policy: {heads: 'one'}}")
    clone.git('pull', '-q', '--no-rebase')
    const {output, status} = clone.tryGit('push', '-q', 'origin', 'main')
    expect(status).to.equal(1)
    expect(output).to.contain('Merging refs/heads/main into origin/main would leave 2 heads')
    expect(output).to.contain('`git push --no-verify` does it anyway')
  })

  it('says nothing without a policy, of a new branch, and of a deletion', async () => {
    const clone = await diverged()
    expect(clone.tryGit('push', '-q', 'origin', 'HEAD:refs/heads/new').output).to.equal('')
    expect(clone.tryGit('push', '-q', 'origin', ':refs/heads/new').output).to.equal('')
    const strict = await diverged("export default {policy: {heads: 'one'}}")
    expect(strict.tryGit('push', '-q', 'origin', 'HEAD:refs/heads/new').output).to.equal('')
  })

  it('looks at the heads of a branch that the remote does not have', async () => {
    const clone = await diverged("export default {policy: {heads: 'one'}}")
    clone.git('pull', '-q', '--no-rebase')
    const {output, status} = clone.tryGit('push', '-q', 'origin', 'HEAD:refs/heads/new')
    expect([status, output]).to.satisfy(([code, text]: [number, string]) => code === 1 && text.includes('has 2 heads'))
  })
})

describe('the hook after a checkout', () => {
  it('names applied revisions that the files do not have, when it may ask the database', async () => {
    const repo = project('export default {gitHooks: {database: true}}')
    const env = {MIG_DATABASE_URL: `sqlite:${join(repo.path, '.git/test.db')}`}
    repo.git('switch', '-q', '-c', 'work')
    repo.revisions('cccc:bbbb').commit('mine')
    await repo.mig('upgrade -q', {env})
    repo.git('switch', '-q', 'main')
    const [before, after] = [repo.id('work'), repo.id('main')]
    const told = await repo.mig(`hooks run post-checkout -- ${before} ${after} 1`, {env})
    expect(withoutChance(told.stdout)).to.equal(
      'warning: cccc is applied to the local database, but missing from this checkout; it is on work (COMMIT, Ana, AGE ago).\nhint: Run `mig switch` to align the database with this checkout.\n',
    )
    expect((await repo.mig(`hooks run post-checkout -- ${before} ${after} 0`, {env})).stdout).to.equal('')
    const closed = {MIG_DATABASE_URL: 'postgresql://127.0.0.1:1/none'}
    expect(await repo.mig(`hooks run post-checkout -- ${before} ${after} 1`, {env: closed})).to.deep.include({
      stdout: '',
      status: 0,
    })
  })
})

describe('installing hooks', () => {
  it('is printed as a table', async () => {
    const {stdout} = await project().mig('hooks install')
    const rows = stdout.split('\n').filter((line) => / installed /.test(line))
    expect(rows).to.have.length(hookNames.length)
    expect(new Set(rows.map((line) => line.indexOf('installed')))).to.have.length(1)
  })

  /** Every file below a folder, with its mode. */
  const snapshot = (folder: string): Record<string, string> =>
    Object.fromEntries(
      (
        readdirSync(folder, {recursive: true, withFileTypes: true}) as {
          name: string
          parentPath: string
          isFile(): boolean
        }[]
      )
        .filter((entry) => entry.isFile())
        .map(({parentPath, name}) => join(parentPath, name))
        .filter((path) => !path.includes('node_modules'))
        .map((path) => [path, `${statSync(path).mode} ${readFileSync(path, 'latin1')}`]),
    )

  const existing = '#!/bin/sh\necho "there before: $*"\ncat\nexit ${STATUS:-0}\n'

  const setUps: Readonly<Record<string, (repo: GitFolder) => string>> = {
    'where git has no hooks': (repo) => join(repo.path, '.git/hooks'),
    'beside hooks that are there': (repo) => {
      const folder = join(repo.path, '.git/hooks')
      for (const name of ['post-merge', 'pre-push']) {
        writeFileSync(join(folder, name), existing)
        chmodSync(join(folder, name), 0o750)
      }
      return folder
    },
    'in core.hooksPath': (repo) => {
      repo.write({'tools/git hooks/pre-commit': existing}).git('config', 'core.hooksPath', 'tools/git hooks')
      chmodSync(join(repo.path, 'tools/git hooks/pre-commit'), 0o755)
      return join(repo.path, 'tools/git hooks')
    },
    'beside husky': (repo) => {
      execFileSync(process.execPath, [resolve('node_modules/husky/bin.js')], {cwd: repo.path})
      repo.write({'.husky/pre-commit': 'echo "husky has this"\n'})
      return join(repo.path, '.husky')
    },
    'beside lefthook': (repo) => {
      repo.write({'lefthook.yml': 'pre-commit:\n  commands: {}\n'})
      return repo.path
    },
  }
  for (const [name, setUp] of Object.entries(setUps))
    it(`changes nothing the second time, and is undone byte for byte, ${name}`, async () => {
      const repo = project()
      const folder = setUp(repo)
      const before = snapshot(folder)
      await installGitHooks({cwd: repo.path})
      const once = snapshot(folder)
      expect(once).to.not.deep.equal(before)
      await installGitHooks({cwd: repo.path})
      expect(snapshot(folder)).to.deep.equal(once)
      const {hooks} = await uninstallGitHooks({cwd: repo.path})
      expect(snapshot(folder)).to.deep.equal(before)
      expect(new Set(hooks.map(({state}) => state))).to.deep.equal(new Set(['not installed']))
    })

  it('runs what was there first, and respects its exit status', async () => {
    const origin = project()
    const repo = withMig(GitFolder.clone(origin))
    const folder = join(repo.path, '.git/hooks')
    for (const name of ['pre-push', 'pre-commit']) {
      writeFileSync(join(folder, name), existing)
      chmodSync(join(folder, name), 0o755)
    }
    await repo.mig('hooks install')
    repo.revisions('cccc:bbbb').commit('mine')
    const pushed = repo.tryGit('push', '-q', 'origin', 'HEAD:refs/heads/new')
    expect(pushed.output)
      .to.contain('there before: origin')
      .and.to.contain(`HEAD ${repo.id('HEAD')} refs/heads/new`)
    process.env['STATUS'] = '3'
    try {
      expect(repo.tryGit('push', '-q', 'origin', 'HEAD:refs/heads/other').status).to.equal(1)
      expect(repo.tryGit('commit', '-q', '--allow-empty', '-m', 'x').status).to.equal(1)
    } finally {
      delete process.env['STATUS']
    }
  })

  it('runs beside husky, which gets its input all the same', async () => {
    const origin = project()
    const repo = withMig(GitFolder.clone(origin))
    setUps['beside husky']?.(repo)
    repo.write({'.husky/pre-push': 'echo "husky read: $(cat)"\n'})
    expect((await repo.mig('hooks install')).stdout).to.contain('They are run by husky.')
    repo.revisions('cccc:bbbb').write({[fileOf('dddd')]: 'export const downRevision = null'})
    repo.git('add', '-A')
    const stopped = repo.tryGit('commit', '-q', '-m', 'broken')
    expect(stopped.status).to.equal(1)
    expect(stopped.output).to.contain('dddd_add_dddd.ts:1:').and.not.to.contain('husky has this')
    repo.remove(fileOf('dddd')).git('add', '-A')
    expect(repo.tryGit('commit', '-q', '-m', 'good').output).to.contain('husky has this')
    expect(repo.tryGit('push', '-q', 'origin', 'HEAD:refs/heads/new').output).to.contain('husky read: HEAD')
  })

  it('serves several projects of one repository, and linked work trees', async () => {
    const repo = GitFolder.init().write({'.gitignore': 'node_modules\n'})
    for (const name of ['a', "b c's"]) {
      repo.write({[`packages/${name}/mig.config.js`]: 'export default {}'})
      repo.revisions('aaaa', `packages/${name}/${versions}`)
    }
    withMig(repo).commit('first')
    for (const name of ['a', "b c's"]) await installGitHooks({cwd: join(repo.path, 'packages', name)})
    repo.write({[`packages/b c's/${fileOf('bbbb')}`]: 'export const downRevision = null'}).git('add', '-A')
    expect(repo.tryGit('commit', '-q', '-m', 'broken').status).to.equal(1)
    await uninstallGitHooks({cwd: join(repo.path, "packages/b c's")})
    expect(repo.tryGit('commit', '-q', '-m', 'nobody looks any more').status).to.equal(0)
    expect(readFileSync(join(repo.path, '.git/hooks/pre-commit'), 'utf8')).to.contain('packages/a')
    const path = `${repo.path} linked`
    repo.git('worktree', 'add', '-q', '-b', 'linked', path)
    const linked = new GitFolder(repo.folder, path)
    symlinkSync(join(repo.path, 'node_modules'), join(path, 'node_modules'))
    writeFileSync(join(path, 'packages/a', fileOf('bbbb')), 'export const downRevision = null')
    linked.git('add', '-A')
    expect(linked.tryGit('commit', '-q', '-m', 'broken').status).to.equal(1)
    expect((await linked.mig('hooks status', {cwd: join(path, 'packages/a')})).stdout).to.match(/^pre-push +installed/m)
  })

  for (const manager of ['git', 'husky', 'lefthook'])
    it(`installs and removes the hooks that are named, with ${manager}`, async () => {
      const repo = project()
      if (manager === 'lefthook') repo.write({'lefthook.yml': 'pre-push:\n  commands: {}\n'})
      if (manager === 'husky') {
        repo.write({'.husky/_/h': '#!/bin/sh\n'})
        repo.git('config', 'core.hooksPath', '.husky/_')
      }
      const installed = async (args: string): Promise<readonly string[]> => {
        const {stdout} = await repo.mig(`hooks ${args} --json`)
        const {hooks} = JSON.parse(stdout) as {
          readonly hooks: readonly {readonly hook: string; readonly state: string}[]
        }
        return hooks.filter(({state}) => state === 'installed').map(({hook}) => hook)
      }
      expect(await installed('install pre-commit')).to.deep.equal(['pre-commit'])
      expect(await installed('install pre-push post-merge')).to.deep.equal(['post-merge', 'pre-commit', 'pre-push'])
      expect(await installed('uninstall pre-commit pre-push')).to.deep.equal(['post-merge'])
      expect(await installed('install')).to.deep.equal([...hookNames])
      expect(await installed('uninstall')).to.deep.equal([])
      expect(await installed('status')).to.deep.equal([])
      if (manager === 'lefthook') expect(repo.folder.list()).not.to.include('lefthook-local.yml')
      for (const [args, stderr] of [
        ['install pre-comit', 'error: Unknown hook pre-comit.\nhint: Did you mean pre-commit?\n'],
        ['uninstall pre-comit', 'error: Unknown hook pre-comit.\nhint: Did you mean pre-commit?\n'],
        ['status extra', 'error: `mig hooks status` takes no hook names, but received extra.\n'],
      ]) {
        const result = await repo.mig(`hooks ${args}`)
        expect([result.status, result.stderr]).to.satisfy(
          ([status, text]: [number, string]) => status === 2 && text.startsWith(stderr ?? ''),
        )
      }
    })

  it('is for the submodule that the revisions are in', async () => {
    const outer = GitFolder.init()
    outer.git('submodule', '--quiet', 'add', `file://${project().path}`, 'db')
    const {hooks} = await installGitHooks({cwd: join(outer.path, 'db')})
    expect(hooks[0]?.file).to.equal('../.git/modules/db/hooks/post-merge')
    expect(hooks[0]?.state).to.equal('installed')
  })

  it('does nothing on a branch that is older than the project', async () => {
    const repo = GitFolder.init().write({'README.md': 'text'})
    repo.commit('before')
    repo.git('switch', '-q', '-c', 'work')
    repo.write({'mig.config.js': 'export default {}\n'}).revisions('aaaa').commit('first')
    await repo.mig('hooks install')
    expect(repo.tryGit('switch', '-q', 'main')).to.deep.equal({output: '', status: 0})
    expect(repo.tryGit('commit', '-q', '--allow-empty', '-m', 'x')).to.deep.equal({output: '', status: 0})
  })

  it('refuses a folder that cannot be written, a hook kept twice, and what is no hook', async () => {
    const repo = project()
    repo.git('config', 'core.hooksPath', 'mig.config.js')
    const unwritable = await rejectionOf('FILE_UNWRITABLE', async () => installGitHooks({cwd: repo.path}))
    expect(unwritable.message).to.contain('mig.config.js/post-merge cannot be written: ')
    repo.git('config', '--unset', 'core.hooksPath')
    repo.write({'.git/hooks/post-merge': existing, '.git/hooks/post-merge.before-mig': '#!/bin/sh\n'})
    await rejectionOf('FILE_EXISTS', async () => installGitHooks({cwd: repo.path}))
    const {stderr, status} = await repo.mig('hooks run post-mrge')
    expect([stderr.split('\n')[0], status]).to.deep.equal(['error: Unknown hook post-mrge.', 2])
    await rejectionOf('GIT_UNAVAILABLE', async () => installGitHooks({cwd: new Folder().writeGraph('a').path}))
    expect((await repo.mig('hooks run nope --json')).stdout).to.contain('UNKNOWN_HOOK')
    expect((await repo.mig('hooks run')).stderr).to.contain('No hook name was given.')
  })
})
