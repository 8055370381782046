import {expect} from 'chai'
import type {ErrorCode} from '../../src/errors.ts'
import {planHistory} from '../../src/graph/history.ts'
import {planDowngrade, planStamp, planUpgrade, type Plan} from '../../src/graph/plan.ts'
import {dag} from '../support/dag.ts'
import {errorOf} from '../support/errors.ts'

const words = (text: string): string[] => text.split(' ').filter(Boolean)
/** A plan as text: each step, and the heads that it leaves. */
const text = ({steps}: Plan): string => steps.map((step) => `${step.revision}[${step.heads.join(' ')}]`).join(' ')

const forked = 'a <- b <- l1{L} <- l2; b <- r1{R} <- r2'
const merged = `${forked}; l2, r2 <- m`

describe('graph/plan: upgrade', () => {
  const cases = [
    {name: 'a line from nothing', dag: 'a <- b <- c', on: '', to: 'head', steps: 'a[a] b[b] c[c]'},
    {name: 'a line from the middle', dag: 'a <- b <- c', on: 'a', to: '+1', steps: 'b[b]'},
    {name: 'one branch', dag: forked, on: 'a b', to: 'L@head', steps: 'l1[l1] l2[l2]'},
    {name: 'all branches', dag: forked, on: 'a b', to: 'heads', steps: 'l1[l1] l2[l2] r1[l2 r1] r2[l2 r2]'},
    {name: 'a merge point', dag: merged, on: 'a b l1 l2', to: 'head', steps: 'r1[l2 r1] r2[l2 r2] m[m]'},
    {name: 'a dependency first', dag: 'a <- b; x <- y(b)', on: '', to: 'x@head', steps: 'a[a] b[b] x[b x] y[y]'},
    {name: 'nothing to do', dag: 'a <- b', on: 'a b', to: 'head', steps: ''},
    {name: 'the base', dag: 'a <- b', on: '', to: 'base', steps: ''},
    {name: 'a revision that was put below an applied one', dag: 'a <- b <- c', on: 'a c', to: 'head', steps: 'b[c]'},
    {
      name: 'a merge whose parent is an ancestor of its dependency',
      dag: 'a <- b; a <- c; b <- d; b, c <- m(d)',
      on: '',
      to: 'heads',
      steps: 'a[a] b[b] d[d] c[c d] m[m]',
    },
  ]
  for (const c of cases)
    it(`applies ${c.name}`, () => {
      expect(text(planUpgrade(dag(c.dag), words(c.on), c.to))).to.equal(c.steps)
    })

  it('takes several targets, repeated or not', () => {
    expect(text(planUpgrade(dag(forked), words('a b'), ['l1', 'r1', 'L']))).to.equal('l1[l1] r1[l1 r1]')
  })

  it('marks what is applied out of order', () => {
    expect(planUpgrade(dag('a <- b <- c'), words('a c'), 'head').steps).to.deep.equal([
      {direction: 'upgrade', revision: 'b', heads: ['c'], outOfOrder: true},
    ])
  })
})

describe('graph/plan: downgrade', () => {
  const cases = [
    {name: 'one step', dag: 'a <- b <- c', on: 'a b c', to: '-1', steps: 'c[b]'},
    {name: 'to the base', dag: 'a <- b', on: 'a b', to: 'base', steps: 'b[a] a[]'},
    {name: 'everything above, on all branches', dag: forked, on: 'a b l1 r1', to: 'b', steps: 'r1[l1] l1[b]'},
    {name: 'one side of a fork', dag: forked, on: 'a b l1 l2 r1', to: 'L@b', steps: 'l2[l1 r1] l1[r1]'},
    {name: 'one step of one branch', dag: forked, on: 'a b l1 l2 r1', to: 'L@-1', steps: 'l2[l1 r1]'},
    {name: 'a merge point', dag: merged, on: 'a b l1 l2 r1 r2 m', to: 'r2', steps: 'm[l2 r2]'},
    {name: 'a merge point by one step', dag: 'a; b; a, b <- m', on: 'a b m', to: '-1', steps: 'm[a b]'},
    {name: 'a merge point below the head', dag: 'a; b; a, b <- m <- h', on: 'a b m h', to: '-2', steps: 'h[m] m[a b]'},
    {
      name: 'a merge point beside another child',
      dag: 'a; b; a <- c; a, b <- m; c, m <- n',
      on: 'a b c m n',
      to: 'm',
      steps: 'n[c m]',
    },
    {
      name: 'a merge point, not what else follows its parents',
      dag: 'a; b; a, b <- m; a <- c',
      on: 'a b c m',
      to: 'm@-1',
      steps: 'm[b c]',
    },
    {name: 'what depends on it, too', dag: 'a <- b; x <- y(b)', on: 'a b x y', to: 'a', steps: 'y[b x] b[a x]'},
    {name: 'and leaves dependencies', dag: 'a <- b; x <- y(b)', on: 'a b x y', to: 'x@base', steps: 'y[b x] x[b]'},
    {name: 'a head that is there: nothing', dag: 'a <- b', on: 'a b', to: 'b', steps: ''},
    {name: 'the base of an empty database: nothing', dag: 'a <- b', on: '', to: 'base', steps: ''},
    {
      name: 'a branch, without writing an ancestor as a head',
      dag: 'a <- b; a <- c(b); d',
      on: 'a b c d',
      to: 'c@-1',
      steps: 'c[b d]',
    },
  ]
  for (const c of cases)
    it(`reverts ${c.name}`, () => {
      expect(text(planDowngrade(dag(c.dag), words(c.on), c.to))).to.equal(c.steps)
    })
})

