import {expect} from 'chai'
import type {Revision} from '../../src/graph/revision.ts'
import type {ErrorCode} from '../../src/errors.ts'
import {buildRevisionGraph} from '../../src/graph/build.ts'
import {dag, revisions} from '../support/dag.ts'
import {errorOf} from '../support/errors.ts'

describe('graph/revision-graph', () => {
  const shapes = [
    {name: 'nothing', dag: '', heads: '', bases: '', branchPoints: '', mergePoints: ''},
    {name: 'a line', dag: 'a <- b <- c', heads: 'c', bases: 'a', branchPoints: '', mergePoints: ''},
    {name: 'a diamond', dag: 'a <- b; a <- c; b, c <- m', heads: 'm', bases: 'a', branchPoints: 'a', mergePoints: 'm'},
    {name: 'two bases', dag: 'a <- b; x', heads: 'b x', bases: 'a x', branchPoints: '', mergePoints: ''},
    {
      name: 'a merge of four',
      dag: 'a <- b; a <- c; a <- d; a <- e; b, c, d, e <- m',
      heads: 'm',
      bases: 'a',
      branchPoints: 'a',
      mergePoints: 'm',
    },
    {
      name: 'a criss-cross',
      dag: 'a <- b; a <- c; b, c <- m; b, c <- n',
      heads: 'm n',
      bases: 'a',
      branchPoints: 'a b c',
      mergePoints: 'm n',
    },
    {name: 'a dependency is no parent', dag: 'a; b(a)', heads: 'a b', bases: 'a b', branchPoints: '', mergePoints: ''},
    {
      name: 'a down revision listed twice',
      dag: 'a, a <- b',
      heads: 'b',
      bases: 'a',
      branchPoints: '',
      mergePoints: 'b',
    },
  ]
  for (const c of shapes)
    it(`knows the shape of ${c.name}`, () => {
      const graph = dag(c.dag)
      const {heads, bases, branchPoints, mergePoints} = graph
      expect({heads, bases, branchPoints, mergePoints}).to.deep.equal({
        heads: words(c.heads),
        bases: words(c.bases),
        branchPoints: words(c.branchPoints),
        mergePoints: words(c.mergePoints),
      })
    })

  it('tells children from dependents, and parents from both', () => {
    const graph = dag('a <- b; a <- c(b); d(a)')
    expect(graph.children('a')).to.deep.equal(['b', 'c'])
    expect(graph.dependents('a')).to.deep.equal(['d'])
    expect(graph.childrenAndDependents('a')).to.deep.equal(['b', 'c', 'd'])
    expect(graph.downRevisions('c')).to.deep.equal(['a'])
    expect(graph.dependencies('c')).to.deep.equal(['b'])
    expect(graph.parents('c')).to.deep.equal(['a', 'b'])
  })

  it('counts a revision that is both parent and dependency once', () => {
    const graph = dag('a <- b(a)')
    expect(graph.children('a')).to.deep.equal(['b'])
    expect(graph.dependents('a')).to.deep.equal(['b'])
    expect(graph.childrenAndDependents('a')).to.deep.equal(['b'])
    expect(graph.parents('b')).to.deep.equal(['a'])
  })

  it('finds a dependency by label', () => {
    expect(dag('a{billing} <- b; c(billing)').dependencies('c')).to.deep.equal(['a'])
  })

  it('keeps each line together in topological order', () => {
    const graph = dag('a <- b1 <- b2 <- b3; a <- c1 <- c2; b3, c2 <- m; x <- y(c1)')
    expect(graph.topological.join(' ')).to.equal('a b1 b2 b3 c1 c2 m x y')
  })

  it('takes ids that every object has for what they are', () => {
    const graph = dag('constructor <- __proto__ <- toString; hasOwnProperty(valueOf); valueOf')
    expect(graph.heads).to.deep.equal(['toString', 'hasOwnProperty', 'valueOf'])
    expect(graph.children('__proto__')).to.deep.equal(['toString'])
    expect(graph.has('isPrototypeOf')).to.equal(false)
    expect(graph.named('isPrototypeOf')).to.equal(undefined)
  })

  const refused: {name: string; dag: string; code: ErrorCode; message: string; hint?: string}[] = [
    {name: 'a cycle', dag: 'a <- b <- c <- a', code: 'CYCLE', message: 'a -> c -> b -> a'},
    {name: 'a revision on itself', dag: 'a <- a', code: 'CYCLE', message: 'a -> a'},
    {name: 'a cycle between a base and a head', dag: 'a <- b <- c <- d; c <- b', code: 'CYCLE', message: 'c -> b -> c'},
    {name: 'a cycle through a dependency', dag: 'a(b) <- b', code: 'CYCLE', message: 'b -> a -> b'},
    {name: 'a dependency on its own label', dag: 'a{x}(x)', code: 'CYCLE', message: 'a -> a'},
    {name: 'a missing down revision', dag: 'ae10 <- b(ae10) <- c', code: 'UNKNOWN_DOWN_REVISION', message: 'b revises'},
    {
      name: 'a label as down revision',
      dag: 'a{x}; b',
      code: 'UNKNOWN_DOWN_REVISION',
      message: 'b revises unknown revision x',
    },
    {name: 'a missing dependency', dag: 'a(billings); b{billing}', code: 'UNKNOWN_DEPENDENCY', message: 'billings'},
    {name: 'a label twice', dag: 'a{x}; b{x}', code: 'DUPLICATE_LABEL', message: 'declared by revision a'},
    {name: 'a label that is an id', dag: 'a; b{a}', code: 'DUPLICATE_LABEL', message: 'is the id of a revision'},
    {name: 'a label that is an id read later', dag: 'b{a}; a', code: 'DUPLICATE_LABEL', message: 'is the id'},
    {name: 'an id with @', dag: 'a@b', code: 'INVALID_REVISION_ID', message: '"a@b" contains @'},
    {name: 'an id with -', dag: 'a-b', code: 'INVALID_REVISION_ID', message: 'contains -'},
    {name: 'an id with +', dag: 'a+b', code: 'INVALID_REVISION_ID', message: 'contains +'},
    {name: 'an id with :', dag: 'a:b', code: 'INVALID_REVISION_ID', message: 'contains :'},
  ]
  it('refuses an empty id', () => {
    const [revision] = revisions('a')
    const error = errorOf('INVALID_REVISION_ID', () => buildRevisionGraph([{...revision!, id: ''}]))
    expect(error.message).to.contain('empty')
  })

  it('has no revision that was not given', () => {
    expect(() => dag('a <- b').get('c')).to.throw(RangeError)
  })

  for (const c of refused)
    it(`refuses ${c.name}`, () => {
      const loaded = revisions(c.dag)
      const broken =
        c.code !== 'UNKNOWN_DOWN_REVISION'
          ? loaded
          : c.message.endsWith('x')
            ? loaded.map((r) => (r.id === 'b' ? {...r, downRevisions: ['x']} : r))
            : loaded.filter((r) => r.id !== 'ae10')
      expect(errorOf(c.code, () => buildRevisionGraph(broken)).message).to.contain(c.message)
    })

  const refusedAbove: {name: string; below: string; above: string; code: ErrorCode; message: string}[] = [
    {name: 'an id', below: 'a', above: 'a', code: 'DUPLICATE_REVISION', message: 'a is defined twice'},
    {name: 'a label', below: 'a{x}', above: 'b{x}', code: 'DUPLICATE_LABEL', message: 'declared by revision a'},
    {name: 'an id as a label', below: 'a', above: 'b{a}', code: 'DUPLICATE_LABEL', message: 'is the id of a revision'},
    {name: 'a label as an id', below: 'a{b}', above: 'b', code: 'DUPLICATE_LABEL', message: 'is the id of a revision'},
  ]
  for (const c of refusedAbove)
    it(`refuses ${c.name} of the graph that it adds to`, () => {
      const build = (): unknown => buildRevisionGraph(revisions(c.above), dag(c.below))
      expect(errorOf(c.code, build).message).to.contain(c.message)
      const whole = (): unknown => buildRevisionGraph([...revisions(c.below), ...revisions(c.above)])
      expect(errorOf(c.code, whole).message).to.contain(c.message)
    })

  it('refuses a down revision that neither it nor the graph that it adds to has', () => {
    const added: Revision[] = [{id: 'b', downRevisions: ['ae10'], dependsOn: [], branchLabels: []}]
    const error = errorOf('UNKNOWN_DOWN_REVISION', () => buildRevisionGraph(added, dag('ae1027a6acf0')))
    expect(error.hint).to.equal('Use the full id in a file: ae1027a6acf0.')
  })

  it('names both files of a repeated id', () => {
    const twice = ['one.ts', 'two.ts'].map((file) => ({
      id: 'a',
      downRevisions: [],
      dependsOn: [],
      branchLabels: [],
      file,
    }))
    const error = errorOf('DUPLICATE_REVISION', () => buildRevisionGraph(twice))
    expect(error.message).to.equal('Revision a is defined twice: in one.ts and in two.ts.')
    expect(error.data).to.deep.equal({revision: 'a', files: ['one.ts', 'two.ts']})
  })

  it('suggests what a wrong down revision may have meant', () => {
    const near = (downRevision: string): string | undefined =>
      errorOf('UNKNOWN_DOWN_REVISION', () =>
        buildRevisionGraph([
          ...revisions('ae1027a6acf0{billing}'),
          {id: 'b', downRevisions: [downRevision], dependsOn: [], branchLabels: []},
        ]),
      ).hint
    expect(near('ae1027a6acf1')).to.equal('Did you mean ae1027a6acf0?')
    expect(near('ae10')).to.equal('Use the full id in a file: ae1027a6acf0.')
    expect(near('billing')).to.equal('billing is a branch label; its revision is ae1027a6acf0.')
    expect(near('something')).to.equal('Check whether its file is missing or on another branch.')
  })

  for (const [name, own, missing, hint] of [
    ['the revision itself', 'f2', 'f1', undefined],
    ['a revision that comes after it', 'x1 <- f2', 'f1', undefined],
    ['its own abbreviation', 'ae1027a6acf0', 'ae10', undefined],
    ['its own label', 'x1{billing}', 'billing', undefined],
    ['a label of a revision that comes after it', 'x1 <- x2{billing}', 'bilings', undefined],
    ['a revision that depends on it', 'x1 <- x2; ae1027a6acf0(x2)', 'ae1027a6acf1', undefined],
    ['only a revision beside it', 'x1 <- x2; ae1027a6acf0', 'ae1027a6acf1', 'Did you mean ae1027a6acf0?'],
  ] as const)
    it(`suggests for a missing down revision ${hint === undefined ? 'not ' : ''}${name}`, () => {
      const [first, ...others] = revisions(own)
      const broken = [{...first!, downRevisions: [missing]}, ...others]
      const error = errorOf('UNKNOWN_DOWN_REVISION', () => buildRevisionGraph(broken))
      expect(error.hint).to.equal(hint ?? 'Check whether its file is missing or on another branch.')
    })

  it('builds a line of 100,000 revisions without exhausting the stack', () => {
    const line = Array.from({length: 100_000}, (_, i) => ({
      id: `r${i}`,
      downRevisions: i === 0 ? [] : [`r${i - 1}`],
      dependsOn: [],
      branchLabels: i === 50_000 ? ['middle'] : [],
    }))
    const graph = buildRevisionGraph(line.toReversed())
    expect(graph.heads).to.deep.equal(['r99999'])
    expect(graph.topological[0]).to.equal('r0')
    expect(graph.branchLabelsOf('r0').has('middle')).to.equal(true)
    expect(graph.branchLabelsOf('r99999').has('middle')).to.equal(true)
  })
})

function words(text: string): string[] {
  return text.split(' ').filter(Boolean)
}
