import {expect} from 'chai'
import {upgrade} from '../../src/api/runs/migrate.ts'
import {upgradeSql} from '../../src/api/runs/offline.ts'
import {Bench, contract} from '../support/contract.ts'
import {createDatabase} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {rejectionOf} from '../support/errors.ts'
import {runScript} from '../support/run-script.ts'
import {snapshotOf} from '../support/snapshot.ts'

/** A setting that a revision leaves behind, and what a later revision would make of it. */
interface Case {
  readonly name: string
  /** The statements of the first revision. */
  readonly sets: readonly string[]
  /** The statements of the second one, whose effect depends on the setting. */
  readonly after?: readonly string[]
  /** Whether the statements run outside of a transaction. */
  readonly isOutside?: true
  /** A query with the same result in both cases. */
  readonly reads?: string
  /** Undefined if a script has the same result. The client may begin with other settings than a connection of mig. */
  readonly script?: 'refused' | 'begins otherwise'
}

const postgres: readonly Case[] = [
  {
    name: 'search_path by set_config',
    sets: ["select set_config('search_path', '', false)"],
  },
  {name: 'search_path', sets: ['create schema s', 'set search_path = s, public', 'create table in_s (n integer)']},
  {
    name: 'search_path of a revision without a transaction',
    sets: ['create schema s', 'set search_path = s'],
    isOutside: true,
  },
  {
    name: 'search_path in a block',
    sets: ['create schema s', "do $$ begin perform set_config('search_path', 's', false); end $$"],
  },
  {name: 'a role', sets: ['set role pg_monitor']},
  {name: 'a role of a transaction', sets: ['set local role pg_monitor']},
  {
    name: 'a role of a revision without a transaction',
    sets: ['set role pg_monitor', 'do $$ begin end $$', 'reset role'],
    isOutside: true,
  },
  {name: 'a session authorization', sets: ['set session authorization pg_monitor']},
  {
    name: 'statement_timeout',
    sets: ["set statement_timeout = '1234s'"],
    after: [
      `do $$ begin execute format('create table t_%s (n integer)', current_setting('statement_timeout')); end $$`,
    ],
  },
  {
    name: 'a setting of the application',
    sets: ["set app.tenant = 'acme'"],
    after: [
      `do $$ begin execute format('create table "t_%s" (n integer)', current_setting('app.tenant', true)); end $$`,
    ],
  },
  {
    name: 'a temporary table',
    sets: ['create temporary table u (n integer)'],
    after: ['create table if not exists u (n integer)'],
  },
  {name: 'read-only transactions', sets: ['set default_transaction_read_only = on']},
]

const mysql: readonly Case[] = [
  {name: 'the current database', sets: ['use information_schema'], script: 'refused'},
  {
    name: 'sql_mode',
    sets: ["set sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'"],
    after: [`create table t (a varchar(9) default "it\\'s")`],
  },
  {
    name: 'sql_mode between statements that commit',
    sets: [
      "set sql_mode = 'NO_BACKSLASH_ESCAPES'",
      "create table q (a varchar(9) default 'it''s')",
      'create table r (n integer)',
    ],
  },
  {
    name: 'sql_mode in a procedure',
    sets: ["create procedure p() set session sql_mode = 'ANSI_QUOTES'", 'call p()'],
    after: [`create table t (a varchar(9) default "x")`],
  },
  {
    name: 'foreign_key_checks',
    sets: ['set foreign_key_checks = 0'],
    after: [
      'create table k (n integer primary key)',
      'create table f (n integer references k (n), foreign key (n) references k (n))',
      'insert ignore into f values (7)',
    ],
    reads: 'select count(*) as n from f',
  },
  {name: 'autocommit', sets: ['set autocommit = 0', 'create table q (n integer)', 'insert into q values (1)']},
  {
    name: 'the time zone and the character set',
    sets: ["set time_zone = '+07:00', names latin1"],
    after: ["create table t (a varchar(9) default 'ä')", 'insert into t values (@@session.time_zone)'],
  },
  {
    name: 'a dump of mysqldump',
    sets: [
      '/*!40101 SET NAMES utf8 */',
      "/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE, TIME_ZONE='+00:00' */",
      '/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */',
      '/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */',
      "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */",
    ],
    after: ['create table t (n integer auto_increment primary key)', 'insert into t values (0)'],
    reads: 'select n from t',
  },
]

