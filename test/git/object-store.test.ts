import {randomBytes} from 'node:crypto'
import {chmodSync, cpSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {ObjectStore} from '../../src/git/object-store.ts'
import {readObjects} from '../../src/git/read-objects.ts'
import {GitFolder} from '../support/git.ts'

/** A history of every type of object, with texts that git stores as changes of each other. */
function history(): GitFolder {
  const repo = GitFolder.init()
  const lines = Array.from({length: 200}, (_, i) => `line ${i} ${'x'.repeat(i % 40)}`)
  for (let i = 0; i < 20; i++) {
    lines[i * 7] = `changed in ${i}`
    repo.write({'text.txt': lines.join('\n'), [`files/${i}.txt`]: `file ${i}\n`}).commit(`change ${i}`)
  }
  repo.write({'empty.txt': '', 'ä.txt': 'ä\n'})
  writeFileSync(join(repo.path, 'random.bin'), randomBytes(300_000))
  repo.commit('other files')
  repo.git('tag', '-a', 'v1', '-m', 'version 1')
  return repo
}

function packFile(repo: GitFolder, extension: string): string {
  const folder = join(repo.path, '.git/objects/pack')
  const file = join(folder, readdirSync(folder).find((name) => name.endsWith(extension)) ?? '')
  chmodSync(file, 0o644)
  return file
}

const forms: Readonly<Record<string, (repo: GitFolder) => void>> = {
  'files of their own': () => {},
  'a pack': (repo) => repo.git('gc', '-q'),
  'a pack with long chains of changes': (repo) => repo.git('repack', '-adfq', '--depth=100', '--window=100'),
  'a pack with changes of objects that are named by their ids': (repo) =>
    repo.git('-c', 'repack.useDeltaBaseOffset=false', 'repack', '-adfq', '--depth=100', '--window=100'),
  'a pack without changes': (repo) => repo.git('repack', '-adfq', '--depth=0'),
  'a pack without compression': (repo) => repo.git('-c', 'pack.compression=0', 'repack', '-adFq'),
  'several packs, and files': (repo) => {
    repo.git('repack', '-adq')
    repo.write({'text.txt': 'short\n'}).commit('in a second pack')
    repo.git('repack', '-dq')
    repo.write({'text.txt': 'shorter\n'}).commit('in no pack')
  },
  'an index with large positions': (repo) => {
    repo.git('repack', '-adq')
    const pack = packFile(repo, '.pack')
    chmodSync(packFile(repo, '.idx'), 0o644)
    repo.git('index-pack', '--index-version=2,0x40', '-o', `${pack.slice(0, -'.pack'.length)}.idx`, pack)
  },
}

describe('objects of a repository', () => {
  let original: GitFolder
  before(() => {
    original = history()
  })

  function copy(): GitFolder {
    const repo = new GitFolder()
    cpSync(original.path, repo.path, {recursive: true})
    return repo
  }

  for (const [name, arrange] of Object.entries(forms))
    it(`are read as git reads them from ${name}`, async () => {
      const repo = copy()
      arrange(repo)
      const list = repo.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)')
      const known = list.split('\n').map((line) => line.split(' '))
      expect(new Set(known.map(([, type]) => type))).to.deep.equal(new Set(['commit', 'tree', 'blob', 'tag']))
      const contents = await readObjects(
        repo.path,
        known.map(([id = '']) => id),
      )
      const store = new ObjectStore(join(repo.path, '.git'))
      for (const [i, [id = '', type]] of known.entries()) {
        const found = store.read(id)
        expect(found?.type, id).to.equal(type)
        expect(found?.bytes.equals(contents[i] ?? Buffer.alloc(0)), id).to.equal(true)
      }
      expect(store.read('1'.repeat(40))).to.equal(undefined)
    })

  it('are found after git has packed them', () => {
    const repo = copy()
    const store = new ObjectStore(join(repo.path, '.git'))
    repo.git('repack', '-adq')
    expect(store.read(repo.id('HEAD'))?.type).to.equal('commit')
    repo.write({'more.txt': 'more\n'}).commit('more')
    repo.git('gc', '-q', '--prune=now')
    expect(store.read(repo.id('HEAD'))?.type).to.equal('commit')
    expect(store.read(repo.id('HEAD~5'))?.type).to.equal('commit')
  })

  const damage: Readonly<Record<string, readonly [extension: string, (bytes: Buffer) => Buffer]>> = {
    'a pack with other bytes': ['.pack', (bytes) => Buffer.from(bytes.map((byte, i) => (i < 12 ? byte : byte ^ 255)))],
    'a pack with zeros': ['.pack', (bytes) => bytes.fill(0, 12)],
    'a pack that is cut off': ['.pack', (bytes) => bytes.subarray(0, 40)],
    'an empty pack': ['.pack', () => Buffer.alloc(0)],
    'an index that is cut off': ['.idx', (bytes) => bytes.subarray(0, 100)],
    'an index of another version': ['.idx', (bytes) => bytes.fill(0, 0, 8)],
    'an index with positions outside of the pack': ['.idx', (bytes) => bytes.fill(0x7f, bytes.length - 400)],
  }
  for (const [name, [extension, change]] of Object.entries(damage))
    it(`are an error, not a wrong content, in ${name}`, () => {
      const repo = copy()
      repo.git('repack', '-adfq')
      const ids = repo.git('rev-list', '--all', '--objects', '--no-object-names').split('\n')
      const file = packFile(repo, extension)
      writeFileSync(file, change(readFileSync(file)))
      const store = new ObjectStore(join(repo.path, '.git'))
      const unreadable = ids.filter((id) => {
        try {
          store.read(id)
          return false
        } catch {
          return true
        }
      })
      expect(unreadable.length).to.be.above(ids.length / 2)
    })
})
