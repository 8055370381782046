import {expect} from 'chai'
import {current} from '../../src/api/runs/current.ts'
import {downgrade, stamp, upgrade} from '../../src/api/runs/migrate.ts'
import type {MigrateResult} from '../../src/engine/results.ts'
import type {RunEvent} from '../../src/runner/events.ts'
import {contract} from '../support/contract.ts'
import {rejectionOf} from '../support/errors.ts'

/** Allows unknown revisions in one of the two ways. */
type Way = 'an option' | 'the configuration'

const ways: readonly Way[] = ['an option', 'the configuration']

contract('unknown applied revisions are refused, or left alone if they are allowed', (on) => {
  /** Applies the newer history, and leaves the files of the older one. */
  async function rolledBack({newer, older, way}: {newer: string; older: string; way?: Way}): Promise<void> {
    on.use(newer)
    await upgrade({cwd: on.cwd, target: 'heads'})
    on.use(older, undefined, way === 'the configuration' ? {policy: {unknown: 'allow'}} : {})
  }
  const optionOf = (way: Way): {readonly allowUnknown?: true} => (way === 'an option' ? {allowUnknown: true} : {})

  for (const way of ways) {
    it(`is up to date for an upgrade if ${way} allows it, with a note`, async () => {
      await rolledBack({newer: 'a <- b <- c <- d', older: 'a <- b', way})
      const notes: RunEvent[] = []
      const result = await upgrade({
        cwd: on.cwd,
        ...optionOf(way),
        onEvent: (event) => void (event.kind === 'note' && notes.push(event)),
      })
      expect(result).to.deep.equal({steps: [], heads: ['b'], unknown: ['c', 'd']} satisfies MigrateResult)
      expect(notes).to.deep.equal([
        {kind: 'note', text: 'c (revision c) and d (revision d) are applied, but missing from this script directory.'},
      ])
      expect(await on.state()).to.equal('a b c d*')
      expect((await current({cwd: on.cwd, ...optionOf(way)})).upToDate).to.equal(true)
    })

    it(`refuses to apply anything else even if ${way} allows it`, async () => {
      await rolledBack({newer: 'a <- b', older: 'a <- c', way})
      const error = await rejectionOf('UNKNOWN_APPLIED_REVISION', () => upgrade({cwd: on.cwd, ...optionOf(way)}))
      expect(error.message).to.contain('missing from this script directory, so no revision can be applied.')
      expect((await current({cwd: on.cwd, ...optionOf(way)})).upToDate).to.equal(false)
      expect(await on.state()).to.equal('a b*')
    })

    it(`lets another branch be reverted if ${way} allows it, and keeps its heads`, async () => {
      await rolledBack({newer: 'a <- b <- c; a <- x', older: 'a <- b <- c', way})
      const {steps, unknown} = await downgrade({cwd: on.cwd, target: 'a', ...optionOf(way)})
      expect(steps.map(({revision}) => revision)).to.deep.equal(['c', 'b'])
      expect(unknown).to.deep.equal(['x'])
      // The unknown revision is based on a, so a is no head.
      expect(await on.state()).to.equal('a x*')
      expect(await on.tables())
        .to.contain('t_x')
        .and.not.to.contain('t_b')
      on.use('a <- b <- c; a <- x')
      expect((await upgrade({cwd: on.cwd, target: 'heads'})).heads).to.deep.equal(['c', 'x'])
      expect(await on.state()).to.equal('a b c* x*')
    })

    it(`refuses to revert what an unknown revision is based on even if ${way} allows it`, async () => {
      await rolledBack({newer: 'a <- b <- c; x(b)', older: 'a <- b <- c', way})
      const error = await rejectionOf('UNKNOWN_APPLIED_REVISION', () =>
        downgrade({cwd: on.cwd, target: 'a', ...optionOf(way)}),
      )
      expect(error.message).to.contain('so b, on which it is based, cannot be reverted.')
      expect(await on.state()).to.match(/^a b\*? c\* x\*$/)
    })
  }

  const refusals: readonly {
    readonly name: string
    readonly older: string
    readonly act: (cwd: string) => Promise<unknown>
    readonly isAllowable: boolean
  }[] = [
    {name: 'an upgrade', older: 'a <- b', act: async (cwd) => upgrade({cwd}), isAllowable: true},
    {
      name: 'an upgrade that applies a revision',
      older: 'a <- z',
      act: async (cwd) => upgrade({cwd}),
      isAllowable: false,
    },
    {
      name: 'an upgrade to a missing target',
      older: 'a',
      act: async (cwd) => upgrade({cwd, target: 'c'}),
      isAllowable: false,
    },
    {
      name: 'a downgrade below it',
      older: 'a',
      act: async (cwd) => downgrade({cwd, target: 'base'}),
      isAllowable: false,
    },
    {name: 'a stamp', older: 'a <- b', act: async (cwd) => stamp({cwd, target: 'a'}), isAllowable: false},
  ]
  for (const {name, older, act, isAllowable} of refusals)
    it(`is refused by default: ${name}`, async () => {
      await rolledBack({newer: 'a <- b <- c', older})
      const error = await rejectionOf('UNKNOWN_APPLIED_REVISION', () => act(on.cwd))
      if (isAllowable) expect(error.hint).to.contain('`--allow-unknown` leaves it as it is.')
      else expect(error.hint).not.to.contain('--allow-unknown')
      expect(await on.state()).to.equal('a b c*')
    })
})
