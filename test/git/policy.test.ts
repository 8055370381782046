import {expect} from 'chai'
import {headsTooMany} from '../../src/git/policy.ts'
import type {Policy} from '../../src/git/policy.ts'
import {dag} from '../support/dag.ts'

interface Case {
  readonly name: string
  readonly graph: string
  readonly policy: Partial<Policy>
  readonly before?: number
  readonly tooMany: readonly string[]
}

const two = 'a <- b; a <- c'
const three = 'a <- b; a <- c; a <- d'
const labelled = 'a <- b; a <- c{billing}; a <- d{audit}'

const cases: readonly Case[] = [
  {name: 'no revision', graph: '', policy: {}, tooMany: []},
  {name: 'one head', graph: 'a <- b', policy: {}, tooMany: []},
  {name: 'two heads where nothing is known of before', graph: two, policy: {}, tooMany: ['b', 'c']},
  {name: 'two heads where there was one', graph: two, policy: {}, before: 1, tooMany: ['b', 'c']},
  {name: 'two heads where there was none', graph: two, policy: {}, before: 0, tooMany: ['b', 'c']},
  {name: 'one head where there was none', graph: 'a', policy: {}, before: 0, tooMany: []},
  {name: 'as many heads as before', graph: two, policy: {}, before: 2, tooMany: []},
  {name: 'fewer heads than before', graph: two, policy: {}, before: 3, tooMany: []},
  {name: 'one head more than before', graph: three, policy: {}, before: 2, tooMany: ['b', 'c', 'd']},
  {name: 'many heads where many may be', graph: three, policy: {heads: 'many'}, tooMany: []},
  {
    name: 'many heads where many may be, with labels',
    graph: three,
    policy: {heads: 'many', labels: ['x']},
    tooMany: [],
  },
  {name: 'one head where one may be', graph: 'a <- b', policy: {heads: 'one'}, tooMany: []},
  {
    name: 'as many heads as before where one may be',
    graph: two,
    policy: {heads: 'one'},
    before: 2,
    tooMany: ['b', 'c'],
  },
  {name: 'a head beside those of labels', graph: labelled, policy: {labels: ['billing', 'audit']}, tooMany: []},
  {
    name: 'two heads beside that of a label',
    graph: `${labelled}; a <- e`,
    policy: {labels: ['billing', 'audit']},
    tooMany: ['b', 'e'],
  },
  {name: 'a label that the policy does not name', graph: labelled, policy: {labels: ['billing']}, tooMany: ['b', 'd']},
  {
    name: 'labels where one may be, whatever was before',
    graph: two,
    policy: {heads: 'one', labels: ['billing']},
    before: 2,
    tooMany: ['b', 'c'],
  },
  {
    name: 'labels, whatever was before',
    graph: two,
    policy: {labels: ['billing']},
    before: 2,
    tooMany: ['b', 'c'],
  },
  {
    name: 'two heads of one label',
    graph: 'a <- b; a <- c{billing} <- d; c <- e',
    policy: {labels: ['billing']},
    tooMany: ['d', 'e'],
  },
  {
    name: 'two heads of one label, and two of none',
    graph: 'a <- b; a <- x; a <- c{billing} <- d; c <- e',
    policy: {labels: ['billing']},
    tooMany: ['b', 'x', 'd', 'e'],
  },
  {
    name: 'a head with two labels, by the first that the policy names',
    graph: 'a <- b{x billing}; a <- c',
    policy: {labels: ['billing']},
    tooMany: [],
  },
]

describe('git/policy', () => {
  for (const {name, graph, policy, before, tooMany} of cases)
    it(`finds ${tooMany.length === 0 ? 'nothing' : tooMany.join(' ')} too many: ${name}`, () => {
      expect(
        headsTooMany(dag(graph), {labels: [], published: 'frozen', collisions: 'warning', ...policy}, before),
      ).to.deep.equal(tooMany)
    })
})
