import {existsSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect} from 'chai'
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

  it('has types that import nothing but Node and the dependencies of the package', () => {
    const {dependencies} = JSON.parse(readFileSync('package.json', 'utf8')) as {dependencies: Record<string, string>}
    const isInstalled = (name: string): boolean =>
      name.startsWith('node:') || Object.keys(dependencies).some((own) => name === own || name.startsWith(`${own}/`))
    const files = new Set(['dist/src/index.d.ts'])
    const others: string[] = []
    // Files that are added meanwhile are visited, too.
    for (const file of files)
      for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](?<name>[^'"]+)['"]/g))
        if (name.startsWith('.')) files.add(join(dirname(file), name.replace(/\.ts$/, '.d.ts')))
        else if (!isInstalled(name)) others.push(`${name} in ${file}`)
    expect(files.size).to.be.greaterThan(100)
    expect(others).to.deep.equal([])
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
