import {expect} from 'chai'
import {assert, constantFrom, oneof, property, string} from 'fast-check'
import {lexer} from 'marked'
import {annotation} from '../../src/render/safe/annotation.ts'
import {json} from '../../src/render/safe/json.ts'
import {cell, code, inMarkdown} from '../../src/render/safe/markdown.ts'
import {mermaidLabel} from '../../src/render/safe/mermaid.ts'
import {joined, linesOf, printed, text, verbatim} from '../../src/render/safe/text.ts'
import {activeText, passive, tokensIn, unsafe} from '../support/untrusted.ts'

const terminalCases: Readonly<Record<string, readonly [value: string, printed: string]>> = {
  'colours of others': ['\u{1B}[31mred', String.raw`\x1b[31mred`],
  'links of a terminal': ['\u{1B}]8;;http://x\u{7}', String.raw`\x1b]8;;http://x\x07`],
  'a carriage return': ['ok\rforged', String.raw`ok\x0dforged`],
  'line ends': ['a\r\nb\nc', String.raw`a\nb\nc`],
  tabs: ['a\tb', 'a\tb'],
  'C1 controls': ['\u{9B}31m', String.raw`\x9b31m`],
  'text that is reordered': ['\u{202E}txt', String.raw`\u202etxt`],
  'text that cannot be seen': ['a\u{200B}b\u{AD}c\u{3164}', String.raw`a\u200bb\xadc\u3164`],
  'tags that cannot be seen': ['a\u{E0041}', String.raw`a\u{e0041}`],
  'joiners between letters that have none': ['a\u{200D}b\u{200C}c', String.raw`a\u200db\u200cc`],
  'half of a surrogate pair': ['a\u{D800}b', String.raw`a\ud800b`],
  'a section of GitLab': ['section_start:1:x\r\u{1B}[0Kx', String.raw`section_start:1:x\x0d\x1b[0Kx`],
  'a command of GitHub': ['::error::x', String.raw`\::error::x`],
  'a command of GitHub after spaces': ['\u{A0} ::error::x', `\u{A0} \\::error::x`],
  'a command of the older form': ['at ##[error]x', String.raw`at ##\[error]x`],
  'a command of Azure': ['##vso[task.setvariable]x', String.raw`##vso\[task.setvariable]x`],
  'colons elsewhere': ['a::b c :: d', 'a::b c :: d'],
  'other scripts and emoji': [
    '名前 naïve علی\u{200C}رضا 👩🏽\u{200D}🚀 ❤\u{FE0F}',
    '名前 naïve علی\u{200C}رضا 👩🏽\u{200D}🚀 ❤\u{FE0F}',
  ],
}

const markdownCases: Readonly<Record<string, readonly [value: string, printed: string]>> = {
  'code at the end of a parenthesis': ['Run `a` (set `b: 0`).', 'Run `a` (set `b: 0`).'],
  'code in a parenthesis': ['(`b: 0`), x', '(`b: 0`), x'],
  'plain words': ['Add e-mail, and others (2).', 'Add e-mail, and others (2).'],
  HTML: ['<img src=x>', '`<img` `src=x>`'],
  'a mention': ['by @org/team.', 'by `@org/team`.'],
  'a reference': ['fixes #12 and GH-3', 'fixes `#12` and `GH-3`'],
  'an address': ['see https://x.org/a_b (www.x.org)', 'see `https://x.org/a_b` (`www.x.org`)'],
  'a link': ['[a](b)', '`[a](b)`'],
  'emphasis and tables': ['a*b* c|d', '`a*b*` `c|d`'],
  'a quoted command': ['Run `mig merge heads -m "..."`.', 'Run `mig merge heads -m "..."`.'],
  backticks: ['a ```b c', 'a ```` ```b ```` c'],
  lines: ['a\n# b', String.raw`a\n` + '`#` b'],
  'an entity': ['&lt;', '`&lt`;'],
  'nothing that can be seen': ['\u{3164}', '`' + String.raw`\u3164` + '`'],
}

/** Values that have caused trouble, and any others. */
const values = oneof(
  string({unit: 'binary', maxLength: 20}),
  string({
    unit: constantFrom(
      ...[
        '`',
        '``',
        '\\',
        '|',
        '<b>',
        '@a',
        '#1',
        '[x](y)',
        '![',
        '](',
        '*',
        '_',
        '~',
        '\n',
        '\r',
        ' ',
        '\t',
        'a',
        'é',
      ],
      ...['https://x.y', 'www.x.y', '::error::', '##[', '%', ',', ':', '"', ';', '-', '>', '---', '&amp;', '\u{1B}[1m'],
      ...['\u{202E}', '\u{200B}', '\u{D800}', '\u{9B}', '\u{3164}', '${{ x }}', '$(x)'],
    ),
    maxLength: 8,
  }),
)

