import {expect} from 'chai'
import {catalogueOf} from './catalogue.ts'
import {openScratch} from './scratch.ts'
import type {Scratch} from './scratch.ts'
import {runText} from './run-text.ts'

/** Tests compare databases by their catalogue: it must show every change, and nothing but changes. */
describe('the catalogue of SQLite', () => {
  let scratch: Scratch
  before(async () => {
    scratch = await openScratch('sqlite')
  })
  after(async () => scratch.close())

  async function catalogue(sql: string): Promise<readonly string[]> {
    await scratch.clear()
    return scratch.use(async (session) => {
      await runText(session, sql)
      return catalogueOf(session)
    })
  }

  const same: Readonly<Record<string, readonly [string, string]>> = {
    'quotes, case and comments': [
      'create table t (id integer /* , b */, [a b] text)',
      'CREATE TABLE "t" (`ID` INTEGER, -- (\n "a b" text)'.replace('`ID`', '`id`'),
    ],
    'the order of clauses': [
      "create table t (a text not null collate nocase default 'x')",
      "create table t (a text default 'x' not null collate nocase)",
    ],
    'the order of constraints': [
      'create table t (a int, check (a > 0), constraint k unique (a))',
      'create table t (a int, constraint k unique (a), check (a > 0))',
    ],
    'that a column may be null': ['create table t (a int null)', 'create table t (a int)'],
    'a table that was renamed': [
      'create table t (a int check (a > 0)); create index i on t (a)',
      'create table u (a int check (a > 0)); create index i on u (a); alter table u rename to t',
    ],
  }
  for (const [name, [one, other]] of Object.entries(same))
    it(`ignores ${name}`, async () => {
      expect(await catalogue(one)).to.deep.equal(await catalogue(other))
    })

  const base = `create table p (id integer primary key, n int, unique (n));
create table t (id integer primary key, a text default 'x', b int, p_id int references p (id) on delete cascade);
create index i on t (a, b desc) where b > 0;
create view v as select a from t;
create trigger g after insert on t begin delete from p where id = 1; end`
  const changes: readonly (readonly [from: string, to: string])[] = [
    ['id integer primary key, a text', 'id integer primary key autoincrement, a text'],
    ['id integer primary key, a text', 'id integer, a text'],
    ["a text default 'x', b int", "b int, a text default 'x'"],
    ['a text', 'a varchar(20)'],
    ['a text', 'a text not null'],
    ['a text', 'a text collate nocase'],
    ['a text', 'a text unique'],
    ["'x'", "'X'"],
    [" default 'x'", ''],
    ['b int', 'b int check (b > 0)'],
    ['b int', 'b int constraint k check (b > 0)'],
    ['b int', 'b int as (length(a)) stored'],
    ['b int', 'b int as (length(a))'],
    ['on delete cascade', 'on delete set null'],
    ['on delete cascade', 'on delete cascade on update cascade'],
    ['on delete cascade', 'on delete cascade deferrable initially deferred'],
    ['references p (id)', 'references p (n)'],
    [' references p (id) on delete cascade', ''],
    ['on delete cascade)', 'on delete cascade) strict'],
    ['unique (n)', 'constraint k unique (n)'],
    [', unique (n)', ''],
    ['create index i', 'create unique index i'],
    ['b desc', 'b'],
    ['b > 0', 'b > 1'],
    [' where b > 0', ''],
    ['create index i', 'create index j'],
    ['select a', 'select b'],
    ['after insert', 'before insert'],
    ['id = 1', 'id = 2'],
  ]
  for (const [from, to] of changes)
    it(`sees ${from} become ${to === '' ? 'nothing' : to}`, async () => {
      expect(base).to.contain(from)
      expect(await catalogue(base.replace(from, to))).not.to.deep.equal(await catalogue(base))
    })
})
