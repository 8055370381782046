import {expect} from 'chai'
import {current} from '../../src/api/runs/current.ts'
import {downgrade, stamp, upgrade} from '../../src/api/runs/migrate.ts'
import {partiallyApplied, repair} from '../../src/api/runs/repair.ts'
import {contract} from '../support/contract.ts'
import type {Bench} from '../support/contract.ts'
import {rejectionOf} from '../support/errors.ts'

/** A revision that is not transactional, of three statements. */
const three = (second: string): string =>
  `export const transactional = false
export async function upgrade(op) {
  op.execute('create table one (n integer)')
  op.execute('${second}')
  op.execute('create table three (n integer)')
}
export async function downgrade(op) {
  op.execute('drop table three')
  op.execute('drop table two')
  op.execute('drop table one')
}
`

async function failInTheMiddle(on: Bench): Promise<void> {
  on.use('a <- b', ({id}) =>
    id === 'b' ? three('insert into nowhere values (1)') : three('x').replaceAll('op.', '//'),
  )
  const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
  expect(error.message).to.contain(
    '1 of 3 statements was executed and stays applied; according to the version table, the database is at a.',
  )
  expect(error.hint).to.equal('Run `mig repair` to see how to resume or resolve it.')
}

function mend(on: Bench): void {
  on.use('a <- b', ({id}) => (id === 'b' ? three('create table two (n integer)') : three('x').replaceAll('op.', '//')))
}

