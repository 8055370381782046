import {expect} from 'chai'
import {downgrade, upgrade} from '../../src/api/runs/migrate.ts'
import {describeLoss} from '../../src/engine/losses.ts'
import type {StepView} from '../../src/engine/results.ts'
import type {RunEvent} from '../../src/api/events.ts'
import {contract} from '../support/contract.ts'
import type {Bench} from '../support/contract.ts'
import {rejectionOf} from '../support/errors.ts'

/** `a` makes a table, `b` gives it a column and another name, `c` takes a column away. */
const bodies: Readonly<Record<string, string>> = {
  a: "export function upgrade(op) {\n  op.createTable('people', (t) => ({id: t.integer().primaryKey(), name: t.varchar(9)}))\n}\n",
  b: "export function upgrade(op) {\n  op.addColumn('people', 'note', (t) => t.varchar(9).nullable())\n  op.renameTable('people', 'persons')\n}\n",
  c: "export function upgrade(op) {\n  op.dropColumn('persons', 'name', {was: {type: 'varchar(9)', nullable: true}})\n}\n",
}

async function prepare(on: Bench, rows: readonly string[], config: object = {}): Promise<void> {
  on.use('a <- b <- c', ({id}) => bodies[id] ?? '', config)
  await upgrade({cwd: on.cwd, target: 'b'})
  for (const row of rows) await on.database.query(`insert into persons (id, name, note) values ${row}`)
}

const lossesOf = (steps: readonly StepView[]): readonly string[] =>
  steps.flatMap(({direction, revision, losses = []}) =>
    losses.map((loss) => `${direction} ${revision}: ${describeLoss(loss)}`),
  )

contract('what a downgrade would lose is counted before it runs', (on) => {
  const rows = ["(1, 'x', 'y'), (2, 'x', null)"]

  it('by the names that tables and columns have in the database', async () => {
    await prepare(on, rows)
    const {steps} = await downgrade({cwd: on.cwd, target: 'a', dryRun: true})
    expect(lossesOf(steps)).to.deep.equal(['downgrade b: 1 value in persons.note'])
    const all = await downgrade({cwd: on.cwd, target: 'base', dryRun: true})
    expect(lossesOf(all.steps)).to.deep.equal(['downgrade a: 2 rows of persons'])
  })

  it('is refused where that is not accepted, and leaves everything as it was', async () => {
    await prepare(on, rows)
    const error = await rejectionOf('DATA_LOSS', () => downgrade({cwd: on.cwd, target: 'base', acceptLoss: false}))
    expect(error.message).to.equal('The downgrade would lose 2 rows of persons; nothing was executed.')
    const [[row] = []] = await on.database.query('select count(*) as n from persons where id > 0')
    expect([Number(row?.['n']), await on.state()]).to.deep.equal([2, 'a b*'])
  })

  it('is asked about with what it loses, and runs if the answer is yes', async () => {
    await prepare(on, rows)
    const asked: (readonly string[])[] = []
    const acceptLoss = (answer: boolean) => async (steps: readonly StepView[]) => {
      asked.push(lossesOf(steps))
      return answer
    }
    await rejectionOf('DATA_LOSS', () => downgrade({cwd: on.cwd, target: 'a', acceptLoss: acceptLoss(false)}))
    expect((await downgrade({cwd: on.cwd, target: 'a', acceptLoss: acceptLoss(true)})).heads).to.deep.equal(['a'])
    expect(asked).to.deep.equal([['downgrade b: 1 value in persons.note'], ['downgrade b: 1 value in persons.note']])
  })

  it('by any name, each table once', async () => {
    const quote = (name: string): string => (on.kind === 'mariadb' || on.kind === 'mysql' ? `\`${name}\`` : `"${name}"`)
    const schema = on.kind === 'postgresql' || on.kind === 'pglite' ? 'S s' : undefined
    const table = [schema ?? [], 'T.x'].flat().map(quote).join('.')
    const name = [schema ?? [], '"T.x"'].flat().join('.')
    const drop = `drop table ${table}`
    const dropAll = schema === undefined ? drop : `${drop}; drop schema ${quote(schema)} cascade`
    on.use(
      'a',
      () =>
        `export function upgrade() {}\nexport function downgrade(op) {\n  op.execute(${JSON.stringify(dropAll)})\n}\n`,
    )
    await upgrade({cwd: on.cwd})
    if (schema !== undefined) await on.database.query(`create schema ${quote(schema)}`)
    await on.database.query(`create table ${table} (${quote('C c')} integer)`, `insert into ${table} values (1), (2)`)
    const {steps} = await downgrade({cwd: on.cwd, target: 'base', dryRun: true})
    expect(lossesOf(steps)).to.deep.equal([`downgrade a: 2 rows of ${name}`])
  })

  it('in the columns that a rebuild written as SQL leaves out', async () => {
    const copy = 'insert into people_new (id, note) select id, note from people'
    const rebuild = `create table people_new (id integer, note varchar(9)); ${copy}; drop table people; alter table people_new rename to people`
    on.use(
      'a <- b',
      ({id}) =>
        `export function upgrade(op) {\n  op.execute(${JSON.stringify(id === 'a' ? 'create table people (id integer, name varchar(9), note varchar(9), age integer)' : rebuild)})\n}\nexport function downgrade() {}\n`,
    )
    await upgrade({cwd: on.cwd, target: 'a'})
    expect(lossesOf((await upgrade({cwd: on.cwd, dryRun: true})).steps)).to.deep.equal([])
    await on.database.query("insert into people values (1, 'x', 'y', null), (2, 'x', null, 3)")
    expect(lossesOf((await upgrade({cwd: on.cwd, dryRun: true})).steps)).to.deep.equal([
      'upgrade b: 2 values in people.name',
      'upgrade b: 1 value in people.age',
    ])
  })

  it('finds nothing to lose in what does not exist', async () => {
    on.use(
      'a',
      () =>
        "export function upgrade() {}\nexport function downgrade(op) {\n  op.execute('drop table if exists nowhere')\n}\n",
    )
    await upgrade({cwd: on.cwd})
    expect((await downgrade({cwd: on.cwd, target: 'base', acceptLoss: false})).heads).to.deep.equal([])
  })

  it('asks nothing where tables and columns are empty', async () => {
    await prepare(on, ["(1, 'x', null)"])
    expect((await downgrade({cwd: on.cwd, target: 'a', acceptLoss: false})).heads).to.deep.equal(['a'])
    await on.database.query('delete from people where id > 0')
    expect((await downgrade({cwd: on.cwd, target: 'base', acceptLoss: false})).heads).to.deep.equal([])
  })
})

contract('an upgrade reports what it loses, and asks if the policy says so', (on) => {
  it('reports it', async () => {
    await prepare(on, ["(1, 'x', null), (2, 'x', null)"])
    const events: RunEvent[] = []
    await upgrade({cwd: on.cwd, acceptLoss: false, onEvent: (event) => events.push(event)})
    expect(events.flatMap((event) => (event.kind === 'note' ? [event.text] : []))).to.deep.equal([
      'The upgrade of c loses 2 values in persons.name.',
    ])
  })

  it('asks', async () => {
    await prepare(on, ["(1, 'x', null)"], {policy: {loss: 'ask'}})
    const error = await rejectionOf('DATA_LOSS', () => upgrade({cwd: on.cwd, acceptLoss: false}))
    expect(error.message).to.equal('The upgrade would lose 1 value in persons.name; nothing was executed.')
    expect((await upgrade({cwd: on.cwd})).heads).to.deep.equal(['c'])
  })
})
