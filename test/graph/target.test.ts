import {expect} from 'chai'
import type {ErrorCode} from '../../src/errors.ts'
import {
  formatRange,
  formatTarget,
  parseRange,
  parseScriptRange,
  parseTarget,
  readTargets,
} from '../../src/graph/target.ts'
import type {Range, Target} from '../../src/graph/target.ts'
import {errorOf} from '../support/errors.ts'

const name = (text: string): Target => ({kind: 'name', name: text})

describe('graph/target', () => {
  const targets: Readonly<Record<string, Target>> = {
    head: {kind: 'head'},
    heads: {kind: 'heads'},
    base: {kind: 'base'},
    ae10: name('ae10'),
    'L@head': {kind: 'head', branch: 'L'},
    'L@ae10': {kind: 'name', name: 'ae10', branch: 'L'},
    'L@a@b': {kind: 'name', name: 'a@b', branch: 'L'},
    '+1': {kind: 'relative', name: '+1', steps: 1},
    '-2': {kind: 'relative', name: '-2', steps: -2},
    'ae10+1': {kind: 'relative', name: 'ae10+1', from: 'ae10', steps: 1},
    'L@-1': {kind: 'relative', name: '-1', steps: -1, branch: 'L'},
    'L@ae10-3': {kind: 'relative', name: 'ae10-3', from: 'ae10', steps: -3, branch: 'L'},
    'git:v2': {kind: 'git', ref: 'v2'},
    'git:origin/main@{1}': {kind: 'git', ref: 'origin/main@{1}'},
    'git:HEAD~1': {kind: 'git', ref: 'HEAD~1'},
    'not-git:v2': name('not-git:v2'),
  }
  for (const [text, target] of Object.entries(targets))
    it(`reads ${text}, and writes it again`, () => {
      expect(parseTarget(text)).to.deep.equal(target)
      expect(formatTarget(target)).to.equal(text)
    })

  it('writes revisions that were resolved', () => {
    expect(formatTarget({kind: 'revisions', ids: ['a', 'b']})).to.equal('a, b')
  })

  const ranges: Readonly<Record<string, Range>> = {
    ':': {},
    'a:': {lower: name('a')},
    ':b': {upper: name('b')},
    'a:b': {lower: name('a'), upper: name('b')},
    'git:v1:head': {lower: {kind: 'git', ref: 'v1'}, upper: {kind: 'head'}},
    'base:git:v2': {lower: {kind: 'base'}, upper: {kind: 'git', ref: 'v2'}},
    'git:v1:git:v2': {lower: {kind: 'git', ref: 'v1'}, upper: {kind: 'git', ref: 'v2'}},
    'L@base:L@head': {lower: {kind: 'base', branch: 'L'}, upper: {kind: 'head', branch: 'L'}},
  }
  for (const [text, range] of Object.entries(ranges)) {
    it(`reads the range ${text}, and writes it again`, () => {
      expect(parseRange(text)).to.deep.equal(range)
      expect(formatRange(range)).to.equal(text)
    })

    it(`reads ${text} as a range of a script`, () => {
      expect(parseScriptRange(text)).to.deep.equal(range)
    })
  }

  for (const text of ['head', 'git:v2', 'L@+1'])
    it(`reads ${text} as the end of a script`, () => {
      expect(parseScriptRange(text)).to.deep.equal({upper: parseTarget(text)})
    })

  it('reads one target or several, as text or already read', () => {
    expect(readTargets('a')).to.deep.equal([name('a')])
    expect(readTargets(['a', {kind: 'head'}])).to.deep.equal([name('a'), {kind: 'head'}])
    expect(readTargets('git:a:b')).to.deep.equal([{kind: 'git', ref: 'a:b'}])
  })

  const refused: readonly {
    readonly text: string
    readonly read: (text: string) => unknown
    readonly code: ErrorCode
  }[] = [
    ...['', '@head', 'L@', '@', 'L@@', 'git:'].map(
      (text) => ({text, read: parseTarget, code: 'INVALID_TARGET'}) as const,
    ),
    ...['a:b', ':', 'head:'].map((text) => ({text, read: readTargets, code: 'INVALID_TARGET'}) as const),
    ...['', 'a', 'git:v1', 'a:b:c', '::'].map((text) => ({text, read: parseRange, code: 'INVALID_RANGE'}) as const),
    {text: 'a:@', read: parseRange, code: 'INVALID_TARGET'},
    {text: 'a:b:c', read: parseScriptRange, code: 'INVALID_RANGE'},
    {text: '', read: parseScriptRange, code: 'INVALID_TARGET'},
  ]
  for (const {text, read, code} of refused)
    it(`refuses "${text}" as ${code} in ${read.name}`, () => {
      errorOf(code, () => read(text))
    })
})