const sqlite: readonly Case[] = [
  {
    name: 'recursive_triggers',
    sets: ['pragma recursive_triggers = on'],
    after: [
      'create table t (n integer)',
      'create trigger g after insert on t when new.n < 5 begin insert into t values (new.n + 1); end',
      'insert into t values (1)',
    ],
    reads: 'select n from t order by n',
  },
  {
    name: 'foreign_keys',
    sets: ['pragma foreign_keys = off'],
    after: [
      'create table k (n integer primary key)',
      'create table f (n integer references k on delete cascade)',
      'insert into k values (1)',
      'insert into f values (1)',
      'delete from k',
    ],
    reads: 'select n from f',
    script: 'begins otherwise',
    isOutside: true,
  },
  {name: 'query_only', sets: ['pragma query_only = on']},
  {
    name: 'an attached database',
    sets: ["attach ':memory:' as other", 'create table other.t (n integer)'],
    isOutside: true,
  },
  {
    name: 'a temporary table',
    sets: ['create temporary table u (n integer)'],
    after: ['create table if not exists u (n integer)'],
    script: 'refused',
  },
]

const cases: Readonly<Record<DatabaseKind, readonly Case[]>> = {
  postgresql: postgres,
  // PGlite is PostgreSQL, and takes a second for each connection: a sample.
  pglite: postgres.filter(({name}) => name === 'search_path' || name === 'a role'),
  mariadb: mysql,
  mysql,
  sqlite,
}

function use(on: Bench, {sets, after = [], isOutside}: Case, config: object = {}): void {
  const text = {a: [...sets], b: ['create table later (n integer)', ...after], c: ['create table last (n integer)']}
  on.use(
    'a <- b <- c',
    ({id}) =>
      `export const transactional = ${isOutside !== true || id !== 'a'}\nexport function upgrade(op) {\n${text[id as 'a'].map((sql) => `  op.execute(${JSON.stringify(sql)})\n`).join('')}}\n`,
    config,
  )
}

contract('the same history gives the same schema, whatever a revision sets in its session', (on) => {
  async function another(kind: DatabaseKind): Promise<Bench> {
    const bench = new Bench(kind, await createDatabase(kind))
    on.atEnd(async () => bench.end())
    return bench
  }

  async function expectSame(one: Bench, other: Bench, {reads = 'select 1 as n'}: Case): Promise<void> {
    expect(await snapshotOf(one.database)).to.deep.equal(await snapshotOf(other.database))
    expect(await one.database.query(reads)).to.deep.equal(await other.database.query(reads))
    expect(await one.state()).to.equal('a b c*')
  }

  for (const settings of cases[on.kind])
    it(settings.name, async () => {
      use(on, settings)
      const other = await another(on.kind)
      use(other, settings)
      for (const target of ['a', 'b', 'c']) await upgrade({cwd: other.cwd, target})
      const scripted = await another(on.kind)
      use(scripted, settings)
      if (settings.script === 'refused') {
        const error = await rejectionOf('OFFLINE_SETTING', () => upgradeSql({cwd: on.cwd}))
        expect(error.message).to.match(/^Revision a contains [A-Z ]+ \(.*a\.ts:\d+\)/)
      } else if (settings.script === undefined) {
        const {sql} = await upgradeSql({cwd: on.cwd})
        const {status, output} = await runScript(scripted, sql)
        expect([status, output.replace(/^ set_config \n-+\n.*\n\(1 row\)\n\n/, '')]).to.deep.equal([0, ''])
        await expectSame(scripted, other, settings)
      }
      await upgrade({cwd: on.cwd})
      await expectSame(on, other, settings)
    })
})
