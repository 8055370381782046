import {expect} from 'chai'
import {Configuration} from '@mikro-orm/core'
import {LibSqlDriver} from '@mikro-orm/libsql'
import type {AbstractSqlDriver} from '@mikro-orm/sql'
import {mysqlParameters} from '../../src/dialects/addresses.ts'
import {dialectNames} from '../../src/dialects/dialect.ts'
import type {Dialect} from '../../src/dialects/dialect.ts'
import {dialectOfPlatform, dialects} from '../../src/dialects/dialects.ts'
import {driverOfClass, driverOfUrl, drivers, filePathOf, isDatabaseUrl} from '../../src/dialects/drivers.ts'
import {quotingOf} from '../../src/dialects/quoting.ts'
import {run} from '../support/cli.ts'
import {platforms} from '../support/platforms.ts'

/** The SQL that a dialect has for runs, tenants and scripts. */
interface ExpectedSql {
  readonly begin: readonly string[]
  readonly session: readonly string[]
  readonly restored: readonly string[]
  readonly tenant: readonly string[]
  readonly guard: readonly string[]
  readonly split: readonly string[]
}

const guardByConstraint = (create: string, drop: string, quote: string): readonly string[] => [
  `${create} mig_guard (ok integer, constraint ${quote}database is not at a1 b2${quote} check (ok = 1))`,
  'insert into mig_guard select case when 1 = 1 then 1 else 0 end',
  `${drop} mig_guard`,
]

const expected: Readonly<Record<Dialect, ExpectedSql>> = {
  postgresql: {
    begin: ['begin', 'set local lock_timeout = 1500', 'set local statement_timeout = 250'],
    session: [],
    restored: [],
    tenant: [
      'create schema if not exists "acme"',
      `select set_config('search_path', '"acme", "shared"', false)`,
      `select set_config('search_path', 'public', false)`,
      'set local search_path to "acme", "shared"',
    ],
    guard: [
      "do $mig$ begin if not (1 = 1) then raise undefined_table; end if; exception when undefined_table then raise exception using message = 'the database is not at a1 b2, where this part of the script begins'; end $mig$",
    ],
    split: ["inside select ';'", 'inside create table t (a int)', 'outside vacuum'],
  },
  sqlite: {
    begin: ['begin immediate'],
    session: [],
    restored: [],
    tenant: [],
    guard: guardByConstraint('create temp table', 'drop table', '`'),
    split: ["inside select ';'", 'inside create table t (a int)', 'outside vacuum'],
  },
  mysql: {
    begin: ['start transaction'],
    session: ['set session lock_wait_timeout = 2', 'set session innodb_lock_wait_timeout = 2'],
    restored: ['set session lock_wait_timeout = 7', 'set session innodb_lock_wait_timeout = 8'],
    tenant: ['create database if not exists `acme`', 'use `acme`', 'use `public`'],
    guard: guardByConstraint('create temporary table', 'drop temporary table', '`'),
    split: ["inside select ';'", 'commits create table t (a int)', 'commits vacuum'],
  },
  mariadb: {
    begin: ['start transaction'],
    session: [
      'set session lock_wait_timeout = 2',
      'set session innodb_lock_wait_timeout = 2',
      'set session max_statement_time = 0.25',
    ],
    restored: [
      'set session lock_wait_timeout = 7',
      'set session innodb_lock_wait_timeout = 8',
      'set session max_statement_time = 9',
    ],
    tenant: ['create database if not exists `acme`', 'use `acme`', 'use `public`'],
    guard: guardByConstraint('create temporary table', 'drop temporary table', '`'),
    split: ["inside select ';'", 'commits create table t (a int)', 'commits vacuum'],
  },
}

