import {expect} from 'chai'
import * as fc from 'fast-check'
import {dialectNames} from '../../src/dialects/dialect.ts'
import type {Dialect} from '../../src/dialects/dialect.ts'
import {dialects} from '../../src/dialects/dialects.ts'

const mysqlFamily = ['mysql', 'mariadb'] as const

const cases: readonly {readonly on: readonly Dialect[]; readonly sql: string; readonly condensed: string}[] = [
  {on: dialectNames, sql: 'select  1', condensed: 'select 1'},
  {on: dialectNames, sql: 'select\n\t1 -- one\n', condensed: 'select 1'},
  {on: dialectNames, sql: 'select /* one */ 1', condensed: 'select 1'},
  {on: dialectNames, sql: '/* first */ select 1', condensed: 'select 1'},
  {on: dialectNames, sql: 'create table t (\n  a int ,\n  b int\n)', condensed: 'create table t (a int,b int)'},
  {on: dialectNames, sql: "select 'a  -- b', 'it''s /* */'", condensed: "select 'a  -- b','it''s /* */'"},
  {on: dialectNames, sql: 'select "a  b"', condensed: 'select "a  b"'},
  {on: dialectNames, sql: 'select a - -1', condensed: 'select a - -1'},
  {on: dialectNames, sql: 'select count (*)', condensed: 'select count (*)'},
  {on: dialectNames, sql: 'select /*+ no_merge(t) */ 1', condensed: 'select /*+ no_merge(t) */ 1'},
  {on: ['postgresql'], sql: 'select $x$ a  b $x$', condensed: 'select $x$ a  b $x$'},
  {on: ['postgresql'], sql: 'select $1  + 1', condensed: 'select $1 + 1'},
  {
    on: ['postgresql'],
    sql: String.raw`select E'it\'s  b'  || e'  '`,
    condensed: String.raw`select E'it\'s  b' || e'  '`,
  },
  {on: ['postgresql'], sql: 'select /* a /* b */ c */ 1', condensed: 'select 1'},
  {on: ['postgresql'], sql: "select 'a'\n\n  'b'", condensed: "select 'a'\n'b'"},
  {on: ['postgresql'], sql: "select 'a'  'b'", condensed: "select 'a' 'b'"},
  {on: ['sqlite'], sql: 'select [a  b]', condensed: 'select [a  b]'},
  {on: mysqlFamily, sql: 'select 1 # one\n+ 2', condensed: 'select 1 + 2'},
  {on: mysqlFamily, sql: 'select 1--1', condensed: 'select 1--1'},
  {on: mysqlFamily, sql: 'select `a  b`', condensed: 'select `a  b`'},
  {
    on: mysqlFamily,
    sql: 'create table t (a int) /*!50100  engine = InnoDB */',
    condensed: 'create table t (a int)/*!50100  engine = InnoDB */',
  },
  {on: mysqlFamily, sql: 'select /*M! 1 */', condensed: 'select /*M! 1 */'},
  // Whether a backslash escapes the quote depends on the mode of the session.
  {on: mysqlFamily, sql: String.raw`select '\'  , '  '`, condensed: String.raw`select '\'  , '  '`},
]

describe('the normal form of a statement', () => {
  for (const {on, sql, condensed} of cases)
    for (const dialect of on)
      it(`is \`${condensed}\`, on ${dialect}`, async () => {
        expect(await dialects[dialect].condense(sql)).to.equal(condensed)
      })

  for (const dialect of dialectNames) {
    const token = fc.constantFrom('a', '1', "'x  y'", "'it''s'", '"q  r"', '(', ')', ',', '=', '-', '.', '*')
    const blank = fc.constantFrom(' ', '\n', '\t', '/* c */', '-- c\n')

    it(`does not depend on the kind of white space, on ${dialect}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(token, blank, blank), {minLength: 1}), async (parts) => {
          const texts = [1, 2].map((i) => parts.map((part) => `${part[0]} ${part[i]}`).join(''))
          const isContinued = parts.some(([text], i) => text.endsWith("'") && parts[i + 1]?.[0].startsWith("'"))
          fc.pre(!isContinued)
          const [one, other] = await Promise.all(texts.map(async (text) => dialects[dialect].condense(text)))
          expect(one).to.equal(other)
          expect(await dialects[dialect].condense(one ?? '')).to.equal(one)
        }),
      )
    })
  }
})
