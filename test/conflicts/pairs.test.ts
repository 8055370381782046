import {expect} from 'chai'
import {pairsOf} from '../../src/conflicts/pairs.ts'
import type {JudgedPairs} from '../../src/conflicts/pairs.ts'
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
    verdict: 'collide',
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
const named = 'create table users (id integer, name text)'
const addM = 'alter table t add column m integer'
const composite = 'create type pair as (n integer, m integer); create table t (id integer, x pair)'
const overloaded = `create function f(integer) returns integer language plpgsql as $$ begin return 1; end $$`
const overload = (parameters: string): string =>
  `create function f(${parameters}) returns integer language plpgsql as $$ begin return 1; end $$`

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
  'two updates of one column': [
    named,
    'update users set name = upper(name)',
    'update users set name = lower(name)',
    'unknown',
  ],
  'two updates of one column of a table that nothing created': [
    '',
    'update users set name = upper(name)',
    'update users set name = lower(name)',
    'unknown',
  ],
  'two updates of different columns': [
    'create table users (id integer, name text, mail text)',
    'update users set name = upper(name)',
    'update users set mail = lower(mail)',
    'together',
  ],
  'an update, and one that reads its column': [
    'create table users (id integer, name text, mail text)',
    'update users set name = upper(name)',
    'update users set mail = name',
    'unknown',
  ],
  'an update, and one whose condition reads its column': [
    'create table users (id integer, name text, mail text)',
    'update users set name = upper(name)',
    "update users set mail = 'a' where name = 'a'",
    'unknown',
  ],
  'an update, and rows copied from its column': [
    `${named}; create table copies (name text)`,
    'update users set name = upper(name)',
    'insert into copies select name from users',
    'unknown',
  ],
  'an update, and rows copied from another column': [
    `${named}; create table copies (id integer)`,
    'update users set name = upper(name)',
    'insert into copies select id from users',
    'together',
  ],
  'an update, and rows copied from a view of its column': [
    `${named}; create table copies (name text); create view v as select name from users`,
    'update users set name = upper(name)',
    'insert into copies select name from v',
    'unknown',
  ],
  'an update, and a table made of its rows': [
    named,
    'update users set name = upper(name)',
    'create table copies as select name from users',
    'unknown',
  ],
  'inserted rows, and rows copied from the table': [
    `${named}; create table copies (name text)`,
    "insert into users values (1, 'a')",
    'insert into copies select name from users',
    'unknown',
  ],
  'deleted rows, and an update that reads the table': [
    `${named}; create table t (n integer)`,
    'delete from users',
    'update t set n = (select count(*) from users)',
    'unknown',
  ],
  'an update, and a call of a function in a from clause': [ran, 'select * from f()', addM, 'unknown'],
  'a call of a function in a join': [ran, 'select * from t join f() on true', addM, 'unknown'],
  'a call of a function in a condition': [ran, 'select n from t where n = f()', addM, 'unknown'],
  'a call of a function within an expression': [ran, 'select 1 + f()', addM, 'unknown'],
  'a call of a function in a subquery': [ran, 'select (select f())', addM, 'unknown'],
  'a call of a function in inserted values': [
    `${ran}; create table o (n integer)`,
    'insert into o values (f())',
    addM,
    'unknown',
  ],
  'a call of a function in an inserted query': [
    `${ran}; create table o (n integer)`,
    'insert into o select f()',
    addM,
    'unknown',
  ],
  'a call of a function in an update': [`${ran}; create table o (n integer)`, 'update o set n = f()', addM, 'unknown'],
  'a call of a function in the condition of a delete': [
    `${ran}; create table o (n integer)`,
    'delete from o where n = f()',
    addM,
    'unknown',
  ],
  'a call of a function in a query with a name': [
    `${ran}; create table o (n integer)`,
    'with q as (select f() as n) insert into o select n from q',
    addM,
    'unknown',
  ],
  'a call of a function that nothing created, in a from clause': [
    'create table t (n integer)',
    'select * from g()',
    addM,
    'unknown',
  ],
  'a call of a function that nothing created, in an update': [
    'create table t (n integer); create table o (n integer)',
    'update o set n = app.g()',
    addM,
    'unknown',
  ],
  'a call of a built-in function in an update': [
    `${ran}; create table o (n text)`,
    'update o set n = upper(n)',
    addM,
    'independent',
    'together',
  ],
  'a built-in function in a from clause': [
    `${ran}; create table o (n integer)`,
    'insert into o select * from generate_series(1, 3)',
    addM,
    'independent',
    'together',
  ],
  'a field of a composite in a view, and its new name': [
    composite,
    'create view v as select (x).n as c from t',
    'alter type pair rename attribute n to k',
    'collide',
  ],
  'a field of a qualified composite in a view, and its new name': [
    composite,
    'create view v as select (t.x).n as c from t',
    'alter type pair rename attribute n to k',
    'collide',
  ],
  'a field of a composite in a view, and a dropped attribute': [
    composite,
    'create view v as select (t.x).n as c from t',
    'alter type pair drop attribute n',
    'collide',
  ],
  'a field of a composite in an update, and a dropped attribute': [
    composite,
    'update t set id = (x).n',
    'alter type pair drop attribute n',
    'collide',
  ],
  'a field of a composite in a view, and another dropped attribute': [
    composite,
    'create view v as select (x).n as c from t',
    'alter type pair drop attribute m',
    'together',
  ],
  'a field of a composite of a type that nothing created, and a dropped attribute': [
    'create table t (id integer, x pair)',
    'create view v as select (x).n as c from t',
    'alter type pair drop attribute n',
    'collide',
  ],
  'a field of a cast, and a dropped attribute': [
    composite,
    "create view v as select ('(1,2)'::pair).n as c",
    'alter type pair drop attribute n',
    'collide',
  ],
  'an assigned field of a composite, and a dropped attribute': [
    composite,
    'update t set x.n = 1',
    'alter type pair drop attribute n',
    'collide',
  ],
  'a call in a view, and an overload with a default': [
    overloaded,
    overload('integer, integer default 1'),
    'create view v as select f(1) as n',
    'unknown',
    'collide',
  ],
  'a call in a view, and a variadic overload': [
    overloaded,
    overload('variadic integer[]'),
    'create view v as select f(1) as n',
    'unknown',
    'collide',
  ],
  'a call in a view, and an overload with other types': [
    overloaded,
    overload('bigint'),
    'create view v as select f(1) as n',
    'unknown',
    'collide',
  ],
  'a call in a view, and an overload, of a function that nothing created': [
    '',
    overload('integer, integer default 1'),
    'create view v as select f(1) as n',
    'unknown',
    'collide',
  ],
  'a call in a default, and an overload with a default': [
    `${overloaded}; create table t (n integer)`,
    overload('integer, integer default 1'),
    'alter table t alter column n set default f(1)',
    'unknown',
    'collide',
  ],
  'a block, and a table': [ran, 'do $$ begin perform 1; end $$', 'alter table t add column m integer', 'unknown'],
}

