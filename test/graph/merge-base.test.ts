import {expect} from 'chai'
import {isAncestor, mergeBases, revisionsBetween} from '../../src/graph/merge-base.ts'
import {dag} from '../support/dag.ts'

describe('graph/merge-base', () => {
  const cases = [
    {name: 'a fork', dag: 'a <- b <- c; b <- d', of: 'c d', bases: 'b'},
    {name: 'a line', dag: 'a <- b <- c', of: 'a c', bases: 'a'},
    {name: 'a criss-cross', dag: 'a <- b; a <- c; b, c <- m; b, c <- n', of: 'm n', bases: 'b c'},
    {name: 'three branches', dag: 'a <- b; a <- c <- d; c <- e', of: 'b d e', bases: 'a'},
    {name: 'nothing in common', dag: 'a <- b; x', of: 'b x', bases: ''},
    {name: 'a dependency only', dag: 'a <- b; x(a)', of: 'b x', bases: ''},
    {name: 'no revision', dag: 'a', of: '', bases: ''},
  ]
  for (const c of cases)
    it(`of ${c.name} is [${c.bases}]`, () => {
      expect(mergeBases(dag(c.dag), c.of.split(' ').filter(Boolean)).join(' ')).to.equal(c.bases)
    })

  it('knows what lies between two points, dependencies included', () => {
    expect(revisionsBetween(dag('a <- b <- c(x); x'), ['a'], ['c']).join(' ')).to.equal('b x c')
  })

  it('takes a revision for its own ancestor', () => {
    const graph = dag('a <- b; a <- c')
    expect([isAncestor(graph, 'a', 'b'), isAncestor(graph, 'b', 'b'), isAncestor(graph, 'c', 'b')]).to.deep.equal([
      true,
      true,
      false,
    ])
  })
})
