import {expect} from 'chai'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {contract} from '../support/contract.ts'
import {rejectionOf} from '../support/errors.ts'

const ddlCommits = {
  mariadb: 'no: DDL commits implicitly; completed statements remain, and `mig repair` resumes after them',
  mysql: 'no: DDL commits implicitly; completed statements remain, and `mig repair` resumes after them',
}

contract(
  'mig rolls back a failed revision and keeps the ones before it',
  (on) => {
    it('whose statement the database refuses', async () => {
      on.use('a <- b <- c', ({id}) =>
        id === 'b'
          ? "export async function upgrade(op) {\n  op.execute('create table half (n integer)')\n  op.execute(`insert into\n    nowhere values (1)`)\n}\n"
          : `export async function upgrade(op) { op.execute('create table t_${id} (n integer)') }\n`,
      )
      const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.match(/^The upgrade of revision b \(revision b\) failed at .*b\.ts:9: .*nowhere/)
      expect(error.message).to.contain('nowhere values (1)')
      expect(error.message).to.contain('The revision was rolled back; the database is at a.')
      expect(error.data).to.deep.include({direction: 'upgrade', revision: 'b', heads: ['a']})
      expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version', 't_a'])
      expect(await on.state()).to.equal('a*')
      expect(await on.log()).to.deep.equal(['upgrade a done', 'upgrade b failed'])
    })

    it('whose code throws between two results', async () => {
      on.use(
        'a',
        () =>
          "export async function upgrade(op) {\n  op.execute('create table half (n integer)')\n  await op.query('select 1 as n')\n  throw new Error('half way')\n}\n",
      )
      const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.contain('a.ts:10: half way')
      expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version'])
    })
  },
  ddlCommits,
)

contract(
  "mig applies all revisions of a run or none, with `transaction: 'all'`",
  (on) => {
    const body = ({id}: {readonly id: string}): string =>
      `export async function upgrade(op) {\n  op.execute('create table t_${id} (n integer)')\n${id === 'b' ? "  op.execute('insert into nowhere values (1)')\n" : ''}}\n`

    it('none, when one fails', async () => {
      on.use('a <- b', body, {transaction: 'all'})
      const error = await rejectionOf('REVISION_FAILED', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.contain('The whole run was rolled back; the database is at base')
      expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version'])
      expect(await on.state()).to.equal('')
    })

    it('none, when a constraint stops the commit', async () => {
      const deferred = ({id}: {readonly id: string}): string =>
        `export function upgrade(op) {
  op.execute('create table t_${id} (n integer primary key, t integer references t_${id} (n) deferrable initially deferred)')
  op.execute('insert into t_${id} values (1, 2)')
}\n`
      on.use('a', deferred, {transaction: 'all'})
      const error = await rejectionOf('DATABASE_FAILED', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.match(/^The commit of the run failed on .*: /)
      expect(error.message).to.contain('The whole run was rolled back; the database is at base.')
      expect(await on.state()).to.equal('')
    })

    it('all, when none fails', async () => {
      on.use('a <- c', body, {transaction: 'all'})
      await upgrade({cwd: on.cwd})
      expect(await on.state()).to.equal('a c*')
      expect(await on.log()).to.deep.equal(['upgrade a done', 'upgrade c done'])
    })

    it('refuses what cannot be a part of it, before anything is done', async () => {
      on.use('a <- b', ({id}) => `${id === 'b' ? 'export const transactional = false\n' : ''}${body({id: 'x'})}`, {
        transaction: 'all',
      })
      const error = await rejectionOf('NOT_TRANSACTIONAL_STATEMENT', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.contain('cannot share one transaction with other revisions').and.contain('b.ts:')
      expect(await on.tables()).to.deep.equal([])
    })
  },
  {
    mariadb: 'no: DDL commits implicitly, so revisions with DDL are refused',
    mysql: 'no: DDL commits implicitly, so revisions with DDL are refused',
  },
)

contract('mig refuses revisions that begin or end transactions, before running anything', (on) => {
  for (const command of ['commit', 'begin', 'rollback'])
    it(command, async () => {
      on.use('a', () => `export function upgrade(op) {\n  op.execute('select 1')\n  op.execute('${command}')\n}\n`)
      const error = await rejectionOf('TRANSACTION_CONTROL', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.match(new RegExp(`^Revision a contains ${command.toUpperCase()} \\(.*a\\.ts:9\\)`))
      expect(await on.tables()).to.deep.equal([])
    })
})

contract(
  'mig refuses statements that cannot run in a transaction, unless the revision has none',
  (on) => {
    const statement = on.kind === 'sqlite' ? 'pragma foreign_keys = on' : 'vacuum'
    const command = on.kind === 'sqlite' ? 'PRAGMA foreign_keys' : 'VACUUM'

    it('names the statement and its line', async () => {
      on.use('a <- b', ({id}) =>
        id === 'a'
          ? 'export function upgrade(op) {\n  op.execute("select 1")\n}\n'
          : `export function upgrade(op) {\n  op.execute('${statement}')\n}\n`,
      )
      const error = await rejectionOf('NOT_TRANSACTIONAL_STATEMENT', () => upgrade({cwd: on.cwd}))
      expect(error.message).to.equal(
        `${command} cannot run in the transaction of revision b (migrations/versions/b.ts:8).`,
      )
      expect(await on.tables()).to.deep.equal([])
    })

    it('runs them in op.autocommit', async () => {
      on.use(
        'a',
        () =>
          `export async function upgrade(op) {\n  op.execute('create table t (n integer)')\n  await op.autocommit(() => op.execute('${statement}'))\n  op.execute('create table u (n integer)')\n}\n`,
      )
      await upgrade({cwd: on.cwd})
      expect(await on.state()).to.equal('a*')
      expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version', 't', 'u'])
      expect(await on.log()).to.deep.equal(['upgrade a done'])
    })

    it('runs them in a revision that is not transactional', async () => {
      on.use('a')
      on.folder.write({
        'migrations/versions/b.sql': `-- revision: b\n-- revises: a\n-- transactional: false\n\n-- upgrade\n${statement};\ncreate table t (n integer);\n`,
      })
      await upgrade({cwd: on.cwd})
      expect(await on.state()).to.equal('a b*')
    })
  },
  {
    mariadb: 'does not apply: such statements commit implicitly',
    mysql: 'does not apply: such statements commit implicitly',
  },
)
