import {expect} from 'chai'
import {downgrade, upgrade} from '../../src/api/runs/migrate.ts'
import {Bench} from '../support/contract.ts'
import {createDatabase} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'

describe('a SQLite table that is rebuilt in a run', () => {
  let on: Bench
  beforeEach(async () => {
    on = new Bench('sqlite', await createDatabase('sqlite'))
  })
  afterEach(async () => on.end())

  const tables = `export function upgrade(op) {
  op.execute('create table p (id integer primary key, n text)')
  op.execute('create table c (id integer primary key, p_id integer references p (id) on delete cascade)')
  op.execute('insert into p values (1, 2)')
  op.execute('insert into c values (1, 1)')
}
`
  const alter = "  op.alterColumn('p', 'n', {nullable: false})\n"

  for (const [name, body] of [
    ['at once', `export function upgrade(op) {\n${alter}}\n`],
    ['after a result', `export async function upgrade(op) {\n  await op.query('select 1')\n${alter}}\n`],
  ] as const)
    it(`keeps the rows that refer to it, ${name}`, async () => {
      on.use('a <- b', ({id}) => (id === 'a' ? tables : body))
      await upgrade({cwd: on.cwd})
      expect(await on.state()).to.equal('a b*')
      const [children, columns] = await on.database.query('select * from c', 'pragma table_info(p)')
      expect(children).to.deep.equal([{id: 1, p_id: 1}])
      expect(columns?.map(({name: column, notnull}) => [column, notnull])).to.deep.equal([
        ['id', 0],
        ['n', 1],
      ])
    })

  it('refuses to leave rows that refer to nothing', async () => {
    on.use('a <- b', ({id}) =>
      id === 'a' ? tables : `export function upgrade(op) {\n${alter}  op.execute('delete from p')\n}\n`,
    )
    const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
    expect(error.message).to.contain('Row 1 of c refers to a missing row of p.')
    expect((error.cause as {code?: string}).code).to.equal('FOREIGN_KEY_VIOLATION')
    expect(await on.state()).to.equal('a*')
  })

  it('is reverted by what its upgrade recorded', async () => {
    on.use(
      'a',
      () => "export function upgrade(op) {\n  op.createTable('t', (t) => ({id: t.integer().primaryKey()}))\n}\n",
    )
    await upgrade({cwd: on.cwd})
    await downgrade({cwd: on.cwd, target: 'base'})
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version'])
  })
})
