import {expect} from 'chai'
import * as fc from 'fast-check'
import {loadModule, parseSync} from 'libpg-query'
import type {Dialect} from '../../src/operations/operation.ts'
import {dialects} from '../../src/dialects/dialects.ts'
import {splitMysql} from '../../src/dialects/split/scanned.ts'

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
    name: 'a statement that PostgreSQL does not understand',
    dialect: 'postgresql',
    text: 'selec 1; vacuum',
    statements: ['selec 1', 'outside VACUUM: vacuum'],
  },
  {
    name: 'what cannot be in a transaction',
    dialect: 'postgresql',
    text: 'create index concurrently i on t (a); drop index concurrently i; reindex table concurrently t; reindex table t; vacuum t; analyze t; create database d; alter system set work_mem = 1; cluster; alter table p detach partition q concurrently; alter table p detach partition q; discard temp; discard sequences; discard all',
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
      'discard temp',
      'discard sequences',
      'outside DISCARD ALL: discard all',
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
    statements: ['create table a (n int)', 'client COPY … FROM stdin: COPY public.a (n) FROM stdin', '1\n\\.'],
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
    statements: ['select 1', 'client \\connect: \\connect other\nselect 2'],
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

  /** Pieces of texts that are easily misread, and whole statements around them. */
  const pieces = [
    ...[
      "'a;b'",
      "'it''s;'",
      "E'\\';'",
      "e'a'\n 'b\\';'",
      "'a\\'",
      "U&'d\\0061;'",
      "B'1'",
      "N';'",
      '";"',
      '"a"";"',
      'U&"x;"',
    ],
    ...[
      '$$;$$',
      '$a$ ; $$ ; $a$',
      '$ä$;$ä$',
      'a$b$c',
      '$1',
      '1.5e3',
      '0x1F',
      '1_000',
      '-- ;\n',
      "-- '\n",
      '/* ; /* ; */ ; */',
    ],
    ...['/* $$ */', "/* ' */", ';', '; ;', ',', '(', ')', '+', '||', '- -1', '\u00a0', '\t', '\r\n', ' ', '\n'],
    ...[
      'begin atomic',
      'end',
      'begin',
      'case',
      'case when true then 1 end',
      'as end',
      't.end',
      'as case',
      'select',
      'from t',
      'e',
      'E',
    ],
    ...[
      'create rule r as on insert to t do also (select 1; select 2)',
      "do 'begin; end'",
      'commit',
      'select (1)',
      "select 'ü€😀'",
    ],
    'create function f() returns int language sql begin atomic select case 1 when 2 then 3 end; select 4; end',
    'create or replace procedure p() begin atomic select t.end from t; select 1 as case; end',
    "create function g() returns int language sql as 'select 1;'",
    'create table begin_atomic (atomic int default (case when true then 1 end))',
  ]

  it('ends statements where the parser of PostgreSQL does', async () => {
    await loadModule()
    let parsed = 0
    const spaced = fc.array(fc.constantFrom(...pieces), {minLength: 1, maxLength: 6}).map((list) => list.join(' '))
    const ended = fc.array(fc.constantFrom(...pieces.filter((piece) => piece.length > 12)), {
      minLength: 1,
      maxLength: 6,
    })
    const selects = fc
      .array(fc.constantFrom(...pieces), {minLength: 1, maxLength: 4})
      .map((list) => `select ${list.join('')}`)
    const texts = fc.array(
      fc.oneof(
        spaced,
        selects,
        ended.map((list) => list.join(';')),
      ),
      {minLength: 1, maxLength: 3},
    )
    for (const text of fc.sample(
      texts.map((list) => list.join(';')),
      {numRuns: 20_000, seed: 1},
    )) {
      const wanted = byParser(text)
      if (wanted === undefined) continue
      parsed++
      const found = (await dialects.postgresql.split(text, true)).map(({sql}) => sql)
      expect(found, text).to.deep.equal(wanted)
    }
    expect(parsed).to.be.greaterThan(1000)
  })

  for (const [dialect, statement] of [
    ['postgresql', "insert into t values (1, 'a;b');\n"],
    ['postgresql', 'create index concurrently i on t (a);\n'],
    ['sqlite', "insert into t values (1, 'a;b');\n"],
    ['mysql', "insert into t values (1, 'a;b');\n"],
  ] as const)
    it(`splits 50,000 statements in linear time, on ${dialect}: ${statement.trim()}`, async () => {
      const start = performance.now()
      expect(await dialects[dialect].split(statement.repeat(50_000), true)).to.have.length(50_000)
      expect(performance.now() - start).to.be.lessThan(15_000)
    })

  it('says where each statement is', async () => {
    const text = "-- ä\nselect 'ü';\n\n  select 2"
    for (const dialect of ['postgresql', 'sqlite', 'mysql'] as const)
      for (const {sql, offset} of await dialects[dialect].split(text, true))
        expect(text.slice(offset).startsWith(sql)).to.equal(true)
  })
})

