import {expect} from 'chai'
import {ensureVersion} from '../../src/api/runs/ensure-version.ts'
import {current} from '../../src/api/runs/current.ts'
import {downgrade, stamp, upgrade} from '../../src/api/runs/migrate.ts'
import {repair} from '../../src/api/runs/repair.ts'
import {contract} from '../support/contract.ts'
import type {Bench} from '../support/contract.ts'
import {rejectionOf} from '../support/errors.ts'
import {asOfFirstVersion} from '../support/tables-of-0.1.0.ts'

const history = 'a <- b <- c'

async function operationsIds(on: Bench): Promise<string> {
  const [rows = []] = await on.database.query('select revision, operations_id from mig_version order by revision')
  return rows.map((row) => `${row['revision']}:${row['operations_id'] === null ? 'unknown' : 'known'}`).join(' ')
}

async function versionColumns(on: Bench): Promise<readonly string[]> {
  const [rows = []] = await on.database.query('select * from mig_version')
  return Object.keys(rows[0] ?? {})
}

/** Adds nullable columns that no version of mig has yet. */
async function withFutureColumns(on: Bench): Promise<void> {
  const tables = ['mig_version', 'mig_log', ...(on.kind === 'sqlite' ? ['mig_version_lock'] : [])]
  await on.database.query(
    ...tables.flatMap((table) => [
      `alter table ${table} add column future_text varchar(255) null`,
      `alter table ${table} add column future_number integer null`,
    ]),
  )
}

contract('mig works with the tables of an older version, and with those of a newer one', (on) => {
  it('reads the tables of mig 0.1.0 without changing them', async () => {
    await asOfFirstVersion(on)
    const {current: views, pending, edited} = await current({cwd: on.cwd, verbose: true})
    expect(views.map(({revision}) => revision)).to.deep.equal(['b'])
    expect([pending, edited]).to.deep.equal([['c'], []])
    expect((await upgrade({cwd: on.cwd, dryRun: true})).steps.map(({revision}) => revision)).to.deep.equal(['c'])
    expect(await versionColumns(on)).not.to.contain('operations_id')
    expect((await upgrade({cwd: on.cwd, target: 'b'})).steps).to.deep.equal([])
  })

  it('upgrades and downgrades with the tables of mig 0.1.0, to which it adds a column', async () => {
    await asOfFirstVersion(on)
    await upgrade({cwd: on.cwd})
    expect(await on.state()).to.equal('a b c*')
    expect(await operationsIds(on)).to.equal('a:unknown b:unknown c:known')
    await downgrade({cwd: on.cwd, target: 'base'})
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version'])
    await upgrade({cwd: on.cwd})
    expect(await operationsIds(on)).to.equal('a:known b:known c:known')
    expect((await on.log()).slice(0, 3)).to.deep.equal(['upgrade a done', 'upgrade b done', 'upgrade c done'])
  })

  it('compares the texts of revisions that mig 0.1.0 has applied', async () => {
    await asOfFirstVersion(on)
    const file = 'migrations/versions/b.ts'
    on.folder.write({[file]: `${on.folder.read(file)}// commented\n`})
    const edited = async (): Promise<readonly string[]> =>
      (await current({cwd: on.cwd, verbose: true})).edited.map(({revision}) => revision)
    expect(await edited()).to.deep.equal(['b'])
    await upgrade({cwd: on.cwd})
    expect(await edited()).to.deep.equal(['b'])
  })

  it('stamps, repairs and ensures the tables of mig 0.1.0', async () => {
    await asOfFirstVersion(on)
    expect(await ensureVersion({cwd: on.cwd})).to.deep.equal({created: []})
    expect(await versionColumns(on)).to.contain('operations_id')
    await stamp({cwd: on.cwd, target: 'c'})
    expect(await operationsIds(on)).to.equal('a:unknown b:unknown c:known')
    await stamp({cwd: on.cwd, target: 'b'})
    const by = on.commitsDdl ? '`by`' : '"by"'
    await on.database.query(
      `insert into mig_log (action, revision, at, ${by}, mig, duration_ms, outcome) values ('upgrade', 'c', '2025-01-01 00:00:00', 'ana', '0.1.0', 0, null)`,
    )
    await rejectionOf('HALF_APPLIED', () => upgrade({cwd: on.cwd}))
    await repair({cwd: on.cwd, action: 'mark-applied', reason: 'by hand'})
    expect(await on.state()).to.equal('a b c*')
    expect(await operationsIds(on)).to.equal('a:unknown b:unknown c:known')
  })

  it('ignores columns of a newer version', async () => {
    on.use(history)
    await upgrade({cwd: on.cwd, target: 'b'})
    await withFutureColumns(on)
    expect((await current({cwd: on.cwd, verbose: true})).pending).to.deep.equal(['c'])
    await upgrade({cwd: on.cwd})
    await downgrade({cwd: on.cwd, target: 'a'})
    await stamp({cwd: on.cwd, target: 'b'})
    expect(await on.state()).to.equal('a b*')
    expect(await versionColumns(on)).to.include.members(['future_text', 'future_number'])
    const [rows = []] = await on.database.query('select future_text, future_number from mig_version')
    expect(rows.map((row) => ({...row}))).to.deep.equal([
      {future_text: null, future_number: null},
      {future_text: null, future_number: null},
    ])
  })

  it('names the version that has renamed a column, which is how a newer one locks out older ones', async () => {
    on.use(history)
    await upgrade({cwd: on.cwd, target: 'b'})
    await on.database.query(
      'alter table mig_version rename column content_id to content_digest',
      "update mig_log set mig = '9.9.9'",
    )
    for (const work of [current, upgrade, ensureVersion]) {
      const error = await rejectionOf('VERSION_TABLE_NEWER', async () => work({cwd: on.cwd}))
      expect(error.message).to.equal(
        'Table mig_version was written by mig 9.9.9, and its columns do not match this version.',
      )
    }
    expect(await on.state()).to.equal('a b*')
  })
})
