import {expect} from 'chai'
import {rebase} from '../../src/api/files/rebase.ts'
import {downgrade, upgrade} from '../../src/api/runs/migrate.ts'
import type {RunEvent} from '../../src/runner/events.ts'
import {contract} from '../support/contract.ts'
import type {Bench} from '../support/contract.ts'
import {rejectionOf} from '../support/errors.ts'

const options = {targets: ['m'], onto: 't', prove: false}

/** `m` and `n` are applied, and have rows; `t` is not. */
async function applied(on: Bench): Promise<void> {
  on.use('a <- m <- n; a <- t')
  await upgrade({cwd: on.cwd, target: 'n'})
  await on.database.query('insert into t_m values (1), (2)')
}

contract('a rebase keeps or replays what is applied', (on) => {
  it('keeps it, and the next upgrade applies what comes before it', async () => {
    await applied(on)
    expect((await rebase({cwd: on.cwd, ...options})).heads).to.deep.equal(['n'])
    expect(await on.state()).to.equal('a m n*')
    const {steps} = await upgrade({cwd: on.cwd})
    expect(steps.map(({revision, outOfOrder}) => [revision, outOfOrder])).to.deep.equal([['t', true]])
    expect(await on.state()).to.equal('a m n* t')
    await downgrade({cwd: on.cwd, target: 't'})
    expect(await on.state()).to.equal('a t*')
  })

  it('replays it', async () => {
    await applied(on)
    const {replayed} = await rebase({cwd: on.cwd, ...options, replay: true})
    expect(replayed?.down.steps.map(({revision}) => revision)).to.deep.equal(['n', 'm'])
    expect(replayed?.up?.steps.map(({revision}) => revision)).to.deep.equal(['t', 'm', 'n'])
    expect(await on.state()).to.equal('a m n* t')
    const [[row] = []] = await on.database.query('select count(*) as n from t_m')
    expect(Number(row?.['n'])).to.equal(0)
  })

  it('changes neither files nor the database if a replay would lose rows that must not be lost', async () => {
    await applied(on)
    const error = await rejectionOf('DATA_LOSS', () =>
      rebase({cwd: on.cwd, ...options, replay: true, acceptLoss: false}),
    )
    expect(error.message).to.equal('The downgrade would lose 2 rows of t_m; nothing was executed.')
    expect(await on.state()).to.equal('a m n*')
    expect((await rebase({cwd: on.cwd, ...options, dryRun: true})).revisions).to.have.length(1)
  })

  it('says how to go on if what comes before fails', async () => {
    const body =
      (statement: string) =>
      ({id}: {readonly id: string}): string =>
        `export function upgrade(op) {${id === 't' ? `op.execute('${statement}')` : ''}}\n`
    on.use('a <- m <- n; a <- t', body('drop table nowhere'))
    await upgrade({cwd: on.cwd, target: 'n'})
    const notes: string[] = []
    const onEvent = (event: RunEvent): void => void (event.kind === 'note' && notes.push(event.text))
    await rejectionOf('REVISION_FAILED', () => rebase({cwd: on.cwd, ...options, replay: true, onEvent}))
    expect(notes.at(-1)).to.equal('The files are rebased already; `mig upgrade heads` goes on.')
    expect(await on.state()).to.equal('a*')
    on.use('a <- t <- m <- n', body('select 1'))
    expect((await upgrade({cwd: on.cwd, target: 'heads'})).heads).to.deep.equal(['n'])
  })

  it('finishes a replay that was interrupted', async () => {
    await applied(on)
    await downgrade({cwd: on.cwd, target: 'a'})
    await rebase({cwd: on.cwd, ...options, replay: true})
    expect(await on.state()).to.equal('a m n* t')
  })
})
