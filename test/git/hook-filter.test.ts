import {chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {execFileSync} from 'node:child_process'
import {join} from 'node:path'
import {expect} from 'chai'
import type {GitFolder} from '../support/git.ts'
import {fileOf, projectWithHooks, versions} from '../support/hooked.ts'

/** Replaces mig by a program that only notes which hooks have started it, and returns those that a function leads to. */
function spied(repo: GitFolder): (act: () => unknown) => readonly string[] {
  const bin = join(repo.path, 'node_modules/.bin/mig')
  const log = join(repo.path, '.git/started')
  rmSync(bin)
  writeFileSync(bin, `#!/bin/sh\necho "$3" >>"${log}"\n`)
  chmodSync(bin, 0o755)
  return (act) => {
    writeFileSync(log, '')
    act()
    return readFileSync(log, 'utf8').split('\n').filter(Boolean)
  }
}

describe('hooks start mig', () => {
  const commit = (repo: GitFolder): unknown => {
    repo.git('add', '-A')
    return repo.git('commit', '-q', '-m', 'work')
  }
  const locations = (...folders: readonly string[]): string =>
    `export default {versionLocations: ${JSON.stringify(folders)}, policy: {headsFile: 'heads.lock'}}\n`

  it('for changes that concern the project, and no others', async () => {
    const {clone, origin} = await projectWithHooks(locations(versions, 'more [1]/versions'))
    const started = spied(clone)
    const write = (files: Readonly<Record<string, string>>) => () => commit(clone.write(files))
    expect(started(write({'README.md': 'text', 'migrations/versions.ts': 'text'}))).to.deep.equal([])
    expect(started(() => clone.git('commit', '-q', '--amend', '--allow-empty', '-m', 'x'))).to.deep.equal([])
    expect(started(() => clone.git('switch', '-q', '-c', 'work', 'HEAD~1'))).to.deep.equal([])
    expect(started(write({[fileOf('bbbb')]: 'text'}))).to.deep.equal(['pre-commit'])
    expect(started(write({'more [1]/versions/a.sql': 'text'}))).to.deep.equal(['pre-commit'])
    expect(started(write({'heads.lock': 'aaaa\n'}))).to.deep.equal(['pre-commit'])
    expect(started(() => commit(clone.remove(fileOf('bbbb'))))).to.deep.equal(['pre-commit'])
    expect(started(() => clone.git('cherry-pick', 'main'))).to.deep.equal([])
    expect(started(() => clone.git('revert', '--no-edit', 'HEAD~1'))).to.deep.equal(['post-commit'])
    clone.git('switch', '-q', '-f', 'main')
    origin.write({other: 'text'}).commit('other')
    expect(started(() => clone.git('pull', '-q', '--no-rebase'))).to.deep.equal([])
    origin.revisions('cccc:bbbb').commit('cccc')
    expect(started(() => clone.git('pull', '-q', '--no-rebase'))).to.deep.equal(['post-merge'])
  })

  it('each time after the configuration has changed, until mig has read it', async () => {
    const {clone} = await projectWithHooks(locations(versions))
    const real = readFileSync(join(clone.path, 'node_modules/.bin/mig'))
    const started = spied(clone)
    clone.write({'mig.config.js': locations(versions, 'elsewhere')})
    const other = (name: string) => () => {
      clone.write({[name]: 'text'}).git('add', name)
      clone.git('commit', '-q', '-m', name)
    }
    expect(started(other('one'))).to.deep.equal(['pre-commit'])
    expect(started(other('two'))).to.deep.equal(['pre-commit'])
    expect((await clone.mig('revision -m first')).status).to.equal(0)
    expect(started(other('three'))).to.deep.equal([])
    expect(started(() => commit(clone))).to.deep.equal(['pre-commit'])
    clone.remove('.git/mig')
    expect(started(other('four'))).to.deep.equal(['pre-commit'])
    writeFileSync(join(clone.path, 'node_modules/.bin/mig'), real)
    other('five')()
    expect(readFileSync(join(clone.path, '.git/mig/watched/files'), 'utf8')).to.contain('\npath elsewhere\n')
    await clone.mig('hooks uninstall')
    expect(existsSync(join(clone.path, '.git/mig/watched/files'))).to.equal(false)
  })
})

describe('hooks of a program whose PATH has', () => {
  const nodes: Readonly<Record<string, string | undefined>> = {
    'no Node.js': undefined,
    'v16.20.2 Node.js': 'echo v16.20.2',
    'a Node.js that cannot start': 'echo "no version is set" >&2; exit 126',
  }
  for (const [name, script] of Object.entries(nodes))
    it(`${name} say so in one line, and let git go on`, async () => {
      const {clone} = await projectWithHooks()
      const bin = join(clone.path, '.git/bin')
      mkdirSync(bin)
      for (const program of ['git', 'sh', 'cat', 'tail', 'cut', 'dirname'])
        symlinkSync(
          execFileSync('sh', ['-c', `command -v ${program}`])
            .toString()
            .trim(),
          join(bin, program),
        )
      if (script !== undefined) writeFileSync(join(bin, 'node'), `#!/bin/sh\n${script}\n`, {mode: 0o755})
      clone.write({[fileOf('cccc')]: 'export const downRevision = null'}).git('add', '-A')
      const path = process.env['PATH']
      process.env['PATH'] = bin
      try {
        const has = name.startsWith('v') ? name : 'no Node.js'
        expect(clone.tryGit('commit', '-q', '-m', 'x')).to.deep.equal({
          output: `mig: nothing was checked, because the PATH of this hook has ${has}, and mig needs 22.18 or newer. \`git commit --no-verify\` skips this hook.\n`,
          status: 0,
        })
        clone.write({text: 'x'}).git('add', 'text')
        expect(clone.tryGit('commit', '-q', '-m', 'x').output).to.equal('')
      } finally {
        process.env['PATH'] = path
      }
    })
})