describe('graph/plan: downgrade to revisions', () => {
  const cases = [
    {name: 'that are applied', on: 'a b l1 l2 r1', to: ['l1', 'r1'], steps: 'l2[l1 r1]'},
    {name: 'below several', on: 'a b l1 r1', to: ['b'], steps: 'r1[l1] l1[b]'},
    {name: 'none of which there are', on: 'a b', to: [], steps: 'b[a] a[]'},
  ]
  for (const {name, on, to, steps} of cases)
    it(`reverts what does not belong to those ${name}`, () => {
      expect(text(planDowngrade(dag(forked), words(on), {kind: 'revisions', ids: to}))).to.equal(steps)
    })

  it('takes one target', () => {
    expect(() => planDowngrade(dag(forked), ['a'], ['a', 'base'])).to.throw(RangeError)
    expect(() => planDowngrade(dag(forked), ['a'], [])).to.throw(RangeError)
  })
})

describe('graph/plan: stamp', () => {
  const cases = [
    {name: 'from nothing', dag: 'a <- b <- c', on: '', to: ['head'], steps: 'c[c]'},
    {name: 'up', dag: 'a <- b <- c', on: 'a', to: ['c'], steps: 'c[c]'},
    {name: 'down', dag: 'a <- b <- c', on: 'a b c', to: ['a'], steps: 'a[a]'},
    {name: 'the base', dag: forked, on: 'a b l1 r1', to: ['base'], steps: 'l1[r1] r1[]'},
    {name: 'where it stands', dag: 'a <- b', on: 'a b', to: ['b'], steps: ''},
    {name: 'and leaves other branches', dag: 'a <- b; x <- y', on: 'a x y', to: ['b'], steps: 'b[b y]'},
    {name: 'several, repeated', dag: forked, on: '', to: ['L', 'r2', 'l1'], steps: 'l1[l1] r2[l1 r2]'},
    {name: 'down to a fork', dag: forked, on: 'a b l1 l2 r1', to: ['b'], steps: 'b[b]'},
    {name: 'one head of two', dag: forked, on: 'a b l1 r1', to: ['l1'], steps: ''},
    {name: 'one head of two, and the other up', dag: forked, on: 'a b l1 r1', to: ['l1', 'r2'], steps: 'r2[l1 r2]'},
    {name: 'one branch up beside another', dag: forked, on: 'a b l1 r1', to: ['l2'], steps: 'l2[l2 r1]'},
    {name: 'a branch beside the one that is there', dag: forked, on: 'a b l1', to: ['r1'], steps: 'r1[l1 r1]'},
    {name: 'the base of a branch', dag: `${forked}; x{X} <- y`, on: 'a b l1 x y', to: ['X@base'], steps: 'y[l1]'},
    {name: 'the base of an empty database', dag: forked, on: '', to: ['base'], steps: ''},
    {name: 'what counts from the head, on an empty database', dag: 'a <- b <- c', on: '', to: ['-1'], steps: 'b[b]'},
    {
      name: 'one branch down, and the other as it is',
      dag: forked,
      on: 'a b l1 l2 r1',
      to: ['l1', 'r1'],
      steps: 'l1[l1 r1]',
    },
    {
      name: 'two independent branches down',
      dag: `${forked}; x{X} <- y`,
      on: 'a b l1 l2 x y',
      to: ['l1', 'x'],
      steps: 'l1[l1 x]',
    },
    {name: 'a branch that depends on another', dag: 'a <- b; x <- y(b)', on: 'a b', to: ['y'], steps: 'y[y]'},
    {name: 'down from what depends on it', dag: 'a <- b; x <- y(b)', on: 'a b x y', to: ['a'], steps: 'a[a]'},
  ]
  for (const c of cases)
    it(`sets ${c.name}`, () => {
      expect(text(planStamp(dag(c.dag), words(c.on), c.to))).to.equal(c.steps)
    })
})

