import {expect} from 'chai'
import * as fc from 'fast-check'
import {buildRevisionGraph} from '../../src/graph/build.ts'
import type {Revision} from '../../src/graph/revision.ts'
import type {RevisionGraph} from '../../src/graph/revision-graph.ts'
import {findRevision} from '../../src/graph/resolve.ts'
import type {ErrorCode} from '../../src/errors.ts'
import {revisions} from '../support/dag.ts'
import {errorOf} from '../support/errors.ts'
import {SquashWorld, dice} from '../support/squash-world.ts'

/** Adds what revisions replace to a graph as `revisions` reads it: `T = a b, S`, with earlier squashes after the comma. */
function squashed(text: string, ...replaced: string[]): Revision[] {
  const lists = new Map(
    replaced.map((line) => {
      const [id = '', list = ''] = line.split('=').map((part) => part.trim())
      const [replaces, replacedSquashes] = list.split(',').map((part) => part.trim().split(' ').filter(Boolean))
      return [id, {replaces: replaces ?? [], replacedSquashes: replacedSquashes ?? []}]
    }),
  )
  return revisions(text).map((revision) => ({...revision, ...lists.get(revision.id)}))
}

const graphOf = (text: string, ...replaced: string[]): RevisionGraph => buildRevisionGraph(squashed(text, ...replaced))

describe('graph/squash', () => {
  it('puts a squash in place of what it replaces', () => {
    const graph = graphOf('p <- a <- b <- c <- d; p <- T', 'T = a b c')
    expect(graph.topological).to.deep.equal(['p', 'T', 'd'])
    expect(graph.heads).to.deep.equal(['d'])
    expect(graph.downRevisions('d')).to.deep.equal(['T'])
    expect(graph.sources.map(({id}) => id)).to.have.members(['p', 'a', 'b', 'c', 'd', 'T'])
    expect(graph.named('b')).to.equal('T')
  })

  it('is a base if it replaces one, and a head if it replaces that', () => {
    const graph = graphOf('a <- b; T', 'T = a b')
    expect([graph.bases, graph.heads]).to.deep.equal([['T'], ['T']])
  })

  it('needs no files of what it replaces', () => {
    const graph = graphOf('p <- T; c <- d(b)', 'T = a b', 'c = c0')
    expect(graph.parents('d')).to.deep.equal(['c', 'T'])
  })

  it('gives labels of what it replaces to the squash', () => {
    const graph = graphOf('p <- a{api} <- b <- c; p <- T; x(api)', 'T = a b')
    expect(graph.named('api')).to.equal('T')
    expect([...graph.branchLabelsOf('c')]).to.deep.equal(['api'])
    expect(graph.parents('x')).to.deep.equal(['T'])
    expect(graphOf('p <- a{api} <- b <- c; p <- T{api}', 'T = a b').named('api')).to.equal('T')
  })

  it('finds a squash by the beginning of an id that it replaces', () => {
    const graph = graphOf('aaaa11 <- aaab22 <- c; T', 'T = aaaa11 aaab22')
    expect(findRevision(graph, 'aaaa')).to.equal('T')
    expect(findRevision(graph, 'aaab22')).to.equal('T')
  })

  it('replaces earlier squashes with all that they replaced', () => {
    const graph = graphOf('a <- b <- c <- d; S <- d; T <- d', 'S = a b', 'T = a b c, S')
    expect(graph.topological).to.deep.equal(['T', 'd'])
    expect(graph.named('S')).to.equal('T')
    const [squash, next] = squashed('T <- d', 'T = a b c, S')
    const pruned = buildRevisionGraph([squash!, {...next!, downRevisions: ['S']}])
    expect(pruned.topological).to.deep.equal(['T', 'd'])
  })

  it('keeps squashes of separate revisions apart', () => {
    const graph = graphOf('a <- b <- c <- d; T; b <- U', 'T = a b', 'U = c d')
    expect(graph.topological).to.deep.equal(['T', 'U'])
  })

  const refused: readonly {
    readonly name: string
    readonly dag: string
    readonly squashes: readonly string[]
    readonly code: ErrorCode
    readonly says: string
  }[] = [
    {
      name: 'a revision outside that is between those inside',
      dag: 'p <- a <- b <- c; p <- T',
      squashes: ['T = a c'],
      code: 'SQUASH_NOT_CONVEX',
      says: 'before and after b, but not this one',
    },
    {
      name: 'a revision outside that is between by a dependency',
      dag: 'p <- a <- c(x); x(a); p <- T',
      squashes: ['T = a c'],
      code: 'SQUASH_NOT_CONVEX',
      says: 'before and after x',
    },
    {
      name: 'other parents',
      dag: 'p <- a <- b; q <- T',
      squashes: ['T = a b'],
      code: 'SQUASH_WRONG_PARENTS',
      says: 'has other parents than the revisions that it replaces: p',
    },
    {
      name: 'a missing dependency',
      dag: 'p <- a(x) <- b; x; p <- T',
      squashes: ['T = a b'],
      code: 'SQUASH_WRONG_PARENTS',
      says: 'has other dependencies than the revisions that it replaces: x',
    },
    {
      name: 'two squashes of one revision',
      dag: 'a <- b <- c; T; U',
      squashes: ['T = a b', 'U = a b c'],
      code: 'SQUASH_REPLACED_TWICE',
      says: 'is replaced twice: by T and by U',
    },
    {
      name: 'a squash of a squash that leaves something out',
      dag: 'a <- b <- c; S; T',
      squashes: ['S = a b', 'T = a c, S'],
      code: 'SQUASH_INCOMPLETE',
      says: 'replaces S, but not b, which S replaces',
    },
    {
      name: 'a squash among the revisions',
      dag: 'a <- b <- c; S; T',
      squashes: ['S = a b', 'T = S a b c'],
      code: 'SQUASH_INCOMPLETE',
      says: 'names the squash S as one of the revisions',
    },
    {
      name: 'a revision among the squashes',
      dag: 'a <- b; T',
      squashes: ['T = a, b'],
      code: 'SQUASH_INCOMPLETE',
      says: 'names b as a squash, which replaces nothing',
    },
    {name: 'itself', dag: 'a; T', squashes: ['T = a T'], code: 'SQUASH_INCOMPLETE', says: 'replaces itself'},
    {
      name: 'a label of a revision outside',
      dag: 'a <- b{x}; T{x}',
      squashes: ['T = a'],
      code: 'DUPLICATE_LABEL',
      says: 'x',
    },
  ]
  for (const {name, dag, squashes, code, says} of refused)
    it(`refuses ${name}`, () => {
      const error = errorOf(code, () => graphOf(dag, ...squashes))
      expect(error.message).to.include(says)
    })

  it('is the same graph if it is built in two parts', () => {
    const all = squashed('p <- a <- b <- c; p <- T', 'T = a b')
    const below = buildRevisionGraph(all.filter(({id}) => id !== 'T' && id !== 'c'))
    const graph = buildRevisionGraph(
      all.filter(({id}) => id === 'T' || id === 'c'),
      below,
    )
    expect(graph.topological).to.deep.equal(['p', 'T', 'c'])
  })
})

describe('graph/squash, on random histories', () => {
  it('loses no change and makes none twice', () => {
    fc.assert(
      fc.property(fc.integer({min: 0}), (seed) => {
        const world = new SquashWorld(dice(seed))
        const live = (): void => {
          for (let i = 0; i < 40; i++) world.step()
        }
        expect(live).not.to.throw()
      }),
      {numRuns: 200},
    )
  })
})
