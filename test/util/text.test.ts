import {expect} from 'chai'
import {capitalized, dedent, didYouMean, listOf, nearest, plural} from '../../src/util/text.ts'

describe('util/text', () => {
  const counts: readonly (readonly [args: Parameters<typeof plural>, text: string])[] = [
    [[0, 'head'], '0 heads'],
    [[1, 'head'], '1 head'],
    [[2, 'head'], '2 heads'],
    [[1, 'branch', 'branches'], '1 branch'],
    [[3, 'branch', 'branches'], '3 branches'],
  ]
  for (const [args, text] of counts)
    it(`counts ${text}`, () => {
      expect(plural(...args)).to.equal(text)
    })

  const lists: readonly (readonly [args: Parameters<typeof listOf>, text: string])[] = [
    [[[]], ''],
    [[['a']], 'a'],
    [[['a', 'b']], 'a and b'],
    [[['a', 'b', 'c']], 'a, b and c'],
    [[['a', 'b', 'c'], 3], 'a, b and c'],
    [[['a', 'b', 'c'], 2], 'a, b and 1 more'],
    [[['a', 'b', 'c', 'd'], 1], 'a and 3 more'],
    [[['a', 'b', 'c'], undefined, 'or'], 'a, b or c'],
    [[['a', 'b'], 5, 'or'], 'a or b'],
  ]
  for (const [args, text] of lists)
    it(`lists ${JSON.stringify(args)} as "${text}"`, () => {
      expect(listOf(...args)).to.equal(text)
    })

  const names: readonly (readonly [text: string, candidates: readonly string[], nearest: string | undefined])[] = [
    ['upgrad', ['upgrade', 'downgrade'], 'upgrade'],
    ['Upgrade', ['upgrade'], 'upgrade'],
    ['upgrade', [], undefined],
    ['zzzzzz', ['upgrade'], undefined],
    ['abc', ['abd'], 'abd'],
    ['abc', ['axx'], undefined],
    ['abcd', ['abxx'], 'abxx'],
    ['abcd', ['axxx'], undefined],
    ['abcdefghijkl', ['abcdefghixxx'], 'abcdefghixxx'],
    ['abcdefghijkl', ['abcdefghxxxx'], undefined],
    ['ab', ['abc', 'abd'], 'abc'],
    ['abd', ['abc', 'abd'], 'abd'],
  ]
  for (const [text, candidates, expected] of names)
    it(`finds ${expected ?? 'nothing'} near ${text} among ${candidates.join(', ')}`, () => {
      expect(nearest(text, candidates)).to.equal(expected)
    })

  it('asks about a near miss, and otherwise says something else', () => {
    expect(didYouMean('upgrad', ['upgrade'], 'No.')).to.equal('Did you mean upgrade?')
    expect(didYouMean('zzzzzz', ['upgrade'], 'No.')).to.equal('No.')
  })

  const indented: readonly (readonly [text: string, dedented: string])[] = [
    ['', ''],
    ['  a', '  a'],
    ['a\n  b\n    c', 'a\nb\n  c'],
    ['a\n    b\n  c', 'a\n  b\nc'],
    ['a\n\n  b', 'a\n\nb'],
    ['a\n \n    b', 'a\n\nb'],
    ['a\nb\n  c', 'a\nb\n  c'],
  ]
  for (const [text, dedented] of indented)
    it(`takes the indent of ${JSON.stringify(text)} away`, () => {
      expect(dedent(text)).to.equal(dedented)
    })

  it('begins a sentence with a capital', () => {
    expect(['it is so', 'It', ''].map(capitalized)).to.deep.equal(['It is so', 'It', ''])
  })
})