/** Returns the statements that PostgreSQL's parser finds; undefined for a text with an error. */
function byParser(text: string): readonly string[] | undefined {
  const bytes = Buffer.from(text)
  try {
    return (parseSync(text).stmts ?? []).map(({stmt_location: start = 0, stmt_len: length}) =>
      bytes
        .subarray(start, length ? start + length : undefined)
        .toString()
        .trim(),
    )
  } catch {
    return undefined
  }
}

describe('a MySQL text under another sql_mode', () => {
  const backslash = String.raw`select 'a\'; select "b\"; select 1`
  const modal: readonly {
    readonly name: string
    readonly mode: string
    readonly text: string
    readonly statements: readonly string[]
  }[] = [
    {name: 'has escapes by default', mode: '', text: backslash, statements: [backslash]},
    {
      name: 'has none with NO_BACKSLASH_ESCAPES',
      mode: 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES',
      text: backslash,
      statements: [String.raw`select 'a\'`, String.raw`select "b\"`, 'select 1'],
    },
    {
      name: 'has none in identifiers with ANSI_QUOTES',
      mode: 'ANSI_QUOTES',
      text: String.raw`select 'a\';' as "b\"; select 1`,
      statements: [String.raw`select 'a\';' as "b\"`, 'select 1'],
    },
    {
      name: 'has none after a statement that sets the mode, until it is put back',
      mode: '',
      text: String.raw`set @m = @@sql_mode, sql_mode = 'NO_BACKSLASH_ESCAPES'; select '\'; set sql_mode = @m; select '\';'`,
      statements: [
        `set @m = @@sql_mode, sql_mode = 'NO_BACKSLASH_ESCAPES'`,
        String.raw`select '\'`,
        'set sql_mode = @m',
        String.raw`select '\';'`,
      ],
    },
    {
      name: 'has none after a mode is added',
      mode: 'ANSI_QUOTES',
      text: String.raw`set session sql_mode = concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES'); select '\'; select 1`,
      statements: [
        `set session sql_mode = concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES')`,
        String.raw`select '\'`,
        'select 1',
      ],
    },
    {
      name: 'has escapes in a dump, which sets its own mode',
      mode: 'NO_BACKSLASH_ESCAPES',
      text: String.raw`/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */; select '\';'; /*!40101 SET SQL_MODE=@OLD_SQL_MODE */; select '\'`,
      statements: [
        `/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */`,
        String.raw`select '\';'`,
        '/*!40101 SET SQL_MODE=@OLD_SQL_MODE */',
        String.raw`select '\'`,
      ],
    },
    {
      name: 'ends blocks as the mode says',
      mode: 'NO_BACKSLASH_ESCAPES',
      text: String.raw`begin not atomic select '\'; end; select 1`,
      statements: [String.raw`begin not atomic select '\'; end`, 'select 1'],
    },
  ]
  for (const {name, mode, text, statements} of modal)
    it(name, () => {
      expect(splitMysql(text, true, mode).map(({sql}) => sql)).to.deep.equal(statements)
    })
})
