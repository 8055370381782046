import {expect} from 'chai'
import * as fc from 'fast-check'
import {canonicalText} from '../../src/util/canonical-text.ts'

const different: readonly unknown[] = [
  ...[null, undefined, true, 'true', 0, -0, 1, '1', 1n, Number.NaN, Infinity, '', 'a', '\n', "'"],
  ...[[], [[]], [1, 2], ['1,2'], [undefined], {}, {a: 1}, {a: '1'}, {b: 1}, {a: 1, b: 2}, {b: 2, a: 1}, {a: [1]}],
  ...[new Date(0), 'Date(0)', new Uint8Array([1]), new Uint8Array([1, 0]), 'Bytes(01)', {Date: 0}],
]

describe('util/canonical-text', () => {
  it('tells different data apart', () => {
    const texts = different.map(canonicalText)
    expect([...new Set(texts)]).to.deep.equal(texts)
  })

  it('is the same for equal data', () => {
    expect(canonicalText({a: 1, b: undefined})).to.equal(canonicalText({a: 1}))
    expect(canonicalText(Buffer.from([1]))).to.equal(canonicalText(new Uint8Array([1])))
    expect(canonicalText(Object.freeze({a: [new Date(1)]}))).to.equal(canonicalText({a: [new Date(1)]}))
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalText(structuredClone(value))).to.equal(canonicalText(value))
      }),
    )
  })

  const others: Readonly<Record<string, unknown>> = {
    'a function': () => 1,
    'a symbol': Symbol('a'),
    'a map': new Map(),
    'an instance in an object': {a: [new Error('x')]},
  }
  for (const [name, value] of Object.entries(others))
    it(`does not exist for ${name}`, () => {
      expect(() => canonicalText(value)).to.throw(TypeError)
    })
})
