import {expect} from 'chai'
import type {ErrorCode} from '../../src/errors.ts'
import {downRevisionsOfMerge, downRevisionsOfNew} from '../../src/graph/succeed.ts'
import {dag} from '../support/dag.ts'
import {errorOf} from '../support/errors.ts'

const forked = 'base1 <- fork <- left1{L} <- left2; fork <- right1{R} <- right2'
const threeWays = `${forked}; fork <- third{T}`

describe('graph/succeed: a merge point', () => {
  const cases = [
    {name: 'all heads', dag: threeWays, targets: ['heads'], down: 'left2 right2 third'},
    {name: 'two that are named', dag: threeWays, targets: ['left2', 'T'], down: 'left2 third'},
    {name: 'labels', dag: forked, targets: ['L@head', 'R@head'], down: 'left2 right2'},
    {name: 'a name that is short', dag: forked, targets: ['left2', 'right2'], down: 'left2 right2'},
    {name: 'a head and its dependency', dag: 'a <- b; a <- c(b)', targets: ['heads'], down: 'b c'},
    {name: 'heads of which some are dependencies', dag: 'a <- b; a <- c(b); a <- d', targets: ['heads'], down: 'b c d'},
    {name: 'two bases', dag: 'aaaa; bbbb', targets: ['heads'], down: 'aaaa bbbb'},
    {name: 'a branch into the line it left', dag: forked, targets: ['L'], down: 'right2 left2'},
    {name: 'a branch by its head', dag: forked, targets: ['L@head'], down: 'right2 left2'},
    {name: 'a branch by a revision on it', dag: forked, targets: ['left1'], down: 'right2 left2'},
    {name: 'a branch of a branch', dag: `${forked}; left1 <- deep{D}`, targets: ['D'], down: 'left2 deep'},
    {name: 'a branch beside another base', dag: `${forked}; other`, targets: ['L'], down: 'right2 left2'},
  ]
  for (const c of cases)
    it(`joins ${c.name}`, () => {
      expect(downRevisionsOfMerge(dag(c.dag), c.targets).join(' ')).to.equal(c.down)
    })

  it('joins what is no head only when it may', () => {
    errorOf('NOT_A_HEAD', () => downRevisionsOfMerge(dag(forked), ['left1', 'right2']))
    expect(downRevisionsOfMerge(dag(forked), ['left1', 'right2'], {splice: true})).to.deep.equal(['left1', 'right2'])
  })

  const refused: {name: string; dag: string; targets: string[]; code: ErrorCode; message: string}[] = [
    {name: 'one head', dag: 'a <- b', targets: ['heads'], code: 'NOTHING_TO_MERGE', message: 'b is the only head'},
    {name: 'no revision', dag: '', targets: ['heads'], code: 'NOTHING_TO_MERGE', message: 'no revisions yet'},
    {
      name: 'one revision twice',
      dag: 'a <- b',
      targets: ['b', 'b'],
      code: 'NOTHING_TO_MERGE',
      message: 'all targets are b',
    },
    {
      name: 'an ancestor',
      dag: forked,
      targets: ['fork', 'left2'],
      code: 'NOT_MERGEABLE',
      message: 'fork is an ancestor',
    },
    {name: 'a branch alone', dag: 'a <- b{B}', targets: ['B'], code: 'NOTHING_TO_MERGE', message: 'no other head'},
    {
      name: 'a branch of its own',
      dag: 'a <- b; x{X}',
      targets: ['X'],
      code: 'NOTHING_TO_MERGE',
      message: 'no other head',
    },
    {
      name: 'a branch with several partners',
      dag: threeWays,
      targets: ['T'],
      code: 'SEVERAL_MERGE_PARTNERS',
      message: 'left2 and right2 all descend from fork',
    },
    {
      name: 'a branch with several heads',
      dag: threeWays,
      targets: ['fork'],
      code: 'SEVERAL_MERGE_PARTNERS',
      message: 'left2, right2 and third',
    },
  ]
  for (const c of refused)
    it(`is refused for ${c.name}`, () => {
      expect(errorOf(c.code, () => downRevisionsOfMerge(dag(c.dag), c.targets)).message).to.contain(c.message)
    })
})

describe('graph/succeed: a new revision', () => {
  it('comes after the head, after nothing, or after the head of a branch', () => {
    expect(downRevisionsOfNew(dag('a <- b'), 'head')).to.deep.equal(['b'])
    expect(downRevisionsOfNew(dag(''), 'head')).to.deep.equal([])
    expect(downRevisionsOfNew(dag('a <- b'), 'base')).to.deep.equal([])
    expect(downRevisionsOfNew(dag(forked), 'L@head')).to.deep.equal(['left2'])
  })

  it('begins a branch only when it may', () => {
    expect(errorOf('NOT_A_HEAD', () => downRevisionsOfNew(dag(forked), 'L')).message).to.contain(
      'it already has the child left2',
    )
    expect(downRevisionsOfNew(dag(forked), 'L', {splice: true})).to.deep.equal(['left1'])
  })

  it('needs one head', () => {
    expect(
      errorOf('MULTIPLE_HEADS', () => downRevisionsOfNew(dag(forked), 'head', {parentFlag: '--from'})).hint,
    ).to.contain('`--from L@head` or `--from R@head`')
    expect(errorOf('NOT_MERGEABLE', () => downRevisionsOfNew(dag(forked), 'heads')).hint).to.contain(
      '`--head L@head` or `--head R@head`',
    )
  })
})
