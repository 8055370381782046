import {expect} from 'chai'
import {planStamp} from '../../src/graph/plan.ts'
import {unstampTargets} from '../../src/graph/unstamp.ts'
import {dag} from '../support/dag.ts'

interface Case {
  readonly name: string
  readonly graph: string
  readonly applied: string
  readonly revision: string
  /** The targets; none if no stamp removes the revision alone. */
  readonly targets?: string
}

const cases: readonly Case[] = [
  {name: 'the only revision', graph: 'a', applied: 'a', revision: 'a', targets: 'base'},
  {name: 'the end of a line', graph: 'a <- b <- c', applied: 'a b', revision: 'b', targets: 'a'},
  {name: 'a revision below another', graph: 'a <- b', applied: 'a b', revision: 'a'},
  {name: 'a revision that is not applied', graph: 'a <- b', applied: 'a', revision: 'b'},
  {name: 'one of two heads', graph: 'a <- b; a <- c', applied: 'a b c', revision: 'b', targets: 'a c'},
  {name: 'one of three heads', graph: 'a <- b; a <- c; a <- d', applied: 'a b c d', revision: 'c', targets: 'a b d'},
  {name: 'a head beside an unrelated one', graph: 'a <- b; x', applied: 'a b x', revision: 'b', targets: 'a'},
  {name: 'a base beside another head', graph: 'a <- b; x', applied: 'a b x', revision: 'x', targets: 'x@base'},
  {name: 'a labelled base', graph: 'a; x{shop}', applied: 'a x', revision: 'x', targets: 'x@base'},
  {name: 'a merge point', graph: 'a <- b; a <- c; b, c <- m', applied: 'a b c m', revision: 'm', targets: 'b c'},
  {
    name: 'a merge point of applied branches beside another head',
    graph: 'a <- b; a <- c; b, c <- m; b <- d',
    applied: 'a b c d m',
    revision: 'm',
    targets: 'c d',
  },
  {name: 'a revision with a dependency', graph: 'a; x <- y(a)', applied: 'a x y', revision: 'y', targets: 'x a'},
  {name: 'a base with a dependency', graph: 'a; x(a)', applied: 'a x', revision: 'x', targets: 'a'},
  {name: 'a dependency of an applied revision', graph: 'a; x(a)', applied: 'a x', revision: 'a'},
  {name: 'the end of a branch', graph: 'a <- b{shop} <- c; a <- d', applied: 'a b c d', revision: 'c', targets: 'b'},
]

describe('the stamp that removes one revision', () => {
  for (const {name, applied, revision, targets, ...one} of cases)
    it(name, () => {
      const graph = dag(one.graph)
      const set = new Set(applied.split(' '))
      const found = unstampTargets(graph, set, revision)
      expect(found?.join(' ')).to.equal(targets)
      if (found === undefined) return
      const steps = planStamp(graph, set, found).steps
      expect(steps.flatMap(({removed}) => removed)).to.deep.equal([revision])
      expect(steps.flatMap(({added}) => added)).to.deep.equal([])
    })
})
