import {existsSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {expect} from 'chai'
import * as fc from 'fast-check'
import {DiskTree} from '../../src/script/disk.ts'
import {fileNameOf, slugOf} from '../../src/script/file-name.ts'
import {writeRevision} from '../../src/script/new-revision.ts'
import type {NewRevision} from '../../src/script/new-revision.ts'
import {readScriptDirectory} from '../../src/script/script-directory.ts'
import type {ScriptLayout} from '../../src/script/script-directory.ts'
import {shippedTemplate, templateSets} from '../../src/script/template.ts'
import {writeNewFile} from '../../src/script/write.ts'
import {rejectionOf, errorOf} from '../support/errors.ts'
import {Folder} from '../support/folder.ts'

const naming = {fileTemplate: '{revision}_{slug}', truncateSlugLength: 40, timezone: 'UTC'}
const now = new Date('2026-11-21T10:00:00.000Z')
const plain: NewRevision = {message: 'x', downRevisions: [], branchLabels: [], dependsOn: [], revisionId: 'aaaa'}

async function write(
  folder: Folder,
  wanted: Partial<NewRevision>,
  {
    layout = {},
    databases = [],
    names = naming,
  }: {layout?: Partial<ScriptLayout>; databases?: string[]; names?: typeof naming} = {},
): ReturnType<typeof writeRevision> {
  const tree = new DiskTree(folder.path)
  const scripts = await readScriptDirectory(tree, {scriptDirectory: 'migrations', recursive: false, ...layout})
  return writeRevision({...plain, ...wanted}, {scripts, naming: names, databases, root: folder.path, now})
}

describe('script/new-revision', () => {
  for (const {name} of templateSets())
    it(`writes what it reads back, from the template ${name}`, async () => {
      const folder = new Folder()
      const script = shippedTemplate(name, 'script')
      folder.write({[`migrations/script${script.extension}.eta`]: script.text})
      const databases = ['main', 'data warehouse']
      await write(folder, {branchLabels: ['one']}, {databases})
      const wanted = {
        message: "it's a */ `comment`\nover two lines",
        revisionId: 'bbbb',
        downRevisions: ['aaaa'],
        branchLabels: ['left', "r'ight"],
        dependsOn: [],
      }
      const {file} = await write(folder, wanted, {databases})
      expect(file).to.equal(`migrations/versions/bbbb_it_s_a_comment_over_two_lines${script.extension}`)
      const {graph} = await readScriptDirectory(new DiskTree(folder.path), {
        scriptDirectory: 'migrations',
        recursive: false,
      })
      expect(graph.get('bbbb')).to.deep.include({
        message: "it's a */ `comment` over two lines",
        downRevisions: ['aaaa'],
        branchLabels: ['left', "r'ight"],
        dependsOn: [],
        createDate: '2026-11-21T10:00:00.000Z',
      })
      if (name === 'multi-database')
        expect(folder.read(file)).to.contain('upgradeMain').and.to.contain('upgradeDataWarehouse')
    })

  for (const {name} of templateSets())
    it(`lets no name or message end a comment, in the template ${name}`, async () => {
      const script = shippedTemplate(name, 'script')
      // A SQL file cannot name such a parent, and is not written.
      const parent = script.extension === '.sql' ? 'a' : "a*/ process.exit(); '\\u{2028}/*"
      const folder = new Folder().write({
        [`migrations/script${script.extension}.eta`]: script.text,
        'migrations/versions/a.js': `export const revision = ${JSON.stringify(parent)}\nexport const downRevision = null\nexport function upgrade() {}\n`,
      })
      const message = 'one\rdrop table t;\u{2028}drop table t;\n*/ process.exit()'
      const {file} = await write(folder, {message, downRevisions: [parent]}, {databases: ['main']})
      const text = folder.read(file)
      expect(text).to.not.match(/[\r\u2028]/)
      const code = text.replaceAll(/\/\*.*?\*\/|^(?:--|\/\/).*$/gms, '').replaceAll(/'(?:\\.|[^'])*'/g, '')
      expect(code).to.not.match(/process|drop/)
    })

  it('writes dependencies in full, and labels as they are', async () => {
    const folder = new Folder().write({'migrations/x': ''})
    await write(folder, {revisionId: 'abcdef012345', branchLabels: ['billing']})
    await write(folder, {revisionId: 'fedcba'})
    const {file} = await write(folder, {revisionId: 'cccc', dependsOn: ['billing', 'fedc']})
    expect(folder.read(file)).to.contain("export const dependsOn = ['billing', 'fedcba']")
  })

  it('makes up an id of twelve hexadecimal digits', async () => {
    const folder = new Folder().write({'migrations/x': ''})
    expect((await write(folder, {revisionId: undefined})).id).to.match(/^[0-9a-f]{12}$/)
  })

  it('uses the template of the script directory, and its extension', async () => {
    const folder = new Folder().write({
      'migrations/script.js.eta':
        'export const revision = <%= literal(revision) %>\nexport const downRevision = null\nexport async function upgrade() { /* <%= message %> */ }\n',
    })
    const {file} = await write(folder, {message: 'mine'})
    expect(file).to.equal('migrations/versions/aaaa_mine.js')
    expect(folder.read(file)).to.contain('/* mine */')
  })

  it('names a template that cannot be filled in', async () => {
    const folder = new Folder().write({'migrations/script.ts.eta': 'x <%= nope.y %>'})
    expect((await rejectionOf('TEMPLATE_FAILED', () => write(folder, {}))).message).to.contain('nope is not defined')
    expect(existsSync(join(folder.path, 'migrations/versions'))).to.equal(false)
  })

  const code = shippedTemplate('generic', 'script').text
  const sql = shippedTemplate('sql', 'script').text
  const without = (text: string, start: string): string => text.replace(new RegExp(`^${start}.*$`, 'gm'), '')
  const incomplete: readonly {readonly name: string; readonly files: Record<string, string>; readonly lost: string}[] =
    [
      ...(['revision', 'downRevision', 'branchLabels', 'dependsOn'] as const).map((name) => ({
        name: `code without ${name}`,
        files: {'migrations/script.ts.eta': without(code, `export const ${name} `)},
        lost: name,
      })),
      {
        name: 'code with the labels of another revision',
        files: {'migrations/script.ts.eta': code.replace('literal(branchLabels)', "'main'")},
        lost: 'branchLabels',
      },
      {
        name: 'code without a header',
        files: {'migrations/script.ts.eta': '// <%= message %>\nexport const up = 1\n'},
        lost: 'revision',
      },
      {
        name: 'code without an upgrade',
        files: {'migrations/script.ts.eta': without(code, 'export async function upgrade')},
        lost: 'export async function upgrade',
      },
      ...(['revision', 'revises', 'branch labels', 'depends on'] as const).map((name) => ({
        name: `SQL without ${name}`,
        files: {'migrations/script.sql.eta': without(sql, `-- ${name}:`)},
        lost: name,
      })),
      {name: 'another extension', files: {'migrations/script.test.ts.eta': code}, lost: 'bbbb_x.test.ts'},
    ]
  for (const {name, files, lost} of incomplete)
    it(`refuses a template that loses something: ${name}`, async () => {
      const folder = new Folder().write({'migrations/x': ''})
      await write(folder, {})
      folder.write(files)
      const error = await rejectionOf('TEMPLATE_FAILED', () =>
        write(folder, {revisionId: 'bbbb', downRevisions: ['aaaa'], branchLabels: ['b'], dependsOn: ['aaaa']}),
      )
      expect(error.message).to.contain(Object.keys(files)[0]).and.to.contain(lost)
      expect(folder.list('migrations/versions')).to.have.length(1)
    })

  it('writes nothing when the graph would not be sound', async () => {
    const folder = new Folder().write({'migrations/x': ''})
    await write(folder, {branchLabels: ['x']})
    await rejectionOf('DUPLICATE_LABEL', () => write(folder, {revisionId: 'bbbb', branchLabels: ['x']}))
    await rejectionOf('DUPLICATE_REVISION', () => write(folder, {}))
    await rejectionOf('REVISION_NOT_FOUND', () => write(folder, {revisionId: 'cccc', dependsOn: ['nope']}))
    expect(folder.list('migrations/versions')).to.have.length(1)
  })

  const names: {name: string; wanted: Partial<NewRevision>}[] = [
    {name: 'an id that means something else', wanted: {revisionId: 'head'}},
    {name: 'an id with a sign', wanted: {revisionId: 'a-b'}},
    {name: 'an id that leaves the folder', wanted: {revisionId: '../../x'}},
    {name: 'an empty id', wanted: {revisionId: ''}},
    {name: 'a label that means something else', wanted: {branchLabels: ['heads']}},
    {name: 'a label with a space', wanted: {branchLabels: ['a b']}},
    {name: 'a label with @', wanted: {branchLabels: ['a@b']}},
    {name: 'a label that looks like a step', wanted: {branchLabels: ['-1']}},
    {name: 'an empty label', wanted: {branchLabels: ['']}},
  ]
  for (const c of names)
    it(`refuses ${c.name}`, async () => {
      await rejectionOf('INVALID_NAME', () => write(new Folder().write({'migrations/x': ''}), c.wanted))
    })

  it('puts a file where it was asked for, or beside what it comes after, or asks', async () => {
    const folder = new Folder().write({'one/x': '', 'two/x': ''})
    const layout = {versionLocations: ['one', 'two'], recursive: true}
    const error = await rejectionOf('VERSION_PATH_UNKNOWN', () => write(folder, {}, {layout}))
    expect(error.hint).to.equal('Use `--version-path` with one of one or two.')
    expect((await write(folder, {versionPath: 'two/2026/'}, {layout})).file).to.equal('two/2026/aaaa_x.ts')
    expect((await write(folder, {revisionId: 'bbbb', downRevisions: ['aaaa']}, {layout})).file).to.equal(
      'two/bbbb_x.ts',
    )
    const outside = {revisionId: 'cccc', versionPath: 'elsewhere'}
    await rejectionOf('VERSION_PATH_UNKNOWN', () => write(folder, outside, {layout}))
  })
})

