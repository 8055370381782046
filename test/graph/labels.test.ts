import {expect} from 'chai'
import {dag} from '../support/dag.ts'

describe('graph/labels', () => {
  const cases = [
    {name: 'spreads over a whole line', dag: 'a <- b{x} <- c', carried: 'a:x b:x c:x'},
    {name: 'stops below at a branch point', dag: 'a <- b <- l{x} <- m; b <- r', carried: 'l:x m:x'},
    {name: 'does not go down from a branch point', dag: 'a <- b{x} <- c; b <- d', carried: 'b:x c:x d:x'},
    {name: 'does not go down when a merge lies above', dag: 'a <- b{x}; s; b, s <- m', carried: 'b:x m:x'},
    {name: 'goes through a merge, from both sides', dag: 'a{x}; b{y}; a, b <- m <- n', carried: 'a:x b:y m:x,y n:x,y'},
    {name: 'takes a dependent for a fork', dag: 'a <- b{x}; s(a)', carried: 'b:x'},
    {name: 'does not follow dependencies', dag: 'a{x}; b(a)', carried: 'a:x'},
    {name: 'carries several labels', dag: 'a <- b{x y} <- c{z}', carried: 'a:x,y,z b:x,y,z c:x,y,z'},
  ]
  for (const c of cases)
    it(`a label ${c.name}`, () => {
      const graph = dag(c.dag)
      const carried = graph.revisions.flatMap(({id}) => {
        const labels = [...graph.branchLabelsOf(id)].toSorted()
        return labels.length === 0 ? [] : [`${id}:${labels.join(',')}`]
      })
      expect(carried.toSorted().join(' ')).to.equal(c.carried)
    })
})
