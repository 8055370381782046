import {expect} from 'chai'
import {anyDatabase, platformOf} from '../../src/runner/offline/platform.ts'
import {ProgressLog} from '../../src/runner/progress-log.ts'
import type {ResumePoint} from '../../src/runner/progress-log.ts'
import {StateSql} from '../../src/runner/state/state-sql.ts'
import type {Command} from '../../src/runner/connection/command.ts'
import type {Statement} from '../../src/sql/statement.ts'

const statement = (sql: string): Statement => ({
  sql,
  outsideTransaction: false,
  origin: {kind: 'line', line: 1},
  transactionality: {kind: 'inside'},
})
const [one, two] = [statement('select 1'), statement('select 2')]

describe('the row of the log that records how far a revision is', () => {
  let state: StateSql
  before(async () => {
    const names = {versionTable: 'mig_version', logTable: 'mig_log', schema: undefined}
    const platform = await platformOf(anyDatabase('sqlite'), process.cwd())
    state = new StateSql(names, platform, 'sqlite', {by: 'ana', mig: '1', tag: undefined})
  })

  const logOf = (resume?: ResumePoint): ProgressLog =>
    new ProgressLog(state, {direction: 'upgrade', revision: 'a', total: 2}, resume)
  const columnsOf = ({sql}: Command): readonly string[] =>
    (sql.startsWith('insert') ? /\((?<list>[^)]*)\)/.exec(sql)?.groups?.['list']?.split(', ') : undefined)?.map(
      (name) => name.replaceAll('`', ''),
    ) ?? [...sql.matchAll(/`(?<name>\w+)` = /g)].map(({groups}) => groups?.['name'] ?? '')

  /** Returns where a partially applied revision is resumed whose first statement was run. */
  const afterOne = (isInDoubt: boolean): ResumePoint => {
    const log = logOf()
    log.count(one)
    const digest = /'(?<digest>[0-9a-f]{40})'/.exec(log.record().sql)?.groups?.['digest'] ?? ''
    return {done: 1, digest, inDoubt: isInDoubt ? {sql: two.sql, wasExecuted: undefined} : undefined}
  }

  it('is written at the end only, when the revision is all or nothing', () => {
    const log = logOf()
    log.count(one)
    expect(log.partial).to.equal(undefined)
    expect(log.finish(7).sql).to.match(/^insert into `mig_log`/)
    expect(log.abandon('no', 7, true).map(({sql}) => sql.slice(0, 21))).to.deep.equal(['insert into `mig_log`'])
    expect(log.abandon('no', 7, false)).to.deep.equal([])
    expect(log.abandon(undefined, 7, true)).to.deep.equal([])
  })

  it('is opened by the first statement that commits, changed by the next, and closed', () => {
    const log = logOf()
    expect(log.record(one).sql).to.match(/^insert into/)
    log.doubt(one)
    log.clearDoubt()
    log.count(one)
    log.commit()
    expect(log.partial).to.deep.equal({done: 1, total: 2, doubt: undefined})
    expect(log.record(two).sql)
      .to.match(/^update/)
      .and.to.contain("`statement` = 'select 2'")
    expect(columnsOf(log.finish(7))).to.include.members(['outcome', 'statement', 'duration_ms'])
  })

  it('keeps the statement in doubt when the revision stops', () => {
    const log = logOf()
    log.doubt(one)
    const [command, ...others] = log.abandon('the connection was lost', 7, true)
    log.abandoned()
    expect(others).to.deep.equal([])
    expect(command?.sql).to.contain("`statement` = 'select 1'").and.to.contain('the connection was lost')
    expect(log.partial).to.deep.equal({done: 0, total: 2, doubt: 'next statement'})
  })

  it('is closed when the first statement was not run', () => {
    const log = logOf()
    log.doubt(one)
    log.clearDoubt()
    expect(log.abandon('no', 7, true)[0]?.sql).to.contain("`outcome` = 'failed'")
    expect(log.partial).to.deep.equal({done: 0, total: 2, doubt: undefined})
    log.abandoned()
    expect(log.partial).to.equal(undefined)
  })

  it('says no more than why, when a resumed revision ran nothing', () => {
    const log = logOf(afterOne(true))
    expect([log.isBeforeResume(), log.hasNews, log.nextInDoubt?.sql]).to.deep.equal([true, false, undefined])
    log.count(one)
    expect([log.isBeforeResume(), log.hasNews, log.nextInDoubt?.sql]).to.deep.equal([false, false, two.sql])
    const [command] = log.abandon('no', 7, true)
    expect(command && columnsOf(command)).to.deep.equal(['reason', 'revision'])
    expect(log.partial).to.deep.equal({done: 1, total: 2, doubt: 'next statement'})
  })

  it('is not resumed behind other statements than those that were run', () => {
    const log = logOf(afterOne(false))
    log.count(two)
    expect(() => log.isBeforeResume())
      .to.throw()
      .with.property('code', 'RESUME_MISMATCH')
  })

  it('has no digest when something was run that cannot be told apart', () => {
    const log = logOf()
    log.count(one)
    log.loseDigest()
    expect(log.record().sql).to.not.match(/[0-9a-f]{40}/)
  })
})