describe('script/file-name', () => {
  const cases = [
    {template: '{revision}_{slug}', message: 'Add e-mail to Users!', name: 'abc_add_e_mail_to_users'},
    {template: '{revision}_{slug}', message: '', name: 'abc'},
    {template: '{revision}_{slug}', message: 'Größe ändern', name: 'abc_große_andern'},
    {template: '{year}/{month}/{day}_{hour}{minute}{second}_{revision}', message: 'x', name: '2026/11/21_110000_abc'},
    {template: '{epoch}-{revision}-{slug}', message: 'x y', name: '1795255200-abc-x_y'},
    {template: '{slug}/{revision}', message: '', name: '/abc'},
  ]
  for (const c of cases)
    it(`makes "${c.name}" of ${c.template} and "${c.message}"`, () => {
      const berlin = {fileTemplate: c.template, truncateSlugLength: 40, timezone: 'Europe/Berlin'}
      expect(fileNameOf(berlin, 'abc', c.message, now)).to.equal(c.name)
    })

  it('cuts a slug between words, or a word that is too long', () => {
    expect(slugOf('one two three four', 12)).to.equal('one_two')
    expect(slugOf('one two', 7)).to.equal('one_two')
    expect(slugOf('incomprehensibilities', 7)).to.equal('incompr')
  })

  it('never makes a name that is no name', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({min: 1, max: 50}), (message, longest) => {
        const slug = slugOf(message, longest)
        expect(slug).to.match(/^[\p{L}\p{N}_]*$/u)
        expect(slug.length).to.be.at.most(longest)
      }),
    )
  })
})

describe('script/write', () => {
  it('writes over nothing, and leaves nothing behind', () => {
    const folder = new Folder().write({'a.ts': 'first'})
    errorOf('FILE_EXISTS', () => writeNewFile(join(folder.path, 'a.ts'), 'second', 'a.ts'))
    expect(folder.read('a.ts')).to.equal('first')
    expect(readdirSync(folder.path)).to.deep.equal(['a.ts'])
  })

  it('makes the folders on the way', () => {
    const folder = new Folder()
    writeNewFile(join(folder.path, 'a/b/c.ts'), 'text', 'c.ts')
    expect(folder.list()).to.deep.equal(['a/b/c.ts'])
  })

  it('names a file that it cannot write', () => {
    const folder = new Folder().write({a: 'a file where a folder should be'})
    const error = errorOf('FILE_UNWRITABLE', () => writeNewFile(join(folder.path, 'a/b.ts'), 'text', 'a/b.ts'))
    expect(error.message).to.match(/^a\/b\.ts cannot be written: /)
  })
})
