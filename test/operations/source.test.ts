import {runInNewContext} from 'node:vm'
import {expect} from 'chai'
import {createTable} from '../../src/operations/tables/create-table.ts'
import {frozenRecord, sourceOf} from '../../src/operations/record.ts'
import {textSource} from '../../src/operations/source.ts'

describe('the source text of operations', () => {
  const strings: Readonly<Record<string, string>> = {
    plain: "'plain'",
    "it's": '"it\'s"',
    'say "x"': `'say "x"'`,
    [`"state" in ('on', 'off')`]: "`\"state\" in ('on', 'off')`",
    'two\nlines': '`two\nlines`',
    'back`tick ${x} \'"': '`back\\`tick \\${x} \'"`',
  }
  for (const [text, source] of Object.entries(strings))
    it(`writes ${JSON.stringify(text)} so that nothing is escaped that need not be`, () => {
      expect(textSource(text)).to.equal(source)
      expect(runInNewContext(source)).to.equal(text)
    })

  it('breaks what does not fit into a line, also where it only does not fit behind its call', () => {
    for (let length = 1; length < 60; length++) {
      const columns = Object.fromEntries(
        ['code', 'symbol', 'n'.repeat(length)].map((name) => [name, {type: 'varchar(4)', nullable: false}]),
      )
      const record = frozenRecord(createTable, {table: 'currency', columns})
      for (const line of `  ${sourceOf(createTable, record, 2)}`.split('\n'))
        expect(line.length, line).to.be.at.most(120)
    }
  })
})
