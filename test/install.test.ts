import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {oldestMikroOrm} from '../src/runner/connection/project-packages.ts'
import {MikroOrmUnsupportedError} from '../src/runner/errors.ts'
import {run} from './support/cli.ts'
import {Folder} from './support/folder.ts'

interface LockFile {
  readonly packages: Readonly<Record<string, {readonly gypfile?: boolean}>>
}

describe('the installation', () => {
  it('compiles no package', () => {
    const {packages} = JSON.parse(readFileSync('package-lock.json', 'utf8')) as LockFile
    const native = Object.entries(packages).filter(([folder]) => existsSync(join(folder, 'binding.gyp')))
    expect(native.map(([folder]) => folder)).to.include('node_modules/better-sqlite3')
    const compiled = native.filter(([, {gypfile}]) => gypfile !== false).map(([folder]) => folder)
    expect(compiled, '`npm run dependencies` mends package-lock.json').to.deep.equal([])
  })

  it('has types that import nothing but Node and what is installed with the package', () => {
    const {dependencies, peerDependencies} = JSON.parse(readFileSync('package.json', 'utf8')) as Readonly<
      Record<'dependencies' | 'peerDependencies', Readonly<Record<string, string>>>
    >
    // The drivers of MikroORM bring this one.
    const installed = [...Object.keys(dependencies), ...Object.keys(peerDependencies), '@mikro-orm/sql']
    const text = readFileSync('dist/index.d.cts', 'utf8')
    const names = [...text.matchAll(/(?:from |import\()['"](?<name>[^'"]+)['"]/g)].map(([, name = '']) => name)
    expect(names).to.include('@mikro-orm/core')
    expect(names.filter((name) => !name.startsWith('node:') && !installed.includes(name))).to.deep.equal([])
    expect(readFileSync('dist/index.d.ts', 'utf8')).to.equal("export * from './index.cjs'\n")
  })

  it('names the MikroORM that it runs with once', () => {
    const {peerDependencies} = JSON.parse(readFileSync('package.json', 'utf8')) as {
      readonly peerDependencies: Readonly<Record<string, string>>
    }
    const {major, minor} = oldestMikroOrm
    expect(peerDependencies['@mikro-orm/core']).to.equal(`^${major}.${minor}.0`)
    expect(new MikroOrmUnsupportedError('6.0.0').message).to.contain(`needs ${major}.${minor} or a later ${major}.`)
  })

  it('keeps in the lock file that packages are not compiled', async () => {
    const folder = new Folder().write({
      'package-lock.json': `${JSON.stringify({packages: {'': {}, 'node_modules/a': {}, 'node_modules/b': {}, 'node_modules/c': {}}}, undefined, 2)}\n`,
      'node_modules/a/package.json': '{"gypfile": false}',
      'node_modules/b/package.json': '{"gypfile": true}',
    })
    const keep = async (): Promise<LockFile> => {
      const {status, stderr} = await run(process.execPath, [join(process.cwd(), '.ci/keep-gypfile.js')], {
        cwd: folder.path,
      })
      expect([status, stderr]).to.deep.equal([0, ''])
      return JSON.parse(folder.read('package-lock.json')) as LockFile
    }
    const {packages} = await keep()
    expect(packages).to.deep.equal({
      '': {},
      'node_modules/a': {gypfile: false},
      'node_modules/b': {},
      'node_modules/c': {},
    })
    const text = folder.read('package-lock.json')
    await keep()
    expect(folder.read('package-lock.json')).to.equal(text)
  })
})
