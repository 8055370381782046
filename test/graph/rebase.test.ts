import {expect} from 'chai'
import * as fc from 'fast-check'
import {MigError} from '../../src/errors.ts'
import {planRebase} from '../../src/graph/rebase.ts'
import type {Rebase} from '../../src/graph/rebase.ts'
import type {Revision} from '../../src/graph/revision.ts'
import {buildRevisionGraph} from '../../src/graph/build.ts'
import type {RevisionGraph} from '../../src/graph/revision-graph.ts'
import {reachable} from '../../src/graph/walk.ts'
import {histories} from '../support/arbitrary.ts'
import {dag} from '../support/dag.ts'
import {errorOf} from '../support/errors.ts'

/** Returns a rebase as text: `m: a -> t`. */
const textOf = ({reparented}: Rebase): string =>
  reparented.map(({revision, from, to}) => `${revision}: ${from.join(' ')} -> ${to.join(' ')}`).join('; ')

function after(graph: RevisionGraph, {reparented}: Rebase): RevisionGraph {
  const to = new Map(reparented.map((one) => [one.revision, one.to]))
  return buildRevisionGraph(
    graph.revisions.map((revision): Revision => ({
      ...revision,
      downRevisions: to.get(revision.id) ?? revision.downRevisions,
    })),
  )
}

describe('a rebase', () => {
  const cases: readonly {
    readonly name: string
    readonly dag: string
    readonly roots: readonly string[]
    readonly onto: string | null
    readonly expected: string
  }[] = [
    {name: 'moves a revision', dag: 'a <- t; a <- m', roots: ['m'], onto: 't', expected: 'm: a -> t'},
    {
      name: 'moves what follows with it',
      dag: 'a <- t; a <- m <- n <- o',
      roots: ['m'],
      onto: 't',
      expected: 'm: a -> t',
    },
    {name: 'moves a base', dag: 'a <- t; m <- n', roots: ['m'], onto: 't', expected: 'm:  -> t'},
    {name: 'moves to the base', dag: 'a <- t; a <- m', roots: ['m'], onto: null, expected: 'm: a -> '},
    {
      name: 'moves several lines',
      dag: 'a <- t; a <- m; a <- n',
      roots: ['m', 'n'],
      onto: 't',
      expected: 'm: a -> t; n: a -> t',
    },
    {name: 'moves one line after another', dag: 'a <- m; a <- n', roots: ['n'], onto: 'm', expected: 'n: a -> m'},
    {
      name: 'leaves a merge point of both sides with the parent that moves',
      dag: 'a <- t; a <- m; t, m <- j <- k',
      roots: ['m'],
      onto: 't',
      expected: 'm: a -> t; j: t m -> m',
    },
    {
      name: 'keeps what a merge point joins besides',
      dag: 'a <- t; a <- u; a <- m; u, m <- j',
      roots: ['m'],
      onto: 't',
      expected: 'm: a -> t',
    },
    {
      name: 'puts a merge point of others after the new line',
      dag: 'a <- t <- v; a <- u; t, u <- j',
      roots: ['j'],
      onto: 'v',
      expected: 'j: t u -> v u',
    },
    {name: 'lets dependencies be', dag: 'a <- t; a <- m(t)', roots: ['m'], onto: 't', expected: 'm: a -> t'},
  ]
  for (const {name, dag: text, roots, onto, expected} of cases)
    it(name, () => {
      const graph = dag(text)
      const planned = planRebase(graph, roots, onto)
      expect(textOf(planned)).to.equal(expected)
      after(graph, planned)
    })

  const refused = [
    {name: 'after itself', dag: 'a <- m', roots: ['m'], onto: 'm', message: 'it would come after itself'},
    {name: 'after what descends from it', dag: 'a <- m <- n', roots: ['m'], onto: 'n', message: 'it descends from m'},
    {
      name: 'after what depends on it',
      dag: 'a <- t(m); a <- m',
      roots: ['m'],
      onto: 't',
      message: 'which depends on it',
    },
  ]
  for (const {name, dag: text, roots, onto, message} of refused)
    it(`is refused ${name}`, () => {
      const error = errorOf('REBASE_REFUSED', () => planRebase(dag(text), roots, onto))
      expect(error.message).to.contain(message)
    })

  it('finds nothing to do where the order is right already', () => {
    const error = errorOf('NOTHING_TO_REBASE', () => planRebase(dag('a <- t <- m <- n'), ['m'], 't'))
    expect(error.message).to.equal('There is nothing to rebase: m and n come after t already.')
  })

  it('puts all that moves after the other revision, keeps its order, and leaves the rest', () => {
    let planned = 0
    const some = histories(14).filter((revisions) => revisions.length > 1)
    fc.assert(
      fc.property(some, fc.nat(), fc.nat(), (revisions, i, j) => {
        const graph = buildRevisionGraph(revisions)
        const [root, onto] = [i, j].map((n) => revisions[n % revisions.length]!.id) as [string, string]
        let plan: Rebase
        try {
          plan = planRebase(graph, [root], onto)
        } catch (error) {
          expect(error).to.be.instanceOf(MigError)
          return
        }
        planned++
        const rebased = after(graph, plan)
        const moved = new Set(plan.moved)
        const below = (on: RevisionGraph, id: string): Set<string> => reachable([id], (one) => on.parents(one))
        for (const {id} of revisions) {
          if (!moved.has(id)) {
            expect(rebased.downRevisions(id)).to.deep.equal(graph.downRevisions(id))
            continue
          }
          expect([...below(rebased, id)]).to.include(onto)
          for (const other of below(graph, id)) if (moved.has(other)) expect([...below(rebased, id)]).to.include(other)
        }
      }),
    )
    expect(planned).to.be.above(20)
  })
})