describe('render/safe', () => {
  for (const [name, [value, expected]] of Object.entries(terminalCases))
    it(`prints ${name} on a terminal`, () => {
      expect(printed(text`${value}`)).to.equal(expected)
    })

  for (const [name, [value, expected]] of Object.entries(markdownCases))
    it(`prints ${name} in Markdown`, () => {
      expect(printed(inMarkdown`${value}`)).to.equal(expected)
    })

  it('keeps what is safe already, and the lines of the template', () => {
    const colour = verbatim('terminal', '\u{1B}[31mred\u{1B}[39m')
    expect(printed(text`${colour}:\n  ${'a\nb'} ${2}`)).to.equal('\u{1B}[31mred\u{1B}[39m:\n  a\\nb 2')
    expect(printed(text`${colour}`)).to.not.equal(printed(text`${colour.value}`))
  })

  it('escapes commands of CI services behind colours', () => {
    const colour = verbatim('terminal', '\u{1B}[31m')
    expect(printed(text`${colour}${'::error::x'}`)).to.equal('\u{1B}[31m\\::error::x')
  })

  it('splits a text of several lines', () => {
    const lines = linesOf('a\r\n::b\u{1B}')
    expect(lines.map(({value}) => value)).to.deep.equal(['a', String.raw`::b\x1b`])
    expect(printed(joined(lines, '\n'))).to.equal('a\n\\::b\\x1b')
  })

  it('prints any value on a terminal as one line, without controls and commands', () => {
    assert(
      property(values, values, (first, second) => {
        const line = printed(text`${first} ${second}`)
        expect(line).to.not.match(unsafe)
        expect(line).to.not.match(/^\s*::|##\w*\[|\n/)
      }),
    )
  })

  it('prints any value as the property and message of one annotation', () => {
    assert(
      property(values, values, (file, message) => {
        const line = printed(annotation('error', {file, title: file}, [message, message]))
        expect(line).to.not.match(unsafe)
        expect(line).to.match(/^::error file=[^\n:,]*,title=[^\n:,]*::[^\n]*$/)
        expect(line.replaceAll(/%(?:25|0D|0A|3A|2C)/g, '')).to.not.contain('%')
      }),
    )
  })

  it('prints any value as JSON that means the same', () => {
    assert(
      property(values, (value) => {
        const document = printed(json({value}))
        expect(JSON.parse(document)).to.deep.equal({value})
        expect(document).to.not.match(unsafe)
        expect(document).to.not.match(/##\w*\[|\n/)
      }),
    )
  })

  it('prints any value in Markdown as words and code', () => {
    assert(
      property(values, values, (first, second) => {
        const document = printed(inMarkdown`- **error**: ${first} ${code(second)}`)
        expect(document).to.not.match(unsafe)
        const tokens = tokensIn(document)
        const types = new Set(tokens.map(({type}) => type))
        expect(types.difference(passive), document).to.deep.equal(new Set())
        const words = tokens.filter((token) => token.type === 'text' && !('tokens' in token)).map(({raw}) => raw)
        expect(words.join('')).to.not.match(activeText)
      }),
      {numRuns: 500},
    )
  })

  it('prints any value in one cell of a table', () => {
    assert(
      property(values, values, (first, second) => {
        const row = inMarkdown`| ${cell(code(first))} | ${cell(inMarkdown`${second}`)} | end |`
        const [table, ...others] = lexer(`| a | b | c |\n|---|---|---|\n${printed(row)}\n`)
        expect(others).to.deep.equal([])
        const cells = table?.type === 'table' ? (table.rows as {readonly text: string}[][])[0] : []
        expect(cells?.length, printed(row)).to.equal(3)
        expect(cells?.at(-1)?.text, printed(row)).to.equal('end')
      }),
      {numRuns: 500},
    )
  })

  it('prints any value as the label of a node in Mermaid', () => {
    assert(
      property(values, (value) => {
        const label = printed(mermaidLabel(value))
        expect(label).to.match(/^"(?:[\p{L}\p{N}\p{M} .,_/-]|#\d+;)*"$/u)
        expect(label).to.not.match(unsafe)
      }),
    )
  })
})