describe('graph/plan: history', () => {
  const cases = [
    {name: 'everything', dag: merged, range: undefined, list: 'm r2 r1 l2 l1 b a'},
    {name: 'up to one head', dag: forked, range: ':L@head', list: 'l2 l1 b a'},
    {name: 'from a revision on', dag: forked, range: 'b:', list: 'r2 r1 l2 l1 b'},
    {name: 'one branch from the base', dag: forked, range: 'L@base:', list: 'l2 l1 b a'},
    {name: 'the last two', dag: 'a <- b <- c <- d', range: '-1:', list: 'd c'},
    {name: 'more than there are', dag: 'a <- b', range: '-9:', list: 'b a'},
    {name: 'further up than there are', dag: 'a <- b <- c', range: 'b:+9', list: 'c b'},
    {name: 'two up from one', dag: 'a <- b <- c <- d', range: 'a:+2', list: 'c b a'},
    {name: 'up to current', dag: 'a <- b <- c', range: ':current', on: 'a b', list: 'b a'},
    {name: 'from current on', dag: 'a <- b <- c', range: 'current:', on: 'a b', list: 'c b'},
    {name: 'from current on, where nothing is applied', dag: 'a <- b', range: 'current:', on: '', list: 'b a'},
    {name: 'up to current, where nothing is applied', dag: 'a <- b', range: ':current', on: '', list: 'b a'},
    {name: 'a range with spaces around it', dag: 'a <- b <- c', range: ' b: ', list: 'c b'},
    {name: 'the branch of a revision', dag: forked, range: 'l1@b:', list: 'l2 l1 b'},
    {name: 'without what only a dependency leads to', dag: 'a <- b; x <- y(b)', range: 'a:', list: 'b a'},
  ]
  for (const c of cases)
    it(`lists ${c.name}`, () => {
      expect(planHistory(dag(c.dag), c.range, words(c.on ?? '')).join(' ')).to.equal(c.list)
    })

  it('lists a range that is read already, and leaves out all that a commit has', () => {
    const ends = {lower: {kind: 'name', name: 'b'}, upper: {kind: 'head', branch: 'L'}} as const
    expect(planHistory(dag(forked), ends).join(' ')).to.equal('l2 l1 b')
    expect(planHistory(dag(forked), {lower: {kind: 'revisions', ids: ['l1']}}).join(' ')).to.equal('r2 r1 l2')
  })
})

describe('graph/plan: refusals', () => {
  const line = 'a <- b <- c'
  const cases: {name: string; code: ErrorCode; act: () => unknown}[] = [
    {name: 'overlapping targets', code: 'OVERLAPPING_TARGETS', act: () => planUpgrade(dag(line), [], ['a', 'c'])},
    {name: 'an upgrade downwards', code: 'INVALID_TARGET', act: () => planUpgrade(dag(line), [], '-1')},
    {
      name: 'an upgrade that counts from another branch',
      code: 'NOT_ON_BRANCH',
      act: () => planUpgrade(dag(forked), [], 'R@l2-1'),
    },
    {name: 'a range to upgrade to', code: 'INVALID_TARGET', act: () => planUpgrade(dag(line), [], 'a:c')},
    {name: 'a downgrade upwards', code: 'INVALID_TARGET', act: () => planDowngrade(dag(line), ['a'], '+1')},
    {name: 'a downgrade to what is above', code: 'NOT_AN_ANCESTOR', act: () => planDowngrade(dag(line), ['a'], 'c')},
    {
      name: 'a downgrade of a branch that stands elsewhere',
      code: 'NOT_AN_ANCESTOR',
      act: () => planDowngrade(dag('a <- b; a <- c; x{X}'), words('a b c x'), 'X@a'),
    },
    {name: 'a relative stamp', code: 'INVALID_TARGET', act: () => planStamp(dag(line), ['a'], '-1')},
    {name: 'a downgrade to what is not applied', code: 'NOT_AN_ANCESTOR', act: () => planDowngrade(dag(line), [], 'b')},
    {
      name: 'a range of a branch with several labels',
      code: 'BRANCH_NOT_FOUND',
      act: () => planHistory(dag('a{X Y} <- b'), 'b@a:'),
    },
    {
      name: 'a range from several revisions that stand on each other',
      code: 'OVERLAPPING_TARGETS',
      act: () => planHistory(dag('a <- b <- c; a <- d'), '-1:'),
    },
    {name: 'a range the wrong way round', code: 'NOT_AN_ANCESTOR', act: () => planHistory(dag(line), 'c:a')},
    {name: 'a range without a colon', code: 'INVALID_RANGE', act: () => planHistory(dag(line), 'c')},
    {name: 'a range with two colons', code: 'INVALID_RANGE', act: () => planHistory(dag(line), 'a:b:c')},
    {
      name: 'a range whose ends count from each other',
      code: 'INVALID_RANGE',
      act: () => planHistory(dag(line), '-2:+1'),
    },
    {name: 'a range of a branch without label', code: 'BRANCH_NOT_FOUND', act: () => planHistory(dag(line), 'a@base:')},
    {
      name: 'an unknown applied revision',
      code: 'UNKNOWN_APPLIED_REVISION',
      act: () => planUpgrade(dag(line), ['z'], 'c'),
    },
  ]
  for (const c of cases)
    it(`refuses ${c.name}`, () => {
      errorOf(c.code, c.act)
    })

  it('plans 100,000 steps up and down', () => {
    const revisions = Array.from({length: 100_000}, (_, i) => `r${i}`)
    const graph = dag(revisions.join(' <- '))
    expect(planUpgrade(graph, [], 'head').steps).to.have.length(100_000)
    expect(planDowngrade(graph, revisions, 'base').steps.at(-1)?.heads).to.deep.equal([])
    expect(planHistory(graph)[0]).to.equal('r99999')
  })
})