contract('mig records the progress of a revision without a transaction, and resumes from there', (on) => {
  it('refuses everything else until it is repaired', async () => {
    await failInTheMiddle(on)
    for (const run of [
      () => upgrade({cwd: on.cwd}),
      () => downgrade({cwd: on.cwd, target: 'base'}),
      () => stamp({cwd: on.cwd, target: 'a'}),
    ]) {
      const error = await rejectionOf('HALF_APPLIED', run)
      expect(error.message).to.match(
        /^The upgrade of revision b on .* is partially applied: .*, and 1 of 3 statements was executed\./,
      )
      expect(error.message).to.contain('failed with: ').and.to.contain('nowhere')
    }
    expect((await current({cwd: on.cwd})).partiallyApplied).to.deep.equal(['b'])
  })

  it('shows which statements were executed', async () => {
    await failInTheMiddle(on)
    const [partial] = await partiallyApplied({cwd: on.cwd})
    expect(partial?.at).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(Math.abs(Date.now() - Date.parse(partial?.at ?? ''))).to.be.below(60 * 60 * 1000)
    expect(partial?.statements).to.deep.equal([
      {sql: 'create table one (n integer)', state: 'done'},
      {sql: 'insert into nowhere values (1)', state: 'not done'},
      {sql: 'create table three (n integer)', state: 'not done'},
    ])
    expect(partial?.isResumable).to.equal(true)
  })

  it('goes on behind what was run', async () => {
    await failInTheMiddle(on)
    mend(on)
    const {repaired, heads} = await repair({cwd: on.cwd, action: 'resume', reason: 'mended'})
    expect([repaired, heads]).to.deep.equal([['b'], ['b']])
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version', 'one', 'three', 'two'])
    expect(await on.state()).to.equal('a b*')
    expect(await on.log()).to.deep.equal(['upgrade a done', 'upgrade b done', 'repair b done'])
    await downgrade({cwd: on.cwd, target: 'base'})
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version'])
  })

  it('counts the statements of its present file', async () => {
    await failInTheMiddle(on)
    on.use('a <- b', ({id}) =>
      id === 'b'
        ? three('create table two (n integer)').replace('}\n', "  op.execute('create table four (n integer)')\n}\n")
        : three('x').replaceAll('op.', '//'),
    )
    const [partial] = await partiallyApplied({cwd: on.cwd})
    expect([partial?.done, partial?.total, partial?.statements.length]).to.deep.equal([1, 4, 4])
  })

  it('keeps the reason of its failure when it cannot be resumed', async () => {
    await failInTheMiddle(on)
    on.use('a <- b', ({id}) => (id === 'b' ? three('x').replace('one', 'uno') : three('x').replaceAll('op.', '//')))
    await rejectionOf('RESUME_MISMATCH', () => repair({cwd: on.cwd, action: 'resume', reason: 'x'}))
    expect((await partiallyApplied({cwd: on.cwd}))[0]?.reason).to.contain('nowhere')
  })

  it('stays partially applied when it fails again', async () => {
    await failInTheMiddle(on)
    await rejectionOf('REVISION_FAILED', () => repair({cwd: on.cwd, action: 'resume', reason: 'hope'}))
    expect((await partiallyApplied({cwd: on.cwd}))[0]?.done).to.equal(1)
    mend(on)
    await repair({cwd: on.cwd, action: 'resume', reason: 'mended'})
    expect(await on.state()).to.equal('a b*')
  })

  for (const [name, code] of [
    ['has no other statement', "op.execute('create table other (n integer)')"],
    ['is empty', ''],
  ])
    it(`is not resumed when its changed file ${name}`, async () => {
      await failInTheMiddle(on)
      const changed = `export const transactional = false\nexport async function upgrade(op) {\n  ${code}\n}\n`
      on.use('a <- b', ({id}) => (id === 'b' ? changed : three('x').replaceAll('op.', '//')))
      await rejectionOf('RESUME_MISMATCH', () => repair({cwd: on.cwd, action: 'resume', reason: 'x'}))
      expect(await on.state()).to.equal('a*')
      expect((await partiallyApplied({cwd: on.cwd}))[0]?.done).to.equal(1)
    })

  describe('goes on in a new session', () => {
    const setting = {
      postgresql: ['create schema s', 'set search_path = s', 's.kept'],
      pglite: ['create schema s', 'set search_path = s', 's.kept'],
      sqlite: ['create table s (n integer)', "attach ':memory:' as other", 'other.kept'],
      mariadb: ['create table s (n integer)', "set sql_mode = 'ANSI_QUOTES'", '"kept"'],
      mysql: ['create table s (n integer)', "set sql_mode = 'ANSI_QUOTES'", '"kept"'],
    }[on.kind]
    const temporary = ['create table s (n integer)', 'create temporary table t (n integer)', 't']
    const use = ([first, second, table]: readonly (string | undefined)[], last: string): void =>
      on.use(
        'a',
        () =>
          `export const transactional = false\nexport function upgrade(op) {\n  op.execute(${JSON.stringify(first)})\n  op.execute(${JSON.stringify(second)})\n  op.execute(${JSON.stringify(last)})\n  op.execute(${JSON.stringify(last.startsWith('in') ? last : `create table ${table?.replace(/^s\\./, '')} (n integer)`)})\n}\n`,
      )

    it('with the settings of the statements that were run', async () => {
      use(setting, 'insert into nowhere values (1)')
      await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
      use(setting, 'create table third (n integer)')
      await repair({cwd: on.cwd, action: 'resume', reason: 'mended'})
      expect(await on.state()).to.equal('a*')
      const tables = on.kind === 'sqlite' ? ['s', 'third'] : on.commitsDdl ? ['kept', 's', 'third'] : []
      expect(await on.tables()).to.have.members(['mig_log', 'mig_version', ...tables])
    })

    const lost = {
      postgresql: ["do $$ begin perform set_config('search_path', 's', false); end $$", 'select 1 as n into temp kept'],
      pglite: ["do $$ begin perform set_config('search_path', 's', false); end $$", 'select 1 as n into temp kept'],
      sqlite: [],
      mariadb: ['select @x := 5'],
      mysql: ['select @x := 5'],
    }[on.kind]
    for (const statement of lost)
      it(`but not after ${statement}`, async () => {
        use([temporary[0], statement], 'insert into nowhere values (1)')
        await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
        await rejectionOf('RESUME_MISMATCH', () => repair({cwd: on.cwd, action: 'resume', reason: 'mended'}))
        expect(await on.log()).to.deep.equal(['upgrade a open'])
      })

    it('but not without a temporary table', async () => {
      use(temporary, 'insert into nowhere values (1)')
      await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
      const error = await rejectionOf('RESUME_MISMATCH', () =>
        repair({cwd: on.cwd, action: 'resume', reason: 'mended'}),
      )
      expect(error.message).to.match(
        /^Revision a cannot be resumed: what its statement at .*a\.ts:10 creates or computes/,
      )
      expect(await on.log()).to.deep.equal(['upgrade a open'])
    })
  })

  it('does not go on with another beginning', async () => {
    await failInTheMiddle(on)
    on.use('a <- b', ({id}) => (id === 'b' ? three('x').replace('one', 'uno') : three('x').replaceAll('op.', '//')))
    const error = await rejectionOf('RESUME_MISMATCH', () => repair({cwd: on.cwd, action: 'resume', reason: 'x'}))
    expect(error.message).to.equal('Revision b cannot be resumed: its first statement differs from what was executed.')
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version', 'one'])
  })

  it('does not go on with another beginning, however often it is asked', async () => {
    await failInTheMiddle(on)
    on.use('a <- b', ({id}) => (id === 'b' ? three('x').replace('one', 'uno') : three('x').replaceAll('op.', '//')))
    for (let time = 1; time <= 3; time++)
      await rejectionOf('RESUME_MISMATCH', () => repair({cwd: on.cwd, action: 'resume', reason: 'x'}))
    expect((await partiallyApplied({cwd: on.cwd}))[0]?.done).to.equal(1)
    mend(on)
    await repair({cwd: on.cwd, action: 'resume', reason: 'mended'})
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version', 'one', 'three', 'two'])
  })

  it('stays partially applied when it fails before it comes to where it goes on', async () => {
    const waiting = (begin: string, second: string): string =>
      three(second).replace('(op) {', `(op) {\n  await op.query('${begin}')`)
    const use = (begin: string, second: string): void =>
      on.use('a <- b', ({id}) => (id === 'b' ? waiting(begin, second) : 'export function upgrade() {}\n'))
    use('select 1 as n', 'insert into nowhere values (1)')
    await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
    use('select n from nowhere', 'create table two (n integer)')
    const error = await rejectionOf('REVISION_FAILED', () => repair({cwd: on.cwd, action: 'resume', reason: 'hope'}))
    expect(error.message).to.contain('1 statement was executed and stays applied')
    expect((await partiallyApplied({cwd: on.cwd}))[0]).to.deep.include({revision: 'b', done: 1})
    use('select 1 as n', 'create table two (n integer)')
    await repair({cwd: on.cwd, action: 'resume', reason: 'mended'})
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version', 'one', 'three', 'two'])
  })

  it('counts it as applied, or not, when it is told to', async () => {
    await failInTheMiddle(on)
    await repair({cwd: on.cwd, action: 'mark-applied', reason: 'done by hand'})
    expect(await on.state()).to.equal('a b*')
    on.use('a <- b', ({id}) => (id === 'b' ? three('x').replace('three', 'none') : three('x').replaceAll('op.', '//')))
    await rejectionOf('REVISION_FAILED', () => downgrade({cwd: on.cwd, target: 'a'}))
    await on.database.query("update mig_log set outcome = null, statements_done = 1 where action = 'downgrade'")
    await repair({cwd: on.cwd, action: 'mark-not-applied', reason: 'undone by hand'})
    expect(await on.state()).to.equal('a*')
    const [rows = []] = await on.database.query('select action, outcome, reason from mig_log order by id')
    const [, upgraded, applied, downgraded, notApplied] = rows.map(
      ({action, outcome, reason}) => `${action} ${outcome}: ${reason}`,
    )
    expect(upgraded).to.equal('upgrade done: null')
    expect(applied).to.match(/^repair done: marked applied: done by hand; it had failed with: .*nowhere/)
    expect(downgraded).to.equal('downgrade done: null')
    expect(notApplied).to.match(/^repair done: marked not applied: undone by hand; it had failed with: .*three/)
  })

  it('has nothing to repair otherwise', async () => {
    on.use('a')
    await rejectionOf('NOTHING_TO_REPAIR', () => repair({cwd: on.cwd, action: 'resume', reason: 'x'}))
    expect(await partiallyApplied({cwd: on.cwd})).to.deep.equal([])
  })

  it('is not partially applied when its first statement fails', async () => {
    on.use('a', () => three('x').replace('create table one', 'insert into'))
    const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
    expect(error.message).to.contain('The revision was rolled back')
    expect(await on.log()).to.deep.equal(['upgrade a failed'])
  })
})
