import {expect} from 'chai'
import * as fc from 'fast-check'
import {readHeader} from '../../src/script/header.ts'
import {readRevisionFile} from '../../src/script/revision-file.ts'
import {errorOf} from '../support/errors.ts'

const canonical = `/**
 * add email to users
 *
 * A word on why: people forget their names.
 *
 * Revision ID: 1975ea83b712
 * Revises: ae1027a6acf0
 * Create Date: 2026-11-21T10:00:00.000Z
 */
import type {Operations} from 'migdag'

export const revision = '1975ea83b712'
export const downRevision = 'ae1027a6acf0'
export const branchLabels = null
export const dependsOn = null

export async function upgrade(op: Operations) {
  op.execute('select 1')
}
`

/** A file with these lines for a header, and a body that is hard to read for whoever does not know the language. */
const withBody = (header: string): string => `${header}
const quote = /['"\`]/, half = 1 / 2 / 3
export async function upgrade(op) {
  op.execute(\`insert into t values ('\${\`nested \${'}'}\`}') -- export const revision = 'no'\`)
  if (half) return /[/'"]/.test('it"s')
}
`

describe('script/header', () => {
  for (const [file, text] of Object.entries({
    'a.ts': canonical,
    'a.sql': '-- revision: a\n-- revises:\n\n-- upgrade\nselect 1\n',
  }))
    it(`names conflict markers of git in ${file}`, () => {
      const lines = text.split('\n')
      const conflict = ['<<<<<<< HEAD', lines[2], '=======', '>>>>>>> other', ...lines.slice(2)]
      const error = errorOf('INVALID_REVISION_FILE', () =>
        readRevisionFile(file, [...lines.slice(0, 2), ...conflict].join('\n')),
      )
      expect(error.message).to.equal(`${file}:3: it contains git conflict markers.`)
    })

  it('reads what a squash replaces', () => {
    const squash = "export const replaces = ['a', 'b']\nexport const replacedSquashes: string[] = [\n  's',\n]\n"
    const text = canonical.replace(/^export const downRevision/m, (line) => squash + line)
    const read = readRevisionFile('a.ts', text)
    expect([read?.replaces, read?.replacedSquashes]).to.deep.equal([['a', 'b'], ['s']])
  })

  for (const [value, reason] of [
    ["[...others, 'a']", 'replaces must be a string, an array of strings or null'],
    ['true', 'replaces must be a string, an array of strings or null'],
    ["'a'\nexport const replaces = 'b'", 'replaces is declared twice'],
  ] as const)
    it(`refuses to replace ${value.split('\n').join('; ')}`, () => {
      const error = errorOf('INVALID_REVISION_FILE', () =>
        readRevisionFile('a.ts', `export const replaces = ${value.replaceAll(String.raw`\n`, '\n')}\n${canonical}`),
      )
      expect(error.message).to.include(reason)
    })

  it('refuses to replace squashes without revisions', () => {
    const error = errorOf('INVALID_REVISION_FILE', () =>
      readRevisionFile('a.ts', `${canonical}\nexport const replacedSquashes = 's'\n`),
    )
    expect(error.hint).to.include('export const replaces = […]')
  })

  it('reads what mig writes', () => {
    expect(readHeader(canonical, 'a.ts')).to.deep.equal({
      comment: canonical.slice(3, canonical.indexOf('*/')),
      revision: '1975ea83b712',
      downRevisions: ['ae1027a6acf0'],
      branchLabels: [],
      dependsOn: [],
      replaces: [],
      replacedSquashes: [],
      transactional: true,
      baseline: false,
    })
  })

  const accepted = [
    {name: 'double quotes and semicolons', value: '"b";', is: ['b']},
    {name: 'no space around =', value: "'b'", is: ['b'], glue: '='},
    {name: 'a template without substitution', value: '`b`', is: ['b']},
    {name: 'null', value: 'null', is: []},
    {name: 'undefined', value: 'undefined;', is: []},
    {name: 'an empty array', value: '[]', is: []},
    {name: 'an array', value: "['b', 'c']", is: ['b', 'c']},
    {name: 'an array over several lines', value: "[\n  'b',\n  // why\n  'c', /* two */\n];", is: ['b', 'c']},
    {name: 'as const', value: "['b'] as const", is: ['b']},
    {name: 'as const with a comment behind', value: "'b' as const // the base", is: ['b']},
    {name: 'satisfies', value: "['b'] satisfies readonly string[];", is: ['b']},
    {name: 'satisfies a type over several lines', value: "['b'] satisfies {\n length: number\n}", is: ['b']},
    {name: 'a comment behind', value: "'b' // the base", is: ['b']},
    {name: 'a comment between', value: "/* really */ 'b'", is: ['b']},
    {name: 'a line break behind =', value: "\n  'b'", is: ['b']},
    {name: 'a type annotation', value: "'b'", is: ['b'], glue: ': string | null = '},
    {name: 'a generic type annotation', value: "['b']", is: ['b'], glue: ': ReadonlyArray<string>= '},
    {name: 'a function type annotation', value: "['b']", is: ['b'], glue: ': (() => string[])["x"] = '},
    {name: 'escaped quotes', value: String.raw`'it\'s'`, is: ["it's"]},
    {name: 'carriage returns', value: "'b'\r", is: ['b']},
  ]
  for (const c of accepted)
    it(`reads a value with ${c.name}`, () => {
      const header = withBody(`export const revision = 'a'\nexport const downRevision${c.glue ?? ' = '}${c.value}\n`)
      expect(readHeader(header, 'a.ts')?.downRevisions).to.deep.equal(c.is)
    })

  it('reads declarations behind the functions, and all on one line', () => {
    const file = withBody('') + `export const revision='a';export const downRevision=null;export const dependsOn=['x']`
    expect(readHeader(file, 'a.ts'))
      .to.include({revision: 'a'})
      .and.deep.include({dependsOn: ['x']})
  })

  it('reads transactional and irreversible', () => {
    const file = `${canonical}export const transactional = false\nexport const irreversible = 'data is gone'\n`
    expect(readHeader(file, 'a.ts')).to.include({transactional: false, irreversible: 'data is gone'})
  })

  it('is not misled by declarations in comments, strings, templates and blocks', () => {
    const noise = `// export const revision = 'x1'
/* export const revision = 'x2' */
const a = "export const revision = 'x3'", b = \`
export const revision = 'x4'
\${'export const revision = 1'}\`
namespace n { export const revision = 'x5' }
`
    const file = withBody(`${noise}export const revision = 'a'\nexport const downRevision = null\n`) + noise
    expect(readHeader(file, 'a.ts')?.revision).to.equal('a')
  })

  const refused = [
    {name: 'a call', line: 'export const downRevision = parent()', message: 'a.ts:2: downRevision must be a string'},
    {name: 'a variable', line: 'export const downRevision = parent', message: '`parent`'},
    {name: 'an expression', line: "export const downRevision = 'a' + 'b'", message: 'written as a literal'},
    {name: 'an expression over two lines', line: "export const downRevision = 'a'\n  + 'b'", message: 'literal'},
    {name: 'a call on the next line', line: "export const downRevision = 'a'\n  .trim()", message: 'literal'},
    {name: 'a template with substitution', line: 'export const downRevision = `${x}`', message: 'literal'},
    {name: 'a number', line: 'export const downRevision = 12', message: 'a.ts:2: downRevision must be'},
    {name: 'a boolean', line: 'export const downRevision = true', message: 'must be a string, an array'},
    {name: 'an array with null', line: "export const downRevision = ['a', null]", message: 'literal'},
    {name: 'a spread', line: "export const downRevision = [...x, 'a']", message: 'literal'},
    {name: 'an array that never ends', line: "export const downRevision = ['a',", message: 'literal'},
    {name: 'a string that never ends', line: "export const downRevision = 'a", message: 'literal'},
    {name: 'an unusual escape', line: String.raw`export const downRevision = '\u0061'`, message: 'literal'},
    {name: 'no value', line: 'export const downRevision', message: 'a.ts:2: downRevision has no value'},
    {name: 'a value far away', line: 'export const downRevision: string;\n', message: 'has no value'},
    {name: 'let', line: "export let downRevision = 'a'", message: 'declared with const'},
    {name: 'a second declaration', line: "export const revision = 'b'", message: 'a.ts:2: revision is declared twice'},
    {name: 'no downRevision', line: '', message: '`export const downRevision = '},
  ]
  for (const c of refused)
    it(`refuses ${c.name}, with file and line`, () => {
      const error = errorOf('INVALID_REVISION_FILE', () => readHeader(`export const revision = 'a'\n${c.line}`, 'a.ts'))
      expect(error.message).to.contain(c.message)
    })

  it('refuses a revision that is no string, and one that is missing', () => {
    errorOf('INVALID_REVISION_FILE', () =>
      readHeader('export const revision = null\nexport const downRevision = null', 'a.ts'),
    )
    const error = errorOf('INVALID_REVISION_FILE', () => readHeader('export const downRevision = null', 'a.ts'))
    expect(error.message).to.equal("a.ts:1: `export const revision = '…'` is missing.")
  })

  describe('on damaged input', () => {
    const pieces = [
      'export',
      ' const ',
      'let',
      'revision',
      'downRevision',
      ' = ',
      "'",
      '"',
      '`',
      '${',
      '}',
      '{',
      '[',
      ']',
    ]
    const more = [
      ...pieces,
      '(',
      ')',
      '/',
      '//',
      '/*',
      '*/',
      '/**',
      '\n',
      '\r\n',
      ',',
      ';',
      ':',
      'null',
      'as',
      '\\',
      'é',
      '\u2028',
    ]
    const soup = fc.array(fc.oneof(fc.constantFrom(...more), fc.string({maxLength: 3})), {maxLength: 60})

    it('ends, and returns a whole header or an error', () => {
      fc.assert(
        fc.property(soup, (parts) => {
          expect(outcomeOf(parts.join(''))).to.be.oneOf(outcomes)
        }),
        {numRuns: 2000},
      )
    })

    it('never takes half of a file that was cut off for a whole one', () => {
      const lengths = [...canonical, ''].map((_, length) => length)
      const shortest = lengths.find((length) => outcomeOf(canonical.slice(0, length)) === 'a header')
      expect(canonical.slice(0, shortest)).to.match(/\nexport const downRevision = 'ae1027a6acf0'$/)
    })

    it('survives anything in the place of one character', () => {
      fc.assert(
        fc.property(fc.nat(canonical.length), fc.constantFrom(...more), (at, piece) => {
          expect(outcomeOf(canonical.slice(0, at) + piece + canonical.slice(at + 1))).to.be.oneOf(outcomes)
        }),
        {numRuns: 2000},
      )
    })

    it('takes no longer than the text is long', () => {
      const hostile = ['`${', '/*', '[', "'\\", '/[', ' / [', '(/['].map((text) => text.repeat(500_000))
      for (const text of hostile)
        expect(outcomeOf(`export const revision = ${text} export const revision`)).to.equal('an error')
    })

    const outcomes = ['a header', 'no header', 'an error'] as const

    function outcomeOf(text: string): (typeof outcomes)[number] {
      try {
        const header = readHeader(text, 'a.ts')
        if (header === undefined) return 'no header'
        expect(header.revision).to.be.a('string')
        return 'a header'
      } catch (error) {
        expect(error).to.have.property('code', 'INVALID_REVISION_FILE')
        return 'an error'
      }
    }
  })
})

