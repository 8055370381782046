import {rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {mig} from '../support/cli.ts'
import {Folder, revisionText} from '../support/folder.ts'
import {linkPackages} from '../support/packages.ts'

const secret = 'pa55-of-the-database'
const config = `export default {orm: 'postgresql://app:${secret}@127.0.0.1/none'}\n`
const body = 'export async function upgrade(op) {}\n'

function revision(id: string, downRevisions: readonly string[] = [], functions = body): string {
  return revisionText({id, downRevisions: [...downRevisions], branchLabels: [], dependsOn: []}, functions)
}

const sql = '-- revision: bbbb\n-- revises: aaaa\n\n-- upgrade\ncreate table b (n int);\n'
const files = {
  'package.json': '{"type": "module"}',
  'mig.config.js': config,
  'migrations/versions/aaaa.ts': revision('aaaa'),
  'migrations/versions/bbbb.sql': sql,
}

/** A project whose files may be JavaScript. */
function project(changed: Readonly<Record<string, string>> = {}): Folder {
  const folder = new Folder().write({...files, ...changed})
  linkPackages(folder.path, {only: 'esbuild', from: 'esbuild'})
  return folder
}

describe('mig bundle', () => {
  it('writes a file, and only when something changed', async () => {
    const folder = project()
    const call = async (args = ''): Promise<readonly [unknown, string]> => {
      const {status, stdout} = await mig(`bundle --out dist/history.mjs ${args}`, {cwd: folder.path})
      return [status, stdout]
    }
    expect(await call('--check')).to.deep.equal([1, 'dist/history.mjs is out of date\n'])
    expect(folder.list()).to.not.include('dist/history.mjs')
    expect(await call()).to.deep.equal([0, 'wrote dist/history.mjs\n'])
    expect(await call('--check')).to.deep.equal([0, 'dist/history.mjs is up to date\n'])
    expect(await call()).to.deep.equal([0, 'dist/history.mjs is up to date\n'])
    const before = folder.read('dist/history.mjs')
    folder.write({'migrations/versions/bbbb.sql': sql.replace('n int', 'n bigint')})
    expect(await call('--check')).to.deep.equal([1, 'dist/history.mjs is out of date\n'])
    expect(folder.read('dist/history.mjs')).to.equal(before)
    expect(await call()).to.deep.equal([0, 'wrote dist/history.mjs\n'])
    expect(folder.read('dist/history.mjs')).to.equal(before.replace('n int', 'n bigint'))
    const {stdout} = await mig('bundle --out dist/history.mjs --check --json', {cwd: folder.path})
    expect(JSON.parse(stdout)).to.deep.equal({file: 'dist/history.mjs', state: 'up to date', revisions: 2})
  })

  it('contains the revisions that a squash replaces, which databases may have in part', async () => {
    const folder = project({
      'migrations/versions/tttt.sql':
        '-- revision: tttt\n-- revises: base\n-- replaces: aaaa, bbbb\n-- upgrade\ncreate table b (n int);\n',
    })
    const {stdout} = await mig('bundle --out history.mjs --json', {cwd: folder.path})
    expect(JSON.parse(stdout)).to.deep.include({revisions: 3})
    expect(folder.read('history.mjs')).to.include('aaaa.ts').and.to.include('-- replaces: aaaa, bbbb')
  })

  it('writes the same from any folder, with either line end, and nothing of the machine or the database', async () => {
    const one = project()
    const other = project({'migrations/versions/bbbb.sql': sql.replaceAll('\n', '\r\n')})
    await mig('bundle --out history.mjs', {cwd: one.path})
    await mig('bundle --out ../history.mjs', {cwd: join(other.path, 'migrations')})
    const text = one.read('history.mjs')
    expect(other.read('history.mjs')).to.equal(text)
    expect(text).to.not.contain(secret)
    expect(text).to.not.contain(one.path)
    writeFileSync(join(one.path, 'history.mjs'), text.replaceAll('\n', '\r\n'))
    expect(await mig('bundle --out history.mjs --check', {cwd: one.path})).to.include({status: 0})
  })

  it('needs no bundler for a history in SQL', async () => {
    const folder = new Folder().write({...files, 'migrations/versions/bbbb.sql': sql.replace('aaaa', 'base')})
    rmSync(join(folder.path, 'migrations/versions/aaaa.ts'))
    expect(await mig('bundle --out history.mjs', {cwd: folder.path})).to.include({status: 0, stderr: ''})
    const {default: written} = (await import(join(folder.path, 'history.mjs'))) as {readonly default: object}
    expect(written).to.deep.equal({
      format: 1,
      settings: {},
      code: [],
      locations: ['migrations/versions'],
      files: {'migrations/versions/bbbb.sql': {text: sql.replace('aaaa', 'base')}},
    })
  })

  it('contains the settings of an environment, and the names of those that are code', async () => {
    const folder = project({
      'mig.config.js': `export default {
        versionTable: 'one', lockTimeout: '2min', recordDowngrade: true, sharedSchemas: ['shared'], beforeRun() {},
        policy: {unknown: 'allow', heads: 'one'}, fileTemplate: '{revision}',
        environments: {production: {versionTable: 'two', transaction: 'all', tenants: () => []}},
      }`,
    })
    expect(await mig('bundle --out history.mjs -n production', {cwd: folder.path})).to.include({status: 0, stderr: ''})
    const {default: written} = (await import(join(folder.path, 'history.mjs'))) as {readonly default: object}
    expect(written).to.deep.include({
      settings: {
        versionTable: 'two',
        sharedSchemas: ['shared'],
        transaction: 'all',
        lockTimeout: '120000ms',
        policy: {unknown: 'allow', loss: 'report'},
      },
      code: ['tenants', 'beforeRun'],
    })
  })

  const refusals: readonly {
    readonly name: string
    readonly files?: Readonly<Record<string, string>>
    readonly out?: string
    readonly code: string
    readonly message: RegExp
  }[] = [
    {
      name: 'to overwrite a file that is not a bundle',
      files: {'history.mjs': 'export default 1\n'},
      code: 'BUNDLE_REFUSED',
      message: /^history\.mjs is not a bundle\.$/,
    },
    {
      name: 'a file that would be read as a revision',
      out: 'migrations/versions/history.mjs',
      code: 'BUNDLE_REFUSED',
      message: /^migrations\/versions\/history\.mjs is in migrations\/versions, where files are revisions\.$/,
    },
    {
      name: 'a file that is no module',
      out: 'history.json',
      code: 'BUNDLE_REFUSED',
      message: /^history\.json is not a module, whose name ends with \.mjs, \.js, \.mts or \.ts\.$/,
    },
    {
      name: 'several databases',
      files: {'mig.config.js': "export default {databases: {main: {orm: 'sqlite:a'}, reports: {orm: 'sqlite:b'}}}\n"},
      code: 'BUNDLE_REFUSED',
      message: /^The configuration has several databases \(main and reports\), and a bundle is for one\.$/,
    },
    {
      name: 'code that reads files beside it',
      files: {
        'migrations/seed.ts':
          "import {readFileSync} from 'node:fs'\nexport const seed = () => readFileSync(new URL('x.sql', import.meta.url))\n",
        'migrations/versions/aaaa.ts': `import {seed} from '../seed.ts'\n${revision('aaaa', [], 'export async function upgrade(op) { op.execute(String(seed())) }\n')}`,
      },
      code: 'BUNDLE_REFUSED',
      message: /^migrations\/seed\.ts:2 uses import\.meta, which in a bundle does not lead to the file\.$/,
    },
    {
      name: 'CommonJS that requires a package',
      files: {
        'migrations/seed.cjs': "const {existsSync} = require('node:fs')\nexports.seed = existsSync\n",
        'migrations/versions/aaaa.ts': `import {seed} from '../seed.cjs'\n${revision('aaaa')}export {seed}\n`,
      },
      code: 'BUNDLE_REFUSED',
      message: /^migrations\/seed\.cjs calls require\('node:fs'\), which modules do not have\.$/,
    },
    {
      name: 'code with an import that cannot be found',
      files: {'migrations/versions/aaaa.ts': `import {seed} from '../seed.ts'\n${revision('aaaa')}export {seed}\n`},
      code: 'BUNDLE_REFUSED',
      message: /^migrations\/versions\/aaaa\.ts:1: Could not resolve "\.\.\/seed\.ts"\.$/,
    },
    {
      name: 'a graph that is invalid',
      files: {'migrations/versions/cccc.sql': sql.replace('bbbb', 'cccc').replace('aaaa', 'zzzz')},
      code: 'UNKNOWN_DOWN_REVISION',
      message: /zzzz/,
    },
  ]
  for (const {name, files: changed, out = 'history.mjs', code, message} of refusals)
    it(`refuses ${name}`, async () => {
      const folder = project(changed)
      const before = folder.list()
      const {stdout, status} = await mig(`bundle --out ${out} --json`, {cwd: folder.path})
      const {error} = JSON.parse(stdout) as {error: {code: string; message: string; hint: string}}
      expect(error.code, error.message).to.equal(code)
      expect(error.message).to.match(message)
      expect(status).to.equal(1)
      expect(folder.list()).to.deep.equal(before)
    })

  const managers = [
    {lockFile: 'package-lock.json', command: 'npm install --save-dev esbuild'},
    {lockFile: 'pnpm-lock.yaml', command: 'pnpm add --save-dev esbuild'},
    {lockFile: 'yarn.lock', command: 'yarn add --dev esbuild'},
    {lockFile: 'bun.lock', command: 'bun add --dev esbuild'},
  ]
  for (const {lockFile, command} of managers)
    it(`names the command that installs the bundler in a project with ${lockFile}`, async () => {
      const folder = new Folder().write({...files, [lockFile]: ''})
      const {stdout, status} = await mig('bundle --out history.mjs --json', {cwd: folder.path})
      const {error} = JSON.parse(stdout) as {error: {code: string; message: string; hint: string}}
      expect(error).to.include({
        code: 'BUNDLER_MISSING',
        message: 'migrations/versions/aaaa.ts is code, and bundling code requires esbuild, which is not installed.',
        hint: `Run \`${command}\`, or write revisions in SQL, which need no bundler.`,
      })
      expect(status).to.equal(2)
    })
})
