import {expect} from 'chai'
import {AppliedSet, appliedFromHeads, currentRevisions, headsOf} from '../../src/graph/applied.ts'
import {dag} from '../support/dag.ts'
import {errorOf} from '../support/errors.ts'

const words = (text: string): string[] => text.split(' ').filter(Boolean)
const forked = 'a <- b <- l{L}; b <- r(x); x'

describe('graph/applied', () => {
  const sets: readonly {readonly heads: string; readonly applied: string}[] = [
    {heads: '', applied: ''},
    {heads: 'a', applied: 'a'},
    {heads: 'l', applied: 'a b l'},
    {heads: 'r', applied: 'a b r x'},
    {heads: 'l r', applied: 'a b l r x'},
  ]
  for (const {heads, applied} of sets) {
    it(`is [${applied}] where the heads are [${heads}]`, () => {
      expect([...appliedFromHeads(dag(forked), words(heads))].toSorted()).to.deep.equal(words(applied))
    })

    it(`has the heads [${heads}] where it is [${applied}]`, () => {
      expect(headsOf(dag(forked), words(applied).toReversed())).to.deep.equal(words(heads))
    })
  }

  it('is refused with what no file has', () => {
    expect(errorOf('REVISION_NOT_FOUND', () => appliedFromHeads(dag(forked), ['a', 'y', 'z'])).message).to.contain('y')
    const unknown = errorOf('UNKNOWN_APPLIED_REVISION', () => headsOf(dag(forked), ['a', 'y', 'z']))
    expect(unknown.message).to.contain('y').and.contain('z').and.not.contain(' a ')
  })

  it('has what is only a dependency among its current revisions, not among its heads', () => {
    const applied = new Set(words('a b r x'))
    expect(currentRevisions(dag(forked), applied)).to.deep.equal(['r', 'x'])
    expect(headsOf(dag(forked), applied)).to.deep.equal(['r'])
    expect(currentRevisions(dag(forked), new Set(words('a b l r x')))).to.deep.equal(['l', 'r', 'x'])
    expect(currentRevisions(dag(forked), new Set(words('a b')))).to.deep.equal(['b'])
  })

  it('knows its heads after every step, also where one is taken twice', () => {
    const set = new AppliedSet(dag(forked), words('a b'))
    const steps: readonly (readonly [act: 'add' | 'remove', id: string, heads: string])[] = [
      ['add', 'b', 'b'],
      ['add', 'x', 'b x'],
      ['add', 'r', 'r'],
      ['add', 'l', 'l r'],
      ['remove', 'r', 'l x'],
      ['remove', 'r', 'l x'],
      ['remove', 'l', 'b x'],
      ['remove', 'b', 'a x'],
      ['remove', 'a', 'x'],
      ['add', 'b', 'b x'],
      ['add', 'a', 'b x'],
    ]
    for (const [act, id, heads] of steps) {
      set[act](id)
      expect(set.heads.join(' '), `${act} ${id}`).to.equal(heads)
      expect(set.has(id)).to.equal(act === 'add')
    }
    expect([...set.ids].toSorted()).to.deep.equal(['a', 'b', 'x'])
    expect([set.hasAppliedChild('a'), set.hasAppliedChild('b'), set.hasAppliedChild('x')]).to.deep.equal([
      true,
      false,
      false,
    ])
  })
})
