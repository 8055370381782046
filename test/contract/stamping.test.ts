import {expect} from 'chai'
import {ensureVersion} from '../../src/api/runs/ensure-version.ts'
import {stamp, upgrade} from '../../src/api/runs/migrate.ts'
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

  it('creates the tables, and nothing else', async () => {
    on.use('a <- b')
    expect(await ensureVersion({cwd: on.cwd})).to.deep.equal({created: ['mig_version', 'mig_log']})
    expect(await ensureVersion({cwd: on.cwd})).to.deep.equal({created: []})
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version'])
  })
})