describe('script/revision-file', () => {
  const comments = [
    {name: 'a message alone', text: '/** add email */', message: 'add email'},
    {name: 'a message over two lines', text: '/**\n * add email\n * to users\n */', message: 'add email to users'},
    {name: 'no comment', text: '', message: ''},
    {name: 'a comment behind code', text: 'const a = 1 /** no */\n', message: ''},
    {name: 'an escaped end', text: '/** a *\\/ b */', message: 'a */ b'},
    {name: 'facts', text: '/**\n * add\n *\n * Revision ID: a\n * Revises: b\n */', message: 'add'},
  ]
  for (const c of comments)
    it(`reads ${c.name}`, () => {
      const revision = readRevisionFile('a.ts', c.text + canonical.slice(canonical.indexOf('import')))
      expect(revision?.message).to.equal(c.message)
    })

  it('reads what follows the message, and the date', () => {
    const {description, createDate} = readRevisionFile('a.ts', canonical) ?? {}
    expect([description, createDate]).to.deep.equal([
      'A word on why: people forget their names.',
      '2026-11-21T10:00:00.000Z',
    ])
  })

  const cases = [
    {name: 'a helper', file: 'helper.ts', text: 'export const twice = (n: number) => 2 * n'},
    {name: 'a seed', file: 'seed.sql', text: 'insert into t values (1);'},
    {name: 'an empty file', file: 'notes.ts', text: ''},
  ]
  for (const c of cases)
    it(`ignores ${c.name}`, () => {
      expect(readRevisionFile(c.file, c.text)).to.equal(undefined)
    })

  const broken = [
    {name: 'an empty file that is named like one', file: '1975ea83b712_add.ts', text: ' \n', hint: 'is empty'},
    {
      name: 'a list of exports',
      file: 'a.ts',
      text: 'const downRevision = 1\nexport {downRevision}',
      hint: 'Declare each of them',
    },
    {name: 'CommonJS', file: 'a.js', text: 'exports.downRevision = null', hint: 'Declare each of them'},
    {name: 'an upgrade alone', file: 'a.ts', text: 'export async function upgrade() {}', hint: 'move it out'},
    {name: 'SQL without id', file: 'a.sql', text: '-- revises: x\n-- upgrade\nselect 1', hint: 'move it out'},
  ]
  for (const c of broken)
    it(`refuses ${c.name}`, () => {
      expect(errorOf('INVALID_REVISION_FILE', () => readRevisionFile(c.file, c.text)).hint).to.contain(c.hint)
    })
})
