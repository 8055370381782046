import {expect} from 'chai'
import {current} from '../../src/api/runs/current.ts'
import {downgrade, upgrade} from '../../src/api/runs/migrate.ts'
import type {RunEvent} from '../../src/runner/events.ts'
import {contract} from '../support/contract.ts'

const forked = 'a <- b <- l1{L} <- l2; b <- r1{R}'

contract('mig upgrades and downgrades a branched history', (on) => {
  it('applies a branched history and records it', async () => {
    on.use(forked)
    const result = await upgrade({cwd: on.cwd, target: 'heads'})
    expect(result.steps.map((step) => `${step.direction} ${step.revision} [${step.heads.join(' ')}]`)).to.deep.equal([
      'upgrade a [a]',
      'upgrade b [b]',
      'upgrade l1 [l1]',
      'upgrade l2 [l2]',
      'upgrade r1 [l2 r1]',
    ])
    expect(result.heads).to.deep.equal(['l2', 'r1'])
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version', 't_a', 't_b', 't_l1', 't_l2', 't_r1'])
    expect(await on.state()).to.equal('a b l1 l2* r1*')
    expect(await on.log()).to.deep.equal(['a', 'b', 'l1', 'l2', 'r1'].map((id) => `upgrade ${id} done`))
  })

  it('goes one branch up, and down again', async () => {
    on.use(forked)
    await upgrade({cwd: on.cwd, target: 'L@head'})
    await upgrade({cwd: on.cwd, target: 'R@head'})
    expect((await downgrade({cwd: on.cwd, target: 'L@-1'})).heads).to.deep.equal(['l1', 'r1'])
    expect(await on.state()).to.equal('a b l1* r1*')
    expect((await downgrade({cwd: on.cwd, target: 'b'})).heads).to.deep.equal(['b'])
    expect(await on.state()).to.equal('a b*')
    await downgrade({cwd: on.cwd, target: 'base'})
    expect(await on.state()).to.equal('')
    expect(await on.tables()).to.deep.equal(['mig_log', 'mig_version'])
  })

  it('merges', async () => {
    on.use(`${forked}; l2, r1 <- m`)
    await upgrade({cwd: on.cwd})
    expect(await on.state()).to.equal('a b l1 l2 m* r1')
    await downgrade({cwd: on.cwd, target: 'r1'})
    expect(await on.state()).to.equal('a b l1 l2* r1*')
  })

  it('applies what is depended on, and has a head that is only a dependency', async () => {
    on.use('a <- b; x <- y(b)')
    await upgrade({cwd: on.cwd, target: 'x@head'})
    expect(await on.state()).to.equal('a b x y*')
    const now = await current({cwd: on.cwd})
    expect(now.current.map((view) => view.revision)).to.deep.equal(['b', 'y'])
    expect(now.upToDate).to.equal(true)
  })

  it('does nothing twice', async () => {
    on.use('a <- b')
    await upgrade({cwd: on.cwd})
    expect((await upgrade({cwd: on.cwd})).steps).to.deep.equal([])
  })

  it('applies what was put below an applied revision later, and says so', async () => {
    on.use('a <- c')
    await upgrade({cwd: on.cwd})
    on.use('a <- b <- c')
    const events: RunEvent[] = []
    const {steps} = await upgrade({cwd: on.cwd, onEvent: (event) => events.push(event)})
    expect(steps.map((step) => [step.revision, step.outOfOrder, step.heads])).to.deep.equal([['b', true, ['c']]])
    expect(events.find((event) => event.kind === 'plan')).to.deep.include({outOfOrder: ['b']})
    expect(await on.state()).to.equal('a b c*')
  })

  it('changes nothing on a dry run, not even the version table', async () => {
    on.use('a <- b')
    const {steps, heads} = await upgrade({cwd: on.cwd, dryRun: true})
    expect(steps.map((step) => step.revision)).to.deep.equal(['a', 'b'])
    expect(heads).to.deep.equal(['b'])
    expect(await on.tables()).to.deep.equal([])
  })
})