const notes = 'create table notes (id integer primary key, body text); alter table notes enable row level security'
const forced = `${notes}; alter table notes force row level security`
const stamped =
  'create table t (id integer primary key, n integer); create table log (n integer); ' +
  "create function f() returns trigger language plpgsql as 'begin insert into log values (1); return new; end'; " +
  'create trigger g after insert on t for each row execute function f()'
const inserted = 'insert into notes values (1)'

/** Changes of rows whose collisions depend on more than the schema that both sides name. */
const rows: Readonly<Record<string, readonly [common: string, ours: string, theirs: string, ...verdicts: string[]]>> = {
  'a policy on a table without forced security, and rows': [
    notes,
    'create policy p on notes using (id > 1)',
    inserted,
    'together',
  ],
  'a policy on a table with forced security, and rows': [
    forced,
    'create policy p on notes using (id > 1)',
    inserted,
    'unknown',
  ],
  'a policy on a table with forced security, and updated rows': [
    forced,
    'create policy p on notes using (id > 1)',
    'update notes set id = 2',
    'unknown',
  ],
  'forced security, and deleted rows': [
    notes,
    'alter table notes force row level security',
    'delete from notes where id = 1',
    'unknown',
  ],
  'rows that fire a trigger, and a column of the table that it writes': [
    stamped,
    'insert into t values (1, 2)',
    'alter table log add column m integer',
    'unknown',
  ],
  'rows that fire a trigger, and another table': [
    `${stamped}; create table other (n integer)`,
    'insert into t values (1, 2)',
    'alter table other add column m integer',
    'independent',
    'together',
  ],
  'rows that fire a trigger with statements from texts, and another table': [
    `create table t (n integer); create table other (n integer);
     create function f() returns trigger language plpgsql as 'begin execute ''select 1''; return new; end';
     create trigger g after insert on t for each row execute function f()`,
    'insert into t values (1)',
    'alter table other add column m integer',
    'unknown',
  ],
  'a required column that is filled before, and rows with a value': [
    `${users}; insert into users (id) values (1)`,
    'update users set age = 1 where age is null; alter table users alter column age set not null',
    'insert into users values (2, 3)',
    'together',
  ],
  'a required column that is filled before, and rows without a value': [
    `${users}; insert into users (id) values (1)`,
    'update users set age = 1 where age is null; alter table users alter column age set not null',
    'insert into users (id) values (2)',
    'collide',
  ],
  'rows with other keys': [keys, 'insert into t values (1, 2)', 'update t set n = 3 where id = 4', 'together'],
  'rows with one key': [keys, 'insert into t values (1, 2)', 'update t set n = 3 where id = 1', 'collide'],
  'rows that a text column tells apart': [
    'create table c (name text, n integer)',
    "insert into c values ('a', 1)",
    "delete from c where name = 'b'",
    'together',
  ],
  'rows whose texts may be equal in another form': [
    'create table c (at timestamp, n integer)',
    "insert into c values ('2024-01-01 00:00', 1)",
    "delete from c where at = '2024-01-01'",
    'unknown',
  ],
}

