import {execFileSync} from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import {expect} from 'chai'
import {locateRepository} from '../../src/git/locate.ts'
import {recordProgram} from '../../src/git/start-script.ts'
import {run} from '../support/cli.ts'
import type {CliResult} from '../support/cli.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'
import {gitEnvironment, GitFolder} from '../support/git.ts'

const program = 'node_modules/migdag/bin/mig.js'
const broken = {'migrations/versions/cccc_add_cccc.ts': 'export const downRevision = null'}

/** A project with mig among its packages, as a package manager links it. */
function installed(below = ''): GitFolder {
  const repo = GitFolder.init().write({
    '.gitignore': 'node_modules\n',
    [`${below}mig.config.js`]: 'export default {}\n',
  })
  repo.revisions('aaaa bbbb:aaaa', `${below}migrations/versions`).commit('first')
  mkdirSync(join(repo.path, below, 'node_modules/.bin'), {recursive: true})
  symlinkSync(resolve('.'), join(repo.path, below, 'node_modules/migdag'))
  symlinkSync('../migdag/bin/mig.js', join(repo.path, below, 'node_modules/.bin/mig'))
  return repo
}

/** Runs the mig of the project, as `npx` does. */
async function migIn(cwd: string, ...args: readonly string[]): Promise<CliResult> {
  return run(process.execPath, [join(cwd, 'node_modules/.bin/mig'), ...args], {cwd, env: gitEnvironment})
}

const startOf = (repo: GitFolder): string => join(repo.path, '.git/mig/start')

/** Commits a revision that cannot be read, and returns all that git and its hooks print. */
function commitBroken(repo: GitFolder, below = ''): {readonly output: string; readonly status: number} {
  repo.write(Object.fromEntries(Object.entries(broken).map(([name, text]) => [below + name, text])))
  repo.git('add', below === '' ? 'migrations' : below)
  return repo.tryGit('commit', '-q', '-m', 'broken')
}

