import {expect} from 'chai'
import {ensureVersion} from '../../src/api/runs/ensure-version.ts'
import {stamp, upgrade} from '../../src/api/runs/migrate.ts'
import type {RunEvent} from '../../src/api/events.ts'
import {contract} from '../support/contract.ts'
import {rejectionOf} from '../support/errors.ts'

const forked = 'a <- b <- l1{L} <- l2; b <- r1{R}'

contract('mig stamps, and creates its tables', (on) => {
  it('sets the state and runs nothing', async () => {
    on.use(forked)
    await stamp({cwd: on.cwd, target: 'heads'})
    expect(await on.state()).to.equal('a b l1 l2* r1*')
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version'])
    await stamp({cwd: on.cwd, target: 'b'})
    expect(await on.state()).to.equal('a b*')
    expect(await on.log()).to.deep.equal(['stamp l2 done', 'stamp r1 done', 'stamp b done'])
  })

  it('empties the version table first when it is told to', async () => {
    on.use('a <- b')
    await upgrade({cwd: on.cwd})
    on.use('x <- y')
    await rejectionOf('UNKNOWN_APPLIED_REVISION', () => stamp({cwd: on.cwd, target: 'x'}))
    await stamp({cwd: on.cwd, target: 'x', purge: true})
    expect(await on.state()).to.equal('x*')
  })

  it('says whose record it overwrites when it empties the version table', async () => {
    on.use('a <- b')
    await upgrade({cwd: on.cwd})
    on.use(
      'a <- b',
      ({id}) => `export async function upgrade(op) { op.execute('create table other_${id} (n integer)') }\n`,
    )
    const notes: string[] = []
    const onEvent = (event: RunEvent): void => void (event.kind === 'note' && notes.push(event.text))
    await stamp({cwd: on.cwd, target: 'b', purge: true, dryRun: true, onEvent})
    await stamp({cwd: on.cwd, target: 'b', onEvent})
    expect(notes).to.have.length(2)
    expect(notes[0]).to.match(/^Revision a was edited after it was applied: the record of the applied text is replaced/)
  })

  it('creates the tables, and nothing else', async () => {
    on.use('a <- b')
    expect(await ensureVersion({cwd: on.cwd})).to.deep.equal({created: ['mig_version', 'mig_log']})
    expect(await ensureVersion({cwd: on.cwd})).to.deep.equal({created: []})
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version'])
  })
})
