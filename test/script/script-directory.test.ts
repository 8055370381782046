import {execFileSync} from 'node:child_process'
import {chmodSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import {DiskTree} from '../../src/script/disk.ts'
import {readScriptDirectory} from '../../src/script/script-directory.ts'
import type {ScriptLayout} from '../../src/script/script-directory.ts'
import {rejectionOf} from '../support/errors.ts'
import {Folder, revisionText} from '../support/folder.ts'

const text = (id: string, ...downRevisions: string[]): string =>
  revisionText({id, downRevisions, dependsOn: [], branchLabels: []}, 'export async function upgrade() {}\n')

function read(folder: Folder, layout: Partial<ScriptLayout> = {}): ReturnType<typeof readScriptDirectory> {
  return readScriptDirectory(new DiskTree(folder.path), {scriptDirectory: 'migrations', recursive: false, ...layout})
}

async function idsIn(folder: Folder, layout: Partial<ScriptLayout> = {}): Promise<string> {
  return (await read(folder, layout)).graph.revisions.map(({id}) => id).join(' ')
}

describe('script/script-directory', () => {
  it('reads revisions of every kind, in the order of their file names', async () => {
    const folder = new Folder().write({
      'migrations/versions/3.sql': '-- c\n-- revision: c\n-- revises: b\n-- upgrade\nselect 1;\n',
      'migrations/versions/1.ts': text('a'),
      'migrations/versions/2.js': text('b', 'a'),
      'migrations/versions/4.mjs': text('d', 'c'),
      'migrations/versions/5.mts': text('e', 'd'),
    })
    const {graph} = await read(folder)
    expect(graph.revisions.map(({id, file}) => `${id} ${file}`)).to.deep.equal([
      'a migrations/versions/1.ts',
      'b migrations/versions/2.js',
      'c migrations/versions/3.sql',
      'd migrations/versions/4.mjs',
      'e migrations/versions/5.mts',
    ])
    expect(graph.heads).to.deep.equal(['e'])
  })

  it('ignores what is no revision', async () => {
    const folder = new Folder().write({
      'migrations/versions/a.ts': text('a'),
      ...Object.fromEntries(
        [
          'README.md',
          '.b.ts.swp',
          '.c.ts',
          'd.ts~',
          '#e.ts#',
          'f.d.ts',
          'g.test.ts',
          'h.spec.js',
          'i.ts.orig',
          'j.ts.bak',
        ].map((name) => [`migrations/versions/${name}`, text('x')]),
      ),
      'migrations/versions/helper.ts': 'export const twice = 2',
      'migrations/versions/seed.sql': 'insert into t values (1);',
      'migrations/versions/below/k.ts': text('k', 'a'),
    })
    expect(await idsIn(folder)).to.equal('a')
  })

  it('reads folders below only when it is told to', async () => {
    const folder = new Folder().write({
      'migrations/versions/2026/b.ts': text('b', 'a'),
      'migrations/versions/a.ts': text('a'),
    })
    expect(await idsIn(folder, {recursive: true})).to.equal('b a')
  })

  it('reads several locations, each file once', async () => {
    const folder = new Folder().write({
      'one/a.ts': text('a'),
      'two/b.ts': text('b', 'a'),
      'two/more/c.ts': text('c', 'b'),
    })
    expect(await idsIn(folder, {versionLocations: ['one', 'two', 'two/more'], recursive: true})).to.equal('a b c')
  })

  it('takes a location outside of the project', async () => {
    const elsewhere = new Folder().write({'a.ts': text('a')})
    expect(await idsIn(new Folder(), {versionLocations: [elsewhere.path]})).to.equal('a')
  })

  it('takes a script directory whose versions nobody has written yet', async () => {
    expect(await idsIn(new Folder().write({'migrations/script.ts.eta': ''}))).to.equal('')
  })

  it('refuses a script directory and a location that are not there', async () => {
    await rejectionOf('SCRIPT_DIRECTORY_MISSING', () => read(new Folder()))
    const error = await rejectionOf('VERSION_LOCATION_MISSING', () => read(new Folder(), {versionLocations: ['nope']}))
    expect(error.message).to.equal('Version location nope does not exist.')
    const both = await rejectionOf('VERSION_LOCATION_MISSING', () =>
      read(new Folder(), {versionLocations: ['nope', 'neither']}),
    )
    expect(both.message).to.equal('None of the version locations nope and neither exists.')
  })

  for (const versionLocations of [
    ['one', 'missing'],
    ['missing', 'one'],
    ['one', 'missing/below'],
  ])
    it(`takes a missing location as empty: ${versionLocations.join(', ')}`, async () => {
      expect(await idsIn(new Folder().write({'one/a.ts': text('a')}), {versionLocations})).to.equal('a')
    })

  const files: readonly Partial<ScriptLayout>[] = [
    {versionLocations: ['one', 'file']},
    {versionLocations: ['one', 'file/below']},
    {scriptDirectory: 'file'},
  ]
  for (const layout of files)
    it(`refuses a file instead of a folder: ${Object.values(layout).join()}`, async () => {
      const folder = new Folder().write({'one/a.ts': text('a'), file: ''})
      const error = await rejectionOf('FILE_UNREADABLE', () => read(folder, layout))
      expect(error.message).to.match(/^file\S* is not a folder\.$/)
    })

  it('names both files of an id that stands twice, as after a build next to the sources', async () => {
    const folder = new Folder().write({'migrations/versions/a.ts': text('a'), 'migrations/versions/a.js': text('a')})
    const error = await rejectionOf('DUPLICATE_REVISION', () => read(folder))
    expect(error.message).to.contain('in migrations/versions/a.js and in migrations/versions/a.ts')
  })

  it('names the file that has a parent which no file has', async () => {
    const folder = new Folder().write({'migrations/versions/b.ts': text('b', 'gone')})
    const error = await rejectionOf('UNKNOWN_DOWN_REVISION', () => read(folder))
    expect(error.message).to.equal('Revision b (migrations/versions/b.ts) revises unknown revision gone.')
  })

  it('refuses bytes that are not UTF-8', async () => {
    const folder = new Folder().write({'migrations/versions/a.ts': text('a')})
    writeFileSync(join(folder.path, 'migrations/versions/a.ts'), Buffer.from([0x2f, 0x2f, 0xe4, 0x0a]))
    expect((await rejectionOf('NOT_UTF8', () => read(folder))).message).to.contain('migrations/versions/a.ts')
  })

  it('takes a replacement character that is really there', async () => {
    const folder = new Folder().write({'migrations/versions/a.ts': `// \uFFFD\n${text('a')}`})
    expect(await idsIn(folder)).to.equal('a')
  })

  it('names a file that it may not read', async () => {
    const folder = new Folder().write({'migrations/versions/a.ts': text('a')})
    // Whoever is root may read everything, so a file is tried that nobody can: a link to itself.
    execFileSync('ln', ['-sf', 'a.ts', join(folder.path, 'migrations/versions/a.ts')])
    expect((await rejectionOf('FILE_UNREADABLE', () => read(folder))).message).to.contain('migrations/versions/a.ts')
    chmodSync(folder.path, 0o755)
  })
})