describe('the mig that git hooks run', () => {
  it('is the one that has installed them, whatever is in the checkout', async () => {
    const repo = installed()
    const {stdout} = await migIn(repo.path, 'hooks', 'install')
    expect(stdout).to.contain(`They run ${join(repo.path, program)}.\n`)
    expect(commitBroken(repo).status).to.equal(1)
    expect((await migIn(repo.path, 'hooks', 'uninstall')).stdout).not.to.contain('They run')
    expect(locateRepository(repo.path)?.root).to.equal(repo.path)
    expect(repo.git('status', '--porcelain', '--ignored')).not.to.contain('start')
  })

  const evil = '#!/bin/sh\necho evil\n'
  const replacements: Readonly<Record<string, (repo: GitFolder) => string>> = {
    'the link of the program': (repo) => {
      repo.remove('node_modules/.bin/mig').write({'node_modules/.bin/mig': evil})
      repo.git('add', '-f', 'node_modules/.bin/mig')
      return 'git tracks node_modules/.bin/mig'
    },
    'the package': (repo) => {
      repo.remove('node_modules/migdag').write({[program]: 'console.log("evil")'})
      repo.git('add', '-f', 'node_modules/migdag')
      return `git tracks ${program}`
    },
    'a package that mig imports': (repo) => {
      repo.write({'node_modules/kysely/index.js': 'console.log("evil")'})
      repo.git('add', '-f', 'node_modules/kysely')
      return 'git tracks node_modules/kysely/index.js'
    },
    'all packages': (repo) => {
      repo.remove('node_modules').write({'elsewhere/migdag/bin/mig.js': 'console.log("evil")'})
      symlinkSync('elsewhere', join(repo.path, 'node_modules'))
      repo.git('add', '-f', '-A')
      return 'git tracks node_modules'
    },
  }
  for (const [name, replace] of Object.entries(replacements))
    it(`is not run where a checkout has replaced ${name}`, async () => {
      const repo = installed()
      await migIn(repo.path, 'hooks', 'install')
      const reason = replace(repo)
      expect(commitBroken(repo)).to.deep.equal({
        output: `mig: hooks do not run ${join(repo.path, program)}, because ${reason}\n`,
        status: 0,
      })
      const refused = await repo.mig('hooks status')
      expect(refused.status).to.equal(0)
    })

  it('is not run where files of a commit are left in its place, whatever PATH has', async () => {
    const repo = installed()
    const installedPackage = join(repo.path, 'node_modules/migdag')
    repo.remove('node_modules/migdag')
    for (const name of ['package.json', 'oclif.manifest.json', 'bin', 'dist'])
      cpSync(name, join(installedPackage, name), {recursive: true})
    for (const name of ['libpg-query', '@pgsql/types'])
      cpSync(join('node_modules', name), join(repo.path, 'node_modules', name), {recursive: true})
    await migIn(repo.path, 'hooks', 'install')
    expect(commitBroken(repo).status).to.equal(1)
    const refused = {
      output: `mig: hooks do not run ${join(repo.path, program)}, because it has changed since they were installed; if you have updated it, run \`npx --no-install mig hooks install\`\n`,
      status: 0,
    }
    const chunk = readdirSync(join(installedPackage, 'dist/chunks')).find((name) => name.endsWith('.js')) ?? ''
    const left: Readonly<Record<string, string>> = {
      [program]: 'console.log("evil")',
      [`node_modules/migdag/dist/chunks/${chunk}`]: 'console.log("evil")',
      'node_modules/migdag/dist/main.js': 'console.log("evil")',
      'node_modules/migdag/dist/kysely.js': 'console.log("evil")',
      'node_modules/libpg-query/wasm/index.cjs': 'console.log("evil")',
      'node_modules/migdag/node_modules/libpg-query/index.js': 'console.log("evil")',
    }
    for (const [file, text] of Object.entries(left)) {
      const path = join(repo.path, file)
      const before = existsSync(path) ? readFileSync(path) : undefined
      repo.write({[file]: text})
      expect(commitBroken(repo), file).to.deep.equal(refused)
      repo.git('reset', '-q', 'HEAD~1')
      if (before === undefined) repo.remove('node_modules/migdag/node_modules')
      else writeFileSync(path, before)
    }

    const trap = join(repo.path, '.git/ran')
    for (const name of ['node', 'git']) {
      repo.write({[`node_modules/.bin/${name}`]: `#!/bin/sh\ntouch '${trap}'\necho v24.0.0\n`})
      chmodSync(join(repo.path, 'node_modules/.bin', name), 0o755)
    }
    writeFileSync(startOf(repo), readFileSync(startOf(repo), 'utf8').replace(/^node=.*$/m, 'node=/none'))
    for (const place of ['node_modules/.bin', './node_modules/.bin', join(repo.path, 'node_modules/.bin'), '']) {
      const env = {...gitEnvironment, PATH: `${place}:/usr/bin:/bin`}
      await run('/bin/sh', [startOf(repo), '.', 'hooks', 'run', 'pre-commit'], {cwd: repo.path, env})
      expect(existsSync(trap), place).to.equal(false)
    }
  })

  it('is recorded again by a command of the user after an update, and by nothing else', async () => {
    const repo = installed()
    const copy = join(repo.path, 'node_modules/migdag')
    repo.remove('node_modules/migdag')
    for (const name of ['package.json', 'oclif.manifest.json', 'bin', 'dist'])
      cpSync(name, join(copy, name), {recursive: true})
    for (const name of ['libpg-query', '@pgsql/types'])
      cpSync(join('node_modules', name), join(repo.path, 'node_modules', name), {recursive: true})
    await migIn(repo.path, 'hooks', 'install')
    const manifest = readFileSync(join(copy, 'package.json'), 'utf8')
    const change = (file: string, text: string): void => writeFileSync(join(copy, file), text)
    const isChecked = (): boolean => {
      const {output, status} = commitBroken(repo)
      repo.git('reset', '-q', status === 0 ? 'HEAD~1' : 'HEAD')
      repo.remove(Object.keys(broken)[0] ?? '')
      if (status === 0) expect(output).to.contain('because it has changed since they were installed')
      return status !== 0
    }
    change('package.json', manifest.replace('"version": "', '"version": "9.'))
    expect(isChecked()).to.equal(false)
    expect(isChecked()).to.equal(false)
    expect((await migIn(repo.path, 'heads')).status).to.equal(0)
    expect(isChecked()).to.equal(true)

    change('dist/chunks/left.js', '')
    change('bin/mig.js', `${readFileSync(join(copy, 'bin/mig.js'), 'utf8')}// left by a checkout\n`)
    expect((await migIn(repo.path, 'heads')).status).to.equal(0)
    expect(isChecked()).to.equal(false)

    change('package.json', manifest)
    repo.git('add', '-f', 'node_modules/migdag/package.json')
    const before = readFileSync(startOf(repo), 'utf8')
    expect((await migIn(repo.path, 'heads')).status).to.equal(0)
    expect(readFileSync(startOf(repo), 'utf8')).to.equal(before)
  })

  it('is not run where a checkout has replaced a folder above it, nor where another work tree has', async () => {
    const repo = installed('packages/db/')
    await migIn(join(repo.path, 'packages/db'), 'hooks', 'install')
    expect(commitBroken(repo, 'packages/db/').status).to.equal(1)
    const linked = new GitFolder(repo.folder, `${repo.path} linked`)
    repo.git('worktree', 'add', '-q', '-b', 'linked', linked.path)
    repo.git('mv', 'packages', 'elsewhere')
    repo.remove('elsewhere/db/node_modules/migdag').write({'elsewhere/db/node_modules/migdag/bin/mig.js': evil})
    symlinkSync('elsewhere', join(repo.path, 'packages'))
    const path = join(repo.path, 'packages/db/node_modules/migdag/bin/mig.js')
    linked.git('rm', '-q', 'packages/db/migrations/versions/bbbb_add_bbbb.ts')
    expect(linked.tryGit('commit', '-q', '-m', 'x')).to.deep.equal({
      output: `mig: hooks do not run ${path}, because git tracks its folder\n`,
      status: 0,
    })
  })

  it('is said to be gone, to be recorded nowhere, or to need Node.js, in one line', async () => {
    const repo = installed()
    await migIn(repo.path, 'hooks', 'install')
    const text = readFileSync(startOf(repo), 'utf8')
    const path = join(repo.path, program)
    repo.remove('node_modules')
    const gone = `hooks are installed with ${path}, which is gone; install the packages of the project again, or run \`npx --no-install mig hooks install\``
    expect(commitBroken(repo)).to.deep.equal({output: `mig: ${gone}\n`, status: 0})
    expect((await repo.mig('hooks status')).stdout).to.contain(`They do nothing: ${path} is gone.`)

    mkdirSync(join(repo.path, 'node_modules'))
    symlinkSync(resolve('.'), join(repo.path, 'node_modules/migdag'))
    writeFileSync(startOf(repo), text.replace(/^node=.*$/m, 'node=/none'))
    const gitProgram = execFileSync('/bin/sh', ['-c', 'command -v git']).toString().trim()
    const nodes: Readonly<Record<string, string>> = {
      'echo v16.20.2': 'v16.20.2',
      'echo "no version is set" >&2; exit 126': 'none',
      '': 'none',
    }
    for (const [script, found] of Object.entries(nodes)) {
      repo.write({'.git/bin/node': `#!/bin/sh\n${script}\n`})
      symlinkSync(gitProgram, join(repo.path, '.git/bin/git'))
      if (script !== '') chmodSync(join(repo.path, '.git/bin/node'), 0o755)
      const args = [startOf(repo), '.', 'hooks', 'run', 'pre-commit']
      const {stderr, status} = await run('/bin/sh', args, {cwd: repo.path, env: {PATH: join(repo.path, '.git/bin')}})
      const needs = `hooks need Node.js 22.18 or newer, and PATH has ${found}; nothing was checked`
      expect([stderr, status]).to.deep.equal([`mig: ${needs}, as with \`git commit --no-verify\`\n`, 0])
      repo.remove('.git/bin')
    }

    repo.remove('.git/mig')
    repo.git('commit', '-q', '--no-verify', '--allow-empty', '-m', 'x')
    expect(repo.tryGit('commit', '-q', '--allow-empty', '-m', 'x')).to.deep.equal({
      output: 'mig: no mig is recorded in this clone for its hooks; run `npx --no-install mig hooks install`\n',
      status: 0,
    })
    expect((await repo.mig('hooks status')).stdout).to.contain('They do nothing: no mig is recorded in this clone.')
  })

  it('is refused when git tracks it, by its path or by what that leads to', async () => {
    const repo = installed()
    repo.write({'tools/mig.js': ''}).git('add', '-f', '-A')
    const {stderr, status} = await migIn(repo.path, 'hooks', 'install')
    expect([status, stderr]).to.deep.equal([
      1,
      `error: Hooks cannot run ${join(repo.path, program)}: git tracks node_modules/.bin/mig, so a checkout could replace it.\nhint: Run \`git rm -r --cached node_modules\` and ignore the folder, or use a mig that is installed elsewhere.\n`,
    ])
    expect((await repo.mig('hooks status')).stdout).not.to.match(/^\S+ +installed/m)
    const place = locateRepository(realpathSync(repo.path))
    const link = join(new Folder().path, 'mig')
    symlinkSync(join(repo.path, 'tools/mig.js'), link)
    if (place === undefined) throw new Error(dirname(link))
    const {message} = await rejectionOf('HOOK_PROGRAM_TRACKED', async () => recordProgram(place, link))
    expect(message).to.contain('git tracks tools/mig.js')
  })

  it('is found from hooks of lefthook and husky', async () => {
    const repo = installed()
    repo.write({'lefthook.yml': 'pre-commit:\n  commands: {}\n'})
    await migIn(repo.path, 'hooks', 'install')
    const yaml = readFileSync(join(repo.path, 'lefthook-local.yml'), 'utf8')
    const command = /pre-commit:\n[^]*?run: (?<json>".*")/.exec(yaml)?.groups?.['json'] ?? '""'
    repo.write(broken).git('add', '-A')
    const script = (JSON.parse(command) as string).replace('{0}', '')
    const {stdout, status} = await run('/bin/sh', ['-c', script], {cwd: repo.path})
    expect(status).to.equal(1)
    expect(stdout).to.contain('cccc_add_cccc.ts:1:')
    expect(yaml).not.to.contain(repo.path)
  })
})
