import {expect} from 'chai'
import {pairsOf} from '../../src/conflicts/pairs.ts'
import {RevisionTexts} from '../../src/conflicts/revision-texts.ts'
import {readRevisionFile} from '../../src/script/revision-file.ts'
import type {ScriptRevision} from '../../src/script/revision-file.ts'
import {operationRegistry} from '../support/operations.ts'

interface Case {
  readonly common?: string
  readonly ours: string
  readonly theirs: string
  readonly verdict: string
}

const users = 'create table users (id integer, age integer)'
const check = 'alter table users add constraint c check (age > 0)'

const cases: Readonly<Record<string, Case>> = {
  'one constraint on both sides': {common: users, ours: check, theirs: check, verdict: 'collide'},
  'one constraint on both sides, of a table with rows': {
    common: `${users}; insert into users values (1, 2)`,
    ours: check,
    theirs: check,
    verdict: 'collide',
  },
  'a constraint that the other side drops, of a table with rows': {
    common: `${users}; insert into users values (1, 2)`,
    ours: check,
    theirs: 'alter table users drop constraint if exists c',
    verdict: 'unknown',
  },
  'tables of their own': {
    ours: 'create table a (n integer)',
    theirs: 'create table b (n integer)',
    verdict: 'independent',
  },
}

const mood = "create type mood as enum ('a', 'b'); create table m (x mood)"
const keys = 'create table t (id integer primary key, n integer); create table u (t_id integer)'
const age = 'create domain age as integer constraint positive check (value > 0)'
const counted = 'create function f() returns integer language plpgsql as $$ begin return 1; end $$'
const ran = `${counted}; create table t (n integer)`

/** Pairs by what they have in common: the first and the second change, and the verdict on them. */
const kinds: Readonly<
  Record<string, readonly [common: string, ours: string, theirs: string, ...verdict: readonly string[]]>
> = {
  'a renamed value of an enum, and a row with it': [
    mood,
    "alter type mood rename value 'a' to 'c'",
    "insert into m values ('a')",
    'collide',
  ],
  'a renamed value of an enum, and a default': [
    mood,
    "alter type mood rename value 'a' to 'c'",
    "alter table m alter column x set default 'a'",
    'collide',
  ],
  'a renamed value of an enum, and a column with a default': [
    mood,
    "alter type mood rename value 'a' to 'c'",
    "alter table m add column y mood default 'a'",
    'collide',
  ],
  'a renamed value of an enum, and a cast': [
    mood,
    "alter type mood rename value 'a' to 'c'",
    "create view v as select 'a'::mood as x",
    'collide',
  ],
  'a renamed value of an enum, and an update': [
    mood,
    "alter type mood rename value 'a' to 'c'",
    "update m set x = 'a'",
    'collide',
  ],
  'a renamed value of an enum, and another value': [
    mood,
    "alter type mood rename value 'a' to 'c'",
    "insert into m values ('b')",
    'together',
  ],
  'a grant on all tables, and a new table': [
    'create table t (n integer)',
    'grant select on all tables in schema public to public',
    'create table n (x integer)',
    'collide',
  ],
  'a grant on all tables, and a new view': [
    'create table t (n integer)',
    'grant select on all tables in schema public to public',
    'create view n as select 1 as x',
    'collide',
  ],
  'a grant on all sequences, and a new table with a serial column': [
    'create table t (n integer)',
    'grant usage on all sequences in schema public to public',
    'create table n (x serial)',
    'collide',
  ],
  'a grant on all sequences, and a new table': [
    'create table t (n integer)',
    'grant usage on all sequences in schema public to public',
    'create table n (x integer)',
    'independent',
    'together',
  ],
  'default privileges, and a new table': [
    'create table t (n integer)',
    'alter default privileges in schema public grant select on tables to public',
    'create table n (x integer)',
    'collide',
  ],
  'default privileges of functions, and a new table': [
    'create table t (n integer)',
    'alter default privileges in schema public grant execute on functions to public',
    'create table n (x integer)',
    'independent',
    'together',
  ],
  'default privileges, and a column': [
    'create table t (n integer)',
    'alter default privileges in schema public grant select on tables to public',
    'alter table t add column m integer',
    'independent',
    'together',
  ],
  'a unique index, and rows': [
    keys,
    'create unique index i on t (n)',
    'insert into t (id, n) values (1, 2)',
    'unknown',
    'together',
  ],
  'a foreign key, and deleted rows': [
    keys,
    'alter table u add foreign key (t_id) references t',
    'delete from t',
    'unknown',
  ],
  'a foreign key, and updated keys': [
    keys,
    'alter table u add foreign key (t_id) references t',
    'update t set id = id + 1',
    'unknown',
  ],
  'a foreign key, and updated values': [
    keys,
    'alter table u add foreign key (t_id) references t',
    'update t set n = 1',
    'independent',
    'together',
  ],
  'an index, and a copy of the table with all': [
    keys,
    'create index i on t (n)',
    'create table w (like t including all)',
    'collide',
  ],
  'a unique constraint, and a copy of the table with all': [
    keys,
    'alter table t add unique (n)',
    'create table w (like t including all)',
    'collide',
  ],
  'an index, and a copy of the columns': [keys, 'create index i on t (n)', 'create table w (like t)', 'together'],
  'a column, and a table made of a query': [
    keys,
    'alter table t add column m integer',
    'create table w as select * from t',
    'collide',
  ],
  'an overload, and a dropped function without types': [
    counted,
    'create function f(bigint) returns integer language plpgsql as $$ begin return 1; end $$',
    'drop function f',
    'collide',
  ],
  'an overload, and a dropped function without types that nothing created': [
    '',
    'create function g(bigint) returns integer language plpgsql as $$ begin return 1; end $$',
    'drop function g',
    'collide',
  ],
  'a call of a function, and a table': [ran, 'select f()', 'alter table t add column m integer', 'unknown'],
  'a call of a built-in function, and a table': [
    ran,
    "select pg_notify('a', 'b')",
    'alter table t add column m integer',
    'independent',
    'together',
  ],
  'a block, and a table': [ran, 'do $$ begin perform 1; end $$', 'alter table t add column m integer', 'unknown'],
}

