import {expect} from 'chai'
import {contentIdOf} from '../../src/script/content-id.ts'
import type {FileTree} from '../../src/script/file-tree.ts'
import {KnownRevisions} from '../../src/script/known-revisions.ts'
import {readScriptDirectory} from '../../src/script/script-directory.ts'

const text = (id: string, down: string | null, more = ''): string =>
  `export const revision = '${id}'\nexport const downRevision = ${down === null ? 'null' : `'${down}'`}\nexport async function upgrade() {}\n${more}`

const folder = 'migrations/versions'

/** A tree that records which files are read, and knows the ids of contents if it is that of a commit. */
class RecordingTree implements FileTree {
  readonly reads: string[] = []
  readonly #files: ReadonlyMap<string, string>
  readonly #isCommit: boolean

  constructor(files: Readonly<Record<string, string>>, isCommit: boolean) {
    this.#files = new Map(Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]))
    this.#isCommit = isCommit
  }

  async list(): Promise<readonly string[]> {
    return [...this.#files.keys()]
  }

  async read(paths: readonly string[]): Promise<readonly string[]> {
    this.reads.push(...paths.map((path) => path.slice(folder.length + 1)))
    return paths.map((path) => this.#files.get(path) ?? '')
  }

  contentId(path: string): string | undefined {
    return this.#isCommit ? contentIdOf(this.#files.get(path) ?? '') : undefined
  }

  absolute(path: string): string {
    return path
  }

  async import(): Promise<never> {
    throw new Error('nothing is run')
  }
}

const workTree = {'a.ts': text('a', null), 'b.ts': text('b', 'a'), 'notes.ts': '// no revision\n'}

const cases: Readonly<
  Record<string, {readonly commit: Readonly<Record<string, string>>; readonly reads: string; readonly heads: string}>
> = {
  'the same files': {commit: workTree, reads: 'notes.ts', heads: 'b'},
  'another text': {commit: {...workTree, 'b.ts': text('b', 'a', '// more\n')}, reads: 'b.ts notes.ts', heads: 'b'},
  'another name': {commit: {'a.ts': workTree['a.ts'], 'c.ts': workTree['b.ts']}, reads: 'c.ts', heads: 'b'},
  'another revision': {commit: {...workTree, 'c.ts': text('c', 'a')}, reads: 'c.ts notes.ts', heads: 'b c'},
  'fewer revisions': {commit: {'a.ts': workTree['a.ts']}, reads: '', heads: 'a'},
  'a file of a known name that is another revision': {
    commit: {'a.ts': text('z', null)},
    reads: 'a.ts',
    heads: 'z',
  },
}

describe('revisions that were read already', () => {
  const layout = {scriptDirectory: 'migrations', recursive: false}
  for (const [name, {commit, reads, heads}] of Object.entries(cases))
    it(`are not read again from a commit with ${name}`, async () => {
      const known = new KnownRevisions()
      const {graph} = await readScriptDirectory(new RecordingTree(workTree, false), layout, known)
      const tree = new RecordingTree(commit, true)
      const found = await readScriptDirectory(tree, layout, known)
      expect(tree.reads.join(' ')).to.equal(reads)
      expect(found.graph.heads.join(' ')).to.equal(heads)
      expect(found.graph === graph).to.equal(commit === workTree)
      const unknown = await readScriptDirectory(new RecordingTree(commit, true), layout)
      expect(found.graph.revisions.map(({id, file}) => [id, file])).to.deep.equal(
        unknown.graph.revisions.map(({id, file}) => [id, file]),
      )
    })
})