const parents = 'create table parents (id integer primary key)'
const children = 'create table children (id integer, parent_id integer references parents (id) on delete cascade)'

/** Changes of rows that one side reaches through objects that only common revisions name. */
const reached: Readonly<Record<string, readonly [common: readonly string[], ours: string, theirs: string]>> = {
  'a parent and its child': [
    [parents, children],
    'insert into parents values (1)',
    'insert into children values (2, 1)',
  ],
  'a deleted parent and an update of its children': [
    [parents, children],
    'delete from parents where id = 1',
    'update children set parent_id = 2',
  ],
  'a table and a view': [
    [
      'create table t (id integer, n integer)',
      'create view v as select id, n from t',
      'create view w as select * from v',
    ],
    'update t set n = n + 1',
    'update w set n = n * 2',
  ],
  'a partition and its table': [
    [
      'create table t (n integer, x integer) partition by range (n)',
      'create table p partition of t for values from (1) to (9)',
    ],
    'update p set x = 1',
    'update t set x = x + 1',
  ],
  'the function of a trigger and the table that it writes': [
    [
      'create table t (n integer)',
      'create table log (n integer)',
      "create function f() returns trigger language plpgsql as 'begin insert into log values (1); return new; end'",
      'create trigger g after insert on t for each row execute function f()',
    ],
    'insert into t values (1)',
    'update log set n = 2',
  ],
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

async function pairsOn(
  common: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): Promise<JudgedPairs> {
  const sides = Object.entries({common, ours, theirs}).map(([side, all]) =>
    all.map((sql, i) => revisionOf(`${side}${i}`, sql)),
  )
  const texts = new Map(sides.flat().map(({revision, text}) => [revision.id, text]))
  const [shared = [], mine = [], others = []] = sides.map((side) => side.map(({revision}) => revision))
  const found = await pairsOf(
    {common: shared, ours: mine, theirs: others},
    new RevisionTexts(operationRegistry, ['postgresql']),
    async (revisions) => revisions.map(({id}) => texts.get(id) ?? ''),
  )
  expect(found.pairs).to.have.length(ours.length * theirs.length)
  return found
}

async function verdictOn(...sides: Parameters<typeof pairsOn>): Promise<string> {
  return (await pairsOn(...sides)).verdict
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

  for (const [name, [common, ours, theirs, ...allowed]] of Object.entries(rows))
    it(`judges ${name}`, async () => {
      expect(await verdictOn([common], [ours], [theirs])).to.be.oneOf(allowed)
    })

  for (const [name, [common, ours, theirs]] of Object.entries(reached))
    it(`finds ${name} among many revisions`, async () => {
      const many = (kind: string): readonly string[] =>
        Array.from({length: 60}, (_, i) => `create table ${kind}_${i} (n integer)`)
      expect(await verdictOn([...many('old'), ...common], [ours], [...many('new'), theirs])).to.be.oneOf([
        'collide',
        'unknown',
      ])
      expect(await verdictOn([...many('old'), ...common], [...many('new'), theirs], [ours])).to.be.oneOf([
        'collide',
        'unknown',
      ])
      expect(await verdictOn([...many('old'), ...common], [ours], many('new'))).to.equal('independent')
    })

  for (const [name, sql] of Object.entries(drops))
    it(`never finds that both sides may drop ${name}`, async () => {
      expect(await verdictOn([age], [sql], [sql])).to.be.oneOf(['collide', 'unknown'])
    })

  for (const [name, sql] of Object.entries(additions))
    it(`never finds that both sides may add ${name}`, async () => {
      expect(await verdictOn([age], [sql], [sql])).to.be.oneOf(['collide', 'unknown'])
    })

  it('judges other pairs of a revision as if an object were missing that it creates', async () => {
    const ours = 'create schema app; alter table users add column name text'
    const theirs = ['create table app.t (n integer)', 'alter table users add column note text']
    const found = async (ones: readonly string[], others: readonly string[]): Promise<readonly string[]> =>
      (await pairsOn([users], ones, others)).pairs.map(({verdict}) => verdict)
    expect(await found([ours], theirs)).to.deep.equal(['collide', 'together'])
    expect(await found(theirs, [ours])).to.deep.equal(['collide', 'together'])
  })

  it('finds the one collision among many revisions that have nothing to do with it', async () => {
    const many = Array.from({length: 100}, (_, i) => `create table t_${i} (n integer)`)
    expect(await verdictOn([users], [check], [...many, check])).to.equal('collide')
    expect(await verdictOn([users], [check], many)).to.equal('independent')
    expect(await verdictOn([users], [check], [...many, 'do $$ begin perform 1; end $$'])).to.equal('unknown')
  })
})
