import {expect} from 'chai'
import {sourceOf} from '../../src/operations/record.ts'
import {downgradeSqlOf} from '../../src/runner/downgrade-sql.ts'
import {DiskTree} from '../../src/script/disk.ts'
import {loadRevision} from '../../src/script/load.ts'
import {readRevisionFile} from '../../src/script/revision-file.ts'
import type {Dialect} from '../../src/dialects/dialect.ts'
import {dialects} from '../../src/dialects/dialects.ts'
import {operationCases} from '../operations/cases.ts'
import {NOT_SUPPORTED} from '../operations/cases/case.ts'
import type {Expected} from '../operations/cases/case.ts'
import {Folder, revisionText} from '../support/folder.ts'
import {operationRegistry, recorded} from '../support/operations.ts'
import {platforms} from '../support/platforms.ts'

const folder = new Folder()
const contextFor = (dialect: Dialect) => ({
  dialect,
  database: undefined,
  x: {},
  offline: false,
  rehearsing: false,
  registry: operationRegistry,
})

/** Returns what is written down when a file is applied. */
async function kept(file: string, text: string, dialect: Dialect = 'postgresql'): Promise<string | undefined> {
  folder.write({[file]: text})
  const revision = readRevisionFile(file, text)
  if (revision === undefined) throw new Error(`${file} is no revision`)
  const loaded = await loadRevision(new DiskTree(folder.path), revision, 'upgrade', contextFor(dialect))
  return downgradeSqlOf(loaded, contextFor(dialect), platforms[dialect])
}

const script = (body: string): string =>
  revisionText({id: 'aaaa', downRevisions: [], branchLabels: [], dependsOn: []}, body)

const down = (body: string): string =>
  script(`export function upgrade(op) {}\nexport async function downgrade(op) {\n${body}\n}\n`)

describe('the SQL that is kept to revert a revision', () => {
  const cases: Readonly<Record<string, readonly [body: string, sql: string | undefined]>> = {
    'calls of op': [down("op.dropTable('a'); op.execute('drop view b;')"), 'drop table "a";\ndrop view b;'],
    'a condition on the dialect': [
      down("if (op.dialect === 'postgresql') op.dropTable('a')\nelse op.dropTable('b')"),
      'drop table "a";',
    ],
    'a builder': [down("op.addColumn('a', 'b', (t) => t.integer())"), 'alter table "a" add column "b" integer null;'],
    nothing: [down(''), ''],
    'the inverse of an upgrade without a downgrade': [
      script("export function upgrade(op) {\n op.createTable('a', (t) => ({id: t.integer()}))\n}\n"),
      'drop table "a";',
    ],
    'a comment behind a statement': [down("op.execute('drop view b -- why')"), 'drop view b -- why\n;'],
    'an upgrade that cannot be undone': [
      script("export function upgrade(op) {\n op.execute('drop table a')\n}\n"),
      undefined,
    ],
    'a downgrade that does something else': [down("console.log('never said')\nop.dropTable('a')"), undefined],
    'a downgrade that asks the database': [down("const [a] = await op.query('select 1')"), undefined],
    'a downgrade that hands op on': [down('helper(op)'), undefined],
    'a downgrade outside of the transaction': [down("op.autocommit(() => { op.dropTable('a') })"), undefined],
    'a statement that cannot be in a transaction': [
      down("op.dropIndex('a', {concurrently: true})").replace(
        'export function',
        'export const transactional = false\nexport function',
      ),
      undefined,
    ],
    'a statement that looks like the head of a section': [down('op.execute(`select 1\n-- downgrade\n`)'), undefined],
    'very much SQL': [down(`op.execute("${'drop table a; '.repeat(5000)}")`), undefined],
  }
  for (const [name, [text, sql]] of Object.entries(cases))
    it(`is ${sql === undefined ? 'not known' : 'known'}: ${name}`, async () => {
      expect(await kept(`${name.replaceAll(' ', '-')}.ts`, text)).to.equal(sql)
    })

  it('is the section of a SQL file', async () => {
    const text = (more: string): string =>
      `-- revision: aaaa\n-- revises: none\n${more}\n-- upgrade\nselect 1;\n-- downgrade\ndrop table a;\ndrop table b;\n`
    expect(await kept('a.sql', text(''))).to.equal('drop table a;\ndrop table b;')
    expect(await kept('b.sql', text('-- irreversible: it is gone\n'))).to.equal(undefined)
    expect(await kept('c.sql', text('-- transactional: false\n'))).to.equal(undefined)
  })

  /** Statements that are compiled without a database, and that cannot be kept: a column of SQLite may need a rebuild. */
  const neverKept: Readonly<Record<Dialect, RegExp | undefined>> = {
    postgresql: undefined,
    sqlite: /^alter table \S+ drop column/,
    mysql: /^create (?:function|procedure|trigger)/,
    mariadb: /^create (?:function|procedure|trigger)/,
  }
  for (const [dialect, never] of Object.entries(neverKept) as [Dialect, RegExp | undefined][])
    it(`is divided again into what it is made of, or not known, on ${dialect}`, async () => {
      for (const [i, {name, run, sql}] of operationCases.entries()) {
        const body = recorded(dialect, run).map((one) => sourceOf(operationRegistry.definitionOf(one), one as never))
        const text = await kept(`${dialect}_${i}.ts`, down(body.join('\n')), dialect)
        const parts = text === undefined ? undefined : await dialects[dialect].split(text, true)
        expect(
          parts?.map((part) => part.sql),
          name,
        ).to.deep.equal(keptStatements(sql[dialect], never))
      }
    })
})

/** Returns the statements of a case, if they are all that it takes. */
function keptStatements(expected: Expected, never: RegExp | undefined): readonly string[] | undefined {
  if (expected === NOT_SUPPORTED) return undefined
  const statements = 'code' in expected ? expected.statements : expected
  const found = statements.flatMap((one) => (typeof one === 'string' && one !== NOT_SUPPORTED ? [one] : []))
  return found.length < statements.length || found.some((one) => never?.test(one)) ? undefined : found
}