const drops: Readonly<Record<string, string>> = {
  'a constraint of a domain': 'alter domain age drop constraint positive',
  'a type': 'drop type kind',
  'a policy': 'drop policy p on t',
  'a rule': 'drop rule r on t',
  'a trigger': 'drop trigger g on t',
  'a statistics object': 'drop statistics s',
  'a publication': 'drop publication p',
  'an event trigger': 'drop event trigger e',
  'a cast': 'drop cast (integer as kind)',
  'an operator': 'drop operator === (integer, integer)',
  'an operator class': 'drop operator class c using btree',
  'an operator family': 'drop operator family c using btree',
  'a collation': 'drop collation c',
  'a conversion': 'drop conversion c',
  'a text search configuration': 'drop text search configuration c',
  'a text search dictionary': 'drop text search dictionary c',
  'an aggregate': 'drop aggregate total(integer)',
  'an access method': 'drop access method m',
  'a server': 'drop server s',
  'a language': 'drop language l',
  'a role': 'drop role r',
  'a user mapping': 'drop user mapping for public server s',
  'a transform': 'drop transform for integer language l',
  'a subscription': 'drop subscription s',
}

const additions: Readonly<Record<string, string>> = {
  'a constraint of a domain': 'alter domain age add constraint small check (value < 9)',
  'a renamed constraint of a domain': 'alter domain age rename constraint positive to above',
  'a type': 'create type kind as (n integer)',
  'a range type': 'create type span as range (subtype = integer)',
  'a base type': 'create type base',
  'a policy': 'create policy p on t using (true)',
  'a rule': 'create rule r as on insert to t do nothing',
  'a trigger': 'create trigger g before insert on t for each row execute function h()',
  'a statistics object': 'create statistics s on n, m from t',
  'a publication': 'create publication p for table t',
  'an event trigger': 'create event trigger e on ddl_command_end execute function h()',
  'a cast': 'create cast (integer as text) with inout',
  'an operator': 'create operator === (leftarg = integer, rightarg = integer, function = int4eq)',
  'an operator class': 'create operator class c for type integer using btree as operator 1 <',
  'an operator family': 'create operator family c using btree',
  'a collation': "create collation c (locale = 'C')",
  'a conversion': "create conversion c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8",
  'a text search configuration': 'create text search configuration c (copy = simple)',
  'a text search dictionary': 'create text search dictionary c (template = simple)',
  'an aggregate': "create aggregate total(integer) (sfunc = int4pl, stype = integer, initcond = '0')",
  'a server': 'create server s foreign data wrapper w',
  'a foreign data wrapper': 'create foreign data wrapper w',
  'a role': 'create role r',
}

const revisionOf = (name: string, sql: string): {readonly revision: ScriptRevision; readonly text: string} => {
  const text = `-- revision: ${name}\n-- revises:\n\n-- upgrade\n${sql};\n`
  return {revision: readRevisionFile(`${name}.sql`, text)!, text}
}

async function verdictOn(
  common: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): Promise<string> {
  const sides = Object.entries({common, ours, theirs}).map(([side, all]) =>
    all.map((sql, i) => revisionOf(`${side}${i}`, sql)),
  )
  const texts = new Map(sides.flat().map(({revision, text}) => [revision.id, text]))
  const [shared = [], mine = [], others = []] = sides.map((side) => side.map(({revision}) => revision))
  const {verdict, pairs} = await pairsOf(
    {common: shared, ours: mine, theirs: others},
    new RevisionTexts(operationRegistry),
    async (revisions) => revisions.map(({id}) => texts.get(id) ?? ''),
  )
  expect(pairs).to.have.length(ours.length * theirs.length)
  return verdict
}

describe('conflicts/pairs', () => {
  for (const [name, {common, ours, theirs, verdict}] of Object.entries(cases))
    it(`finds that ${name} are ${verdict}`, async () => {
      expect(await verdictOn(common === undefined ? [] : [common], [ours], [theirs])).to.equal(verdict)
    })

  for (const [name, [common, ours, theirs, ...allowed]] of Object.entries(kinds))
    it(`judges ${name}`, async () => {
      expect(await verdictOn(common === '' ? [] : [common], [ours], [theirs])).to.be.oneOf(allowed)
    })

  for (const [name, sql] of Object.entries(drops))
    it(`never finds that both sides may drop ${name}`, async () => {
      expect(await verdictOn([age], [sql], [sql])).to.be.oneOf(['collide', 'unknown'])
    })

  for (const [name, sql] of Object.entries(additions))
    it(`never finds that both sides may add ${name}`, async () => {
      expect(await verdictOn([age], [sql], [sql])).to.be.oneOf(['collide', 'unknown'])
    })

  it('finds the one collision among many revisions that have nothing to do with it', async () => {
    const many = Array.from({length: 100}, (_, i) => `create table t_${i} (n integer)`)
    expect(await verdictOn([users], [check], [...many, check])).to.equal('collide')
    expect(await verdictOn([users], [check], many)).to.equal('independent')
    expect(await verdictOn([users], [check], [...many, 'do $$ begin perform 1; end $$'])).to.equal('unknown')
  })
})
