import {expect} from 'chai'
import type {Dialect} from '../../src/operations/operation.ts'
import {dialects} from '../../src/dialects/dialects.ts'

/** Shows a statement as `kind: text`, where only kinds that are not `inside` are named. */
async function split(text: string, dialect: Dialect, isFile = true): Promise<string[]> {
  const parts = await dialects[dialect].split(text, isFile)
  return parts.map(({sql, transactionality: t}) =>
    t.kind === 'inside' ? sql : 'command' in t ? `${t.kind} ${t.command}: ${sql}` : `${t.kind}: ${sql}`,
  )
}

const cases: {name: string; dialect: Dialect; text: string; isFile?: boolean; statements: string[]}[] = [
  {name: 'nothing', dialect: 'postgresql', text: ' -- only a comment\n', statements: []},
  {
    name: 'quotes, dollars and comments',
    dialect: 'postgresql',
    text: 'select \';\'; do $x$ begin; end $x$; /* ; */ select ";" -- ;\n',
    statements: ["select ';'", 'commits: do $x$ begin; end $x$', 'select ";" -- ;'],
  },
  {
    name: 'a function with a body of SQL',
    dialect: 'postgresql',
    text: 'create function f() returns int language sql begin atomic select 1; select 2; end; select 3',
    statements: ['create function f() returns int language sql begin atomic select 1; select 2; end', 'select 3'],
  },
  {
    name: 'a text that PostgreSQL does not understand as one',
    dialect: 'postgresql',
    text: 'selec 1; vacuum',
    statements: ['selec 1; vacuum'],
  },
  {
    name: 'what cannot be in a transaction',
    dialect: 'postgresql',
    text: 'create index concurrently i on t (a); drop index concurrently i; reindex table concurrently t; reindex table t; vacuum t; analyze t; create database d; alter system set work_mem = 1; cluster; alter table p detach partition q concurrently; alter table p detach partition q',
    statements: [
      'outside CREATE INDEX CONCURRENTLY: create index concurrently i on t (a)',
      'outside DROP INDEX CONCURRENTLY: drop index concurrently i',
      'outside REINDEX: reindex table concurrently t',
      'reindex table t',
      'outside VACUUM: vacuum t',
      'analyze t',
      'outside CREATE DATABASE: create database d',
      'outside ALTER SYSTEM: alter system set work_mem = 1',
      'outside CLUSTER: cluster',
      'outside ALTER TABLE … DETACH PARTITION CONCURRENTLY: alter table p detach partition q concurrently',
      'alter table p detach partition q',
    ],
  },
  {
    name: 'what begins and ends transactions',
    dialect: 'postgresql',
    text: 'begin; savepoint a; rollback to a; release a; commit',
    statements: ['control BEGIN: begin', 'savepoint a', 'rollback to a', 'release a', 'control COMMIT: commit'],
  },
  ...(['mysql', 'mariadb'] as const).map((dialect) => ({
    name: 'settings that commit, or that stay after a rollback',
    dialect,
    text: [
      "set statement max_statement_time = 1 for create table t (n int); set password = 'x'; set password for u = 'x';",
      'set autocommit = 1; set @@session.autocommit = 0; set sql_mode = "", autocommit = 1; set default role r to u;',
      'set global max_connections = 9; set @@global.max_connections = 9; set persist max_connections = 9;',
      'set @x = 1; set session sql_mode = ""; set names utf8mb4; set foreign_key_checks = 0',
    ].join(' '),
    statements: [
      'commits: set statement max_statement_time = 1 for create table t (n int)',
      "commits: set password = 'x'",
      "commits: set password for u = 'x'",
      'commits: set autocommit = 1',
      'commits: set @@session.autocommit = 0',
      'commits: set sql_mode = "", autocommit = 1',
      'commits: set default role r to u',
      'commits: set global max_connections = 9',
      'commits: set @@global.max_connections = 9',
      'commits: set persist max_connections = 9',
      ...['set @x = 1', 'set session sql_mode = ""', 'set names utf8mb4', 'set foreign_key_checks = 0'],
    ],
  })),
  {
    name: 'the restrictions of a dump',
    dialect: 'postgresql',
    text: "\\restrict ä1\n\nselect 'ö';\nselect '\n\\connect x';\n\n\\unrestrict ä1\n",
    statements: ["select 'ö'", "select '\n\\connect x'"],
  },
  {
    name: 'rows for the client',
    dialect: 'postgresql',
    text: 'create table a (n int);\nCOPY public.a (n) FROM stdin;\n1\n\\.\n',
    statements: ['client COPY … FROM stdin: COPY public.a (n) FROM stdin'],
  },
  {
    name: 'rows for the client without any',
    dialect: 'postgresql',
    text: 'copy a from stdin',
    statements: ['client COPY … FROM stdin: copy a from stdin'],
  },
  {
    name: 'a command of the client',
    dialect: 'postgresql',
    text: 'select 1;\n\\connect other\nselect 2;',
    statements: ['client \\connect: \\connect'],
  },
  {name: 'words in a text', dialect: 'postgresql', text: "select 'vacuum'", statements: ["select 'vacuum'"]},
  {
    name: 'letters of several bytes',
    dialect: 'postgresql',
    text: "select 'äöü €'; select 'ß'",
    statements: ["select 'äöü €'", "select 'ß'"],
  },
  {
    name: 'a trigger with semicolons of its own',
    dialect: 'sqlite',
    text: 'create trigger a after insert on t begin update t set n = case when 1 then 2 end; select 1; end; select 2',
    statements: [
      'create trigger a after insert on t begin update t set n = case when 1 then 2 end; select 1; end',
      'select 2',
    ],
  },
  {
    name: 'quotes of every kind',
    dialect: 'sqlite',
    text: "select \";\", ';'';', `;`, [;]; select 2 -- ;\n; /* ; */",
    statements: ["select \";\", ';'';', `;`, [;]", 'select 2 -- ;'],
  },
  {
    name: 'what cannot be in a transaction',
    dialect: 'sqlite',
    text: 'vacuum; pragma foreign_keys = off; pragma foreign_keys; begin immediate; attach "x" as x; rollback to a',
    statements: [
      'outside VACUUM: vacuum',
      'outside PRAGMA foreign_keys: pragma foreign_keys = off',
      'pragma foreign_keys',
      'control BEGIN: begin immediate',
      'outside ATTACH: attach "x" as x',
      'rollback to a',
    ],
  },
  {
    name: 'a routine behind a delimiter',
    dialect: 'mariadb',
    text: "select 1;\nDELIMITER //\ncreate procedure p() begin select 1; select 2; end//\ndelimiter ;\nselect 'it\\'s;' # ; x\n; select 3 -- ;\n",
    statements: [
      'select 1',
      'commits: create procedure p() begin select 1; select 2; end',
      "select 'it\\'s;' # ; x",
      'select 3 -- ;',
    ],
  },
  {
    name: 'a text that is no file as one',
    dialect: 'mysql',
    text: 'create trigger a before insert on t for each row begin set @a = 1; set @b = 2; end;',
    isFile: false,
    statements: ['commits: create trigger a before insert on t for each row begin set @a = 1; set @b = 2; end'],
  },
  {
    name: 'what commits by itself',
    dialect: 'mysql',
    text: 'insert into t values (1); create table u (n int); start transaction; lock tables t write; /*!50000 alter table t add a int */; update t set a = 1',
    statements: [
      'insert into t values (1)',
      'commits: create table u (n int)',
      'control START: start transaction',
      'control LOCK: lock tables t write',
      'commits: /*!50000 alter table t add a int */',
      'update t set a = 1',
    ],
  },
]

describe('sql/split', () => {
  for (const c of cases)
    it(`finds ${c.name}, on ${c.dialect}`, async () => {
      expect(await split(c.text, c.dialect, c.isFile)).to.deep.equal(c.statements)
    })

  it('says where each statement is', async () => {
    const text = "-- ä\nselect 'ü';\n\n  select 2"
    for (const dialect of ['postgresql', 'sqlite', 'mysql'] as const)
      for (const {sql, offset} of await dialects[dialect].split(text, true))
        expect(text.slice(offset).startsWith(sql)).to.equal(true)
  })
})
