import {expect} from 'chai'
import {current} from '../../src/api/runs/current.ts'
import {downgrade, upgrade} from '../../src/api/runs/migrate.ts'
import type {RunEvent} from '../../src/runner/events.ts'
import {contract} from '../support/contract.ts'
import {rejectionOf} from '../support/errors.ts'

contract('mig refuses an invalid recorded state', (on) => {
  it('names an applied revision that no file has', async () => {
    on.use('a <- b')
    await upgrade({cwd: on.cwd})
    on.use('a <- c')
    const error = await rejectionOf('UNKNOWN_APPLIED_REVISION', () => upgrade({cwd: on.cwd}))
    expect(error.message).to.contain('b (revision b) is applied to the database')
    const now = await current({cwd: on.cwd})
    expect(now.current.map((view) => [view.revision, view.isUnknown, view.file])).to.deep.equal([['b', true, null]])
    expect(now.upToDate).to.equal(false)
  })

  it('refuses a version table of another shape', async () => {
    on.use('a')
    await on.database.query('create table mig_version (version_num varchar(32))')
    const error = await rejectionOf('VERSION_TABLE_UNKNOWN', () => upgrade({cwd: on.cwd}))
    expect(error.message).to.contain('Table mig_version is not a version table of this version of mig')
    expect(error.hint).to.match(/^Set another name with `versionTable` /)
  })

  it('refuses a log of another shape', async () => {
    on.use('a')
    await on.database.query('create table mig_log (n integer)')
    const error = await rejectionOf('VERSION_TABLE_UNKNOWN', () => upgrade({cwd: on.cwd}))
    expect(error.message).to.contain('Table mig_log is not a log of this version of mig')
    expect(error.hint).to.match(/^Set another name with `logTable` /)
  })

  it('refuses the tables of another mig that knows other columns, and says which', async () => {
    on.use('a')
    await upgrade({cwd: on.cwd})
    await on.database.query('alter table mig_version drop column content_id', "update mig_log set mig = '9.9.9'")
    const error = await rejectionOf('VERSION_TABLE_NEWER', () => upgrade({cwd: on.cwd}))
    expect(error.message).to.contain('Table mig_version was written by mig 9.9.9')
  })

  it('does not care what a clock says that has jumped', async () => {
    on.use('a <- b <- c')
    await upgrade({cwd: on.cwd, target: 'b'})
    await on.database.query("update mig_version set applied_at = '2037-01-01 00:00:00' where revision = 'a'")
    await upgrade({cwd: on.cwd})
    await downgrade({cwd: on.cwd, target: 'a'})
    expect(await on.state()).to.equal('a*')
  })

  it('stops when somebody else changed the version table, and keeps nothing of the revision', async () => {
    on.use(
      'a <- b',
      ({id}) =>
        `export async function upgrade(op) {\n  op.execute('create table t_${id} (n integer)')\n${id === 'b' ? "  op.execute('delete from mig_version')\n" : ''}}\n`,
    )
    const error = await rejectionOf('VERSION_TABLE_CHANGED', () => upgrade({cwd: on.cwd}))
    expect(error.message).to.contain('b should have changed 1 of its rows, but changed 0')
    // What commits by itself is there, with what was in its transaction.
    expect(await on.state()).to.equal('a*')
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version', 't_a', ...(on.commitsDdl ? ['t_b'] : [])])
  })

  it('stops between two revisions when it is told to', async () => {
    on.use('a <- b')
    const controller = new AbortController()
    const onEvent = (event: RunEvent): void => {
      if (event.kind === 'step-done') controller.abort()
    }
    const run = upgrade({cwd: on.cwd, signal: controller.signal, onEvent})
    const error = await rejectionOf('INTERRUPTED', () => run)
    expect(error.message).to.equal('Interrupted: the database is at a.')
    expect(await on.state()).to.equal('a*')
  })

  it('keeps its tables where the configuration says', async () => {
    on.use('a', undefined, {versionTable: 'my_version', logTable: 'my_log'})
    await upgrade({cwd: on.cwd})
    expect(await on.tables()).to.deep.equal(['my_log', 'my_version', 't_a'])
  })
})