describe('dialects', () => {
  it('are registered under their own names, each once', () => {
    expect(Object.values(dialects).map(({name}) => name)).to.have.members([...dialectNames])
    expect(Object.entries(dialects).filter(([key, {name}]) => key !== name)).to.deep.equal([])
  })

  it('share no driver, scheme or platform', () => {
    const names = drivers.flatMap(({kind, driver, schemes}) => [`kind ${kind}`, driver, ...schemes])
    const classes = Object.values(dialects).flatMap(({platforms: own}) => own)
    expect([...names, ...classes]).to.deep.equal([...new Set([...names, ...classes])])
  })

  for (const name of dialectNames)
    describe(name, () => {
      const dialect = dialects[name]
      const quoting = quotingOf(platforms[name])
      const wanted = expected[name]

      for (const {kind, package: packageName, driver, schemes} of dialect.drivers)
        it(`is what ${driver} of ${packageName} speaks, however its URL begins`, async () => {
          const module = (await import(packageName)) as Readonly<Record<string, unknown>>
          const own = module[driver]
          const options = {driver: own, dbName: 'x', entities: [], discovery: {warnWhenNoEntities: false}}
          const platform = (new Configuration(options as never).getDriver() as AbstractSqlDriver).getPlatform()
          expect(dialectOfPlatform(platform)).to.equal(name)
          expect(driverOfClass(own)?.kind).to.equal(kind)
          for (const scheme of schemes) expect(driverOfUrl(`${scheme.toUpperCase()}://x/y`)?.kind).to.equal(kind)
        })

      it('has a URL for a database that is not connected to', () => {
        expect(driverOfUrl(dialect.offlineUrl)?.dialect).to.equal(name)
        expect(isDatabaseUrl(dialect.offlineUrl)).to.equal(true)
      })

      it('begins transactions and limits them', () => {
        const timeouts = {tableLock: 1500, statement: 250}
        const {begin, timeouts: local, sessionTimeouts: session} = dialect.transaction
        expect([begin, ...local(timeouts)]).to.deep.equal(wanted.begin)
        expect(local({tableLock: undefined, statement: undefined})).to.deep.equal([])
        expect(session?.set(timeouts) ?? []).to.deep.equal(wanted.session)
        const row = {lock_wait_timeout: 7, innodb_lock_wait_timeout: 8, max_statement_time: 9}
        expect(session?.restore(row) ?? []).to.deep.equal(wanted.restored)
      })

      it('enters tenants, or has none', () => {
        const {tenants} = dialect
        const names = ['acme', 'shared']
        const sql = tenants && [
          tenants.create('acme', quoting),
          tenants.enter(names, quoting, false),
          tenants.leave('public', quoting, false),
          ...(tenants.enterTransaction === undefined ? [] : [tenants.enterTransaction(names, quoting)]),
        ]
        expect(sql ?? []).to.deep.equal(wanted.tenant)
      })

      it('guards scripts', () => {
        expect(dialect.script.guard({condition: '1 = 1', place: 'a1 b2'}, quoting)).to.deep.equal(wanted.guard)
      })

      it('divides a file into statements', async () => {
        const parts = await dialect.split("select ';'; create table t (a int);\nvacuum", true)
        expect(parts.map(({sql, transactionality: {kind}}) => `${kind} ${sql}`)).to.deep.equal(wanted.split)
      })
    })
})

describe('drivers', () => {
  const urls: readonly (readonly [text: string, kind: string | undefined, isUrl: boolean, path: string | undefined])[] =
    [
      ['postgres://u@h/d', 'postgresql', true, undefined],
      ['pglite:.mig/pgdata', 'pglite', true, '.mig/pgdata'],
      ['sqlite:///tmp/a.db', 'sqlite', true, undefined],
      ['file:a.db', 'sqlite', true, 'a.db'],
      ['libsql://host.example', 'libsql', true, undefined],
      ['oracle://u@h/d', undefined, true, undefined],
      ['mysql:d', 'mysql', false, undefined],
      ['./mikro-orm.config.ts', undefined, false, undefined],
      ['C:\\mikro-orm.config.ts', undefined, false, undefined],
    ]
  for (const [text, kind, isUrl, path] of urls)
    it(`are chosen by the text ${text}`, () => {
      expect([driverOfUrl(text)?.kind, isDatabaseUrl(text), filePathOf(text)]).to.deep.equal([kind, isUrl, path])
    })

  it('are found by a class that extends theirs', () => {
    class OurDriver extends LibSqlDriver {}
    expect([driverOfClass(OurDriver)?.kind, driverOfClass(Map), driverOfClass('sqlite')]).to.deep.equal([
      'libsql',
      undefined,
      undefined,
    ])
  })
})

describe('the parameters of a MySQL URL', () => {
  it('are known to mysql2, which prints others', async () => {
    const code = "for (const name of process.argv.slice(1)) require('mysql2').createPool({[name]: undefined})"
    const printedFor = async (...names: readonly string[]): Promise<string> =>
      (await run(process.execPath, ['-e', code, ...names], {cwd: process.cwd()})).stderr
    expect(await printedFor(...mysqlParameters)).to.equal('')
    expect(await printedFor('nothing')).to.contain('nothing')
  })
})
