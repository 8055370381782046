import {expect} from 'chai'
import {checkFiles} from '../../src/api/checks/check-files.ts'
import {show} from '../../src/api/files/listings.ts'
import {current} from '../../src/api/runs/current.ts'
import {downgrade, stamp, upgrade} from '../../src/api/runs/migrate.ts'
import {status} from '../../src/api/status.ts'
import {contract} from '../support/contract.ts'
import type {Bench} from '../support/contract.ts'

const header = `export const revision = 'a'\nexport const downRevision = null\n`
const code = `import type {Operations} from 'migdag'
${header}
export async function upgrade(op: Operations): Promise<void> {
  for (const column of ['b', 'c']) op.addColumn('t', column, (t) => t.varchar(10))
  op.bulkInsert('t', [{n: 1, b: 'x  y'}])
}
export async function downgrade(op: Operations): Promise<void> {
  op.execute('delete from t')
  for (const column of ['b', 'c']) op.dropColumn('t', column)
}
`
const sql = `-- revision: a
-- revises:
-- upgrade
insert into t (n) values (1);
create table u (a int, b varchar(9) default 'x  y');
-- downgrade
drop table u;
delete from t;
`

interface Edit {
  readonly name: string
  readonly from: string
  readonly to: string
  /** Its name afterwards, if it is renamed. */
  readonly file?: string
}

/** The same revisions, as formatters, people and compilers write them. */
const same: readonly Edit[] = [
  {name: 'formatted', from: code, to: code.replaceAll("'", '"').replaceAll('\n  ', '\n\t\t').replaceAll(')\n', ');\n')},
  {name: 'commented', from: code, to: code.replace('  op.bulk', '  // one row\n  op.bulk')},
  {
    name: 'compiled',
    from: code,
    to: `"use strict";\n${code.replaceAll(/^import.*\n|: Operations|: Promise<void>/gm, '')}//# sourceMappingURL=a.js.map\n`,
    file: 'a.js',
  },
  {name: 'written with a message', from: code, to: `/** add columns */\n${code}`},
  {
    name: 'of SQL, formatted and commented',
    from: sql,
    to: sql
      .replace('(n) values', '(n)\n  values')
      .replace('(a int, b', '(\n  -- two columns\n  a int,\n  b')
      .replace('drop table', '/* all */ drop  table'),
  },
]

/** Revisions that do something else, or may. */
const other: readonly Edit[] = [
  {name: 'with another operation', from: code, to: code.replace("'b', 'c'", "'b', 'd'")},
  {name: 'with another value', from: code, to: code.replace('x  y', 'x y')},
  {name: 'with another downgrade', from: code, to: code.replace('delete from t', 'delete from t where n = 1')},
  {name: 'that is irreversible', from: code, to: code.replace(header, `${header}export const irreversible = 'no'\n`)},
  {
    name: 'without a transaction',
    from: code,
    to: code.replace(header, `${header}export const transactional = false\n`),
  },
  {name: 'of SQL with another literal', from: sql, to: sql.replace('x  y', 'x y')},
  {name: 'of SQL without a downgrade', from: sql, to: sql.slice(0, sql.indexOf('-- downgrade'))},
  {name: 'that cannot be loaded', from: code, to: code.replace('op.execute(', 'op.execute((')},
  {
    name: 'that depends on the environment',
    from: code.replace("'delete from t'", "process.env.NONE ?? 'delete from t'"),
    to: code.replace("'delete from t'", "process.env.NONE ?? 'delete from t' // commented"),
  },
  {
    name: 'that reads the database',
    from: code.replace('  op.bulk', "  await op.query('select 1')\n  op.bulk"),
    to: code.replace('  op.bulk', "  await op.query('select 1') // commented\n  op.bulk"),
  },
  {
    name: 'that depends on a file it imports',
    from: `import {table} from './table.mjs'\n${code.replace("'delete from t'", '`delete from ${table}`')}`,
    to: `import {table} from './table.mjs' // commented\n${code.replace("'delete from t'", '`delete from ${table}`')}`,
  },
]

async function prepare(on: Bench, from: string): Promise<string> {
  on.use('')
  const file = `migrations/versions/a.${from === sql ? 'sql' : 'ts'}`
  on.folder.write({[file]: from, 'migrations/versions/table.mjs': "export const table = 't'\n"})
  await on.database.query('create table t (n integer)')
  return file
}

function edit(on: Bench, file: string, {to, file: renamed}: Edit): void {
  on.folder.remove(file)
  on.folder.write({[renamed === undefined ? file : `migrations/versions/${renamed}`]: to})
}

async function changes(on: Bench): Promise<{edited: string[]; reformatted: string[]}> {
  const {edited, reformatted} = await current({cwd: on.cwd, verbose: true})
  const {database} = await status({cwd: on.cwd})
  expect(database).to.deep.include({edited, reformatted})
  const idsOf = (files: typeof edited): string[] => files.map(({revision}) => revision)
  return {edited: idsOf(edited), reformatted: idsOf(reformatted)}
}

contract('a file that was only reformatted after it was applied is not edited', (on) => {
  for (const each of same)
    it(`does not report a file that was ${each.name}`, async () => {
      const file = await prepare(on, each.from)
      await upgrade({cwd: on.cwd})
      edit(on, file, each)
      expect(await changes(on)).to.deep.equal({edited: [], reformatted: ['a']})
      expect((await checkFiles({cwd: on.cwd})).findings).to.deep.equal([])
      const {revisions} = await show({cwd: on.cwd, target: 'a', diff: true})
      expect(revisions[0]?.differences?.[0]?.state).to.equal('reformatted')
      await downgrade({cwd: on.cwd, target: 'base'})
      expect(await on.state()).to.equal('')
    })

  for (const each of other)
    it(`reports a file ${each.name}`, async () => {
      const file = await prepare(on, each.from)
      await upgrade({cwd: on.cwd})
      edit(on, file, each)
      expect(await changes(on)).to.deep.equal({edited: ['a'], reformatted: []})
      const {findings} = await checkFiles({cwd: on.cwd})
      expect(findings.map(({code: found}) => found)).to.deep.equal(['APPLIED_EDITED'])
      const {revisions} = await show({cwd: on.cwd, target: 'a', diff: true})
      expect(revisions[0]?.differences?.[0]?.state).to.equal('edited')
    })

  it('knows the operations of what was stamped, also when the version table was emptied first', async () => {
    const [formatted] = same
    const file = await prepare(on, code)
    await stamp({cwd: on.cwd, target: 'heads'})
    await stamp({cwd: on.cwd, target: 'heads', purge: true})
    edit(on, file, formatted!)
    expect(await changes(on)).to.deep.equal({edited: [], reformatted: ['a']})
    edit(on, file, other[0]!)
    expect(await changes(on)).to.deep.equal({edited: ['a'], reformatted: []})
  })

  it('stamps a revision that cannot be loaded, and knows nothing of its operations', async () => {
    const file = await prepare(on, other[7]!.to)
    await stamp({cwd: on.cwd, target: 'heads'})
    expect(await on.state()).to.equal('a*')
    edit(on, file, {...other[7]!, to: code})
    expect(await changes(on)).to.deep.equal({edited: ['a'], reformatted: []})
  })
})
