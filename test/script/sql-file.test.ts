import {expect} from 'chai'
import * as fc from 'fast-check'
import {readSqlHeader, readSqlSections} from '../../src/script/sql-file.ts'
import {errorOf} from '../support/errors.ts'

const whole = `-- add email to users
--
-- A word on why.
--
-- revision: 1975ea83b712
-- revises: ae1027a6acf0, 27c6a30d7c24
-- branch labels: feature_x feature_y
-- depends on: billing
-- create date: 2026-11-21T10:00:00.000Z
-- transactional: false
-- irreversible: the data is gone

-- upgrade
alter table users add column email text;

-- downgrade
alter table users drop column email;
`

describe('script/sql-file', () => {
  it('reads what a squash replaces', () => {
    const text = '-- revision: t\n-- revises: base\n-- replaces: a, b c\n-- replaced squashes: s\n-- upgrade\n'
    const {replaces, replacedSquashes} = readSqlHeader(text, 'a.sql') ?? {}
    expect([replaces, replacedSquashes]).to.deep.equal([['a', 'b', 'c'], ['s']])
  })

  it('reads the header', () => {
    expect(readSqlHeader(whole, 'a.sql')).to.deep.equal({
      comment: 'add email to users\n\nA word on why.\n\ncreate date: 2026-11-21T10:00:00.000Z\n',
      revision: '1975ea83b712',
      downRevisions: ['ae1027a6acf0', '27c6a30d7c24'],
      branchLabels: ['feature_x', 'feature_y'],
      dependsOn: ['billing'],
      replaces: [],
      replacedSquashes: [],
      transactional: false,
      baseline: false,
      irreversible: 'the data is gone',
    })
  })

  for (const value of ['none', 'null', 'NONE', 'base', '-', ''])
    it(`reads "revises: ${value}" as a base`, () => {
      expect(readSqlHeader(`-- revision: a\n-- revises: ${value}\n`, 'a.sql')?.downRevisions).to.deep.equal([])
    })

  it('reads carriage returns, capitals and a byte order mark', () => {
    const header = readSqlHeader('\uFEFF--Revision: a\r\n--REVISES :b\r\n\r\n--UPGRADE\r\n', 'a.sql')
    expect(header).to.deep.include({revision: 'a', downRevisions: ['b']})
  })

  it('takes a file without an id for something else', () => {
    expect(readSqlHeader('-- seeds\ninsert into t values (1);\n-- revision: a\n', 'a.sql')).to.equal(undefined)
  })

  const refused = [
    {name: 'no revises', text: '-- revision: a\n-- upgrade\n', message: 'a.sql:1: the line `-- revises: …` is missing'},
    {name: 'an id with spaces', text: '-- revision: a b\n-- revises: none\n', message: 'must be a single'},
    {name: 'an empty id', text: '-- revision:\n-- revises: none\n', message: 'must be a single'},
    {
      name: 'a fact twice',
      text: '-- revision: a\n-- revises: b\n-- revises: c\n',
      message: 'a.sql:3: duplicate "revises:"',
    },
    {
      name: 'transactional: maybe',
      text: '-- revision: a\n-- revises: b\n-- transactional: maybe\n',
      message: 'a.sql:3:',
    },
  ]
  for (const c of refused)
    it(`refuses ${c.name}`, () => {
      expect(errorOf('INVALID_REVISION_FILE', () => readSqlHeader(c.text, 'a.sql')).message).to.contain(c.message)
    })

  it('divides a file into its sections', () => {
    const {upgrade, downgrade} = readSqlSections(whole, 'a.sql')
    expect(upgrade).to.deep.equal({sql: 'alter table users add column email text;\n', line: 14})
    expect(downgrade).to.deep.equal({sql: 'alter table users drop column email;\n', line: 17})
  })

  it('takes the sections in any order, and does without a downgrade', () => {
    expect(readSqlSections('-- downgrade\nb\n-- upgrade\na', 'a.sql')).to.deep.equal({
      upgrade: {sql: 'a', line: 4},
      downgrade: {sql: 'b', line: 2},
    })
    expect(readSqlSections('-- upgrade\na', 'a.sql').downgrade).to.equal(undefined)
  })

  const downgrades: Readonly<Record<string, readonly [upgrade: string, downgrade: string, isKnown: boolean]>> = {
    'an empty one': ['select 1;\n', '\n', false],
    'one with a comment': ['select 1;\n', '-- the rows stay\n', true],
    'an empty one of an empty upgrade': ['-- merges a and b\n\n', '', true],
  }
  for (const [name, [up, down, isKnown]] of Object.entries(downgrades))
    it(`${isKnown ? 'knows' : 'does not count'} as a downgrade: ${name}`, () => {
      const {downgrade} = readSqlSections(`-- upgrade\n${up}-- downgrade\n${down}`, 'a.sql')
      expect(downgrade !== undefined).to.equal(isKnown)
    })

  it('refuses a section twice, or none', () => {
    const twice = errorOf('INVALID_REVISION_FILE', () => readSqlSections('-- upgrade\na\n-- upgrade\nb', 'a.sql'))
    expect(twice.message).to.contain('a.sql:3: duplicate line `-- upgrade`')
    errorOf('INVALID_REVISION_FILE', () => readSqlSections('-- downgrade\na', 'a.sql'))
  })

  it('ends, and returns a whole header or an error, on any text', () => {
    const piece = fc.constantFrom('--', ' ', '\n', 'revision', ':', 'revises', 'a', 'upgrade', '\r', 'é', 'none', ',')
    const soup = fc.array(fc.oneof(piece, fc.string({maxLength: 2})), {maxLength: 20}).map((parts) => parts.join(''))
    const lines = fc.constantFrom('-- revision: a', '-- revises: none', '-- upgrade', '-- downgrade', 'select 1;')
    const seen = {header: 0, sections: 0, error: 0}
    const attempt = (kind: 'header' | 'sections', read: () => object | undefined): void => {
      try {
        if (read() !== undefined) seen[kind]++
      } catch (error) {
        expect(error).to.have.property('code', 'INVALID_REVISION_FILE')
        seen.error++
      }
    }
    fc.assert(
      fc.property(fc.array(fc.oneof({arbitrary: lines, weight: 4}, soup), {minLength: 4, maxLength: 8}), (parts) => {
        const text = parts.join('\n')
        attempt('header', () => readSqlHeader(text, 'a.sql'))
        attempt('sections', () => readSqlSections(text, 'a.sql'))
      }),
      {numRuns: 1000},
    )
    expect(Math.min(...Object.values(seen))).to.be.greaterThan(0)
  })
})
