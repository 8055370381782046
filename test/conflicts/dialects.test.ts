import {expect} from 'chai'
import {statementsOfText} from '../../src/conflicts/revision-statements.ts'
import {databaseKinds} from '../support/databases.ts'
import {pairsMeasuredOn} from './support/dialects/fixture.ts'
import {judgingOn} from './support/dialects/judge.ts'
import {measuringOn} from './support/dialects/measure.ts'
import {dialectSettings, measuredDialects} from './support/dialects/setting.ts'
import {scoreOf, ways} from './support/verdicts.ts'

/** Of the pairs of a setting, one in so many is measured again: a server takes a second for a few of them. */
const step = {sqlite: 5, mariadb: 61, mysql: 89}

describe('conflicts/commute, on other databases', () => {
  for (const dialect of measuredDialects)
    for (const [name, setting] of Object.entries(dialectSettings[dialect])) {
      for (const way of ways)
        it(`finds each collision of the setting ${name} on ${dialect}, written as ${way.join(' and ')}`, async () => {
          const pairs = pairsMeasuredOn(dialect, name)
          const score = scoreOf(pairs, await judgingOn(dialect, setting, way))
          const {commuting, missed, falselyColliding, unknown} = score
          expect(missed, 'missed').to.deep.equal([])
          expect(falselyColliding.length / commuting, falselyColliding.join('\n')).to.be.at.most(0.08)
          expect(unknown.length / pairs.length, unknown.join('\n')).to.be.at.most(0.2)
        })

      if (databaseKinds.includes(dialect))
        it(`collide as it was measured in the setting ${name} on ${dialect}`, async function () {
          this.timeout(120_000)
          const sample = pairsMeasuredOn(dialect, name).filter((_, i) => i % step[dialect] === 0)
          await measuringOn(dialect, setting, async (measure) => {
            for (const {a, b, collides} of sample) {
              const because = await measure(a, b)
              expect(because !== undefined, `${a} × ${b}: ${because}`).to.equal(collides)
            }
          })
        })
    }

  for (const dialect of measuredDialects) {
    const setting = {
      parent: "create table texts (id varchar(10) primary key, n integer); insert into texts values ('1', 1)",
      changes: {
        'compare a text with a number': {sql: 'delete from texts where id = 1'},
        'calculate with a text': {sql: "update texts set n = id + 1 where id = '7'"},
        ...(dialect === 'sqlite' && {
          'insert a text as a number': {sql: "insert into texts (id, n) values ('2', 'two')"},
        }),
        other: {sql: 'alter table texts add column x integer'},
      },
    }
    for (const change of Object.keys(setting.changes).filter((name) => name !== 'other')) {
      it(`lets a revision ${change} on ${dialect}`, async () => {
        const judge = await judgingOn(dialect, setting, ['sql', 'sql'])
        const {verdict, reason} = judge(change, 'other')
        expect(verdict, reason).to.be.oneOf(['independent', 'together'])
      })

      if (databaseKinds.includes(dialect))
        it(`lets a revision ${change}, as it was measured on ${dialect}`, async () => {
          await measuringOn(dialect, setting, async (measure) => {
            expect(await measure(change, 'other')).to.equal(undefined)
          })
        })
    }
  }

  const views = {
    parent:
      'create table t (id integer primary key, a integer); create table u (id integer primary key, t_id integer); create view v as select t_id from u; create view w as select t_id from v',
    changes: {
      'drop column': {sql: 'alter table u drop column t_id'},
      'drop table': {sql: 'drop table u'},
      recreate: {sql: 'drop table u; create table u (id integer primary key, t_id integer)'},
      'insert by v': {sql: 'insert into t (id) select t_id from v'},
      'insert by w': {sql: 'insert into t (id) select t_id from w'},
      'update by v': {sql: 'update t set a = (select max(t_id) from v)'},
      'delete by w': {sql: 'delete from t where id in (select t_id from w)'},
      'table of v': {sql: 'create table x as select t_id from v'},
    },
  }
  const reading = Object.keys(views.changes).slice(3)
  for (const dialect of ['mariadb', 'mysql'] as const) {
    it(`finds what is read through views that break on ${dialect}`, async () => {
      const judge = await judgingOn(dialect, views, ['sql', 'sql'])
      for (const a of ['drop column', 'drop table'])
        for (const b of reading) expect(judge(a, b).verdict, `${a} × ${b}`).to.equal('collide')
      for (const b of reading) expect(judge('recreate', b).verdict, `recreate × ${b}`).to.not.equal('collide')
    })

    if (databaseKinds.includes(dialect))
      it(`measures what is read through views that break on ${dialect}`, async function () {
        this.timeout(120_000)
        await measuringOn(dialect, views, async (measure) => {
          for (const a of ['drop column', 'drop table', 'recreate'])
            for (const b of reading) {
              const because = await measure(a, b)
              expect(because === undefined, `${a} × ${b}: ${because}`).to.equal(a === 'recreate')
            }
        })
      })
  }

  for (const dialect of measuredDialects) {
    const counted = {
      parent: `create table k (id integer primary key ${dialect === 'sqlite' ? '' : 'auto_increment'}, v integer)`,
      changes: {
        'no number': {sql: 'insert into k (v) values (1)'},
        'another number': {sql: 'insert into k (v) values (2)'},
        null: {sql: 'insert into k values (null, 3)'},
        five: {sql: 'insert into k values (5, 4)'},
        six: {sql: 'insert into k values (6, 4)'},
        column: {sql: 'alter table k add column w integer'},
        ...(dialect !== 'sqlite' && {zero: {sql: 'insert into k values (0, 5)'}}),
      },
    }
    const numbers = ['another number', 'null', 'five', ...(dialect === 'sqlite' ? [] : ['zero'])]
    const pairs = [
      ...numbers.map((b) => ['no number', b, true] as const),
      ['five', 'six', false] as const,
      ['no number', 'column', false] as const,
    ]
    it(`knows rows that get the next number on ${dialect}`, async () => {
      const judge = await judgingOn(dialect, counted, ['sql', 'sql'])
      for (const [a, b, collides] of pairs) {
        const {verdict, reason} = judge(a, b)
        expect(verdict, `${a} × ${b}: ${reason}`).to.be.oneOf(collides ? ['unknown'] : ['independent', 'together'])
        expect(reason).to.not.contain('by itself')
      }
    })

    if (databaseKinds.includes(dialect))
      it(`measures rows that get the next number on ${dialect}`, async () => {
        await measuringOn(dialect, counted, async (measure) => {
          for (const [a, b, collides] of pairs) {
            const because = await measure(a, b)
            expect(because !== undefined, `${a} × ${b}: ${because}`).to.equal(collides)
          }
        })
      })
  }

  it('does not compare changes of the tables of SQLite itself', async () => {
    const setting = {
      parent: 'create table k (id integer primary key autoincrement, v integer)',
      changes: {
        insert: {sql: 'insert into k (v) values (1)'},
        next: {sql: "insert into sqlite_sequence (name, seq) values ('k', 10)"},
      },
    }
    const {verdict, reason} = (await judgingOn('sqlite', setting, ['sql', 'sql']))('insert', 'next')
    expect(verdict).to.equal('unknown')
    expect(reason).to.equal('b has a change of rows of sqlite_sequence.')
  })

  const unread = [
    ['mariadb', 'replace into users values (1)', 'rows that replace others'],
    ['mysql', 'alter table users default character set latin1', 'a new default of the character set'],
    ['mysql', 'call tidy()', 'a statement of the kind CALL'],
    ['mariadb', 'alter table users partition by hash (id)', 'ALTER TABLE with partition'],
    ['mariadb', 'create or replace table users (id int)', 'CREATE OR REPLACE TABLE'],
    ['mysql', 'update users join posts on posts.id = users.id set users.x = 1', 'SQL of MySQL that cannot be compared'],
    ['sqlite', 'alter table users modify column age bigint', 'ALTER TABLE with modify'],
    ['sqlite', 'alter table users add column nick text after age', 'SQL that is not understood near after'],
    ['sqlite', 'pragma writable_schema = on', 'PRAGMA writable_schema'],
    ['sqlite', 'insert or rollback into users values (1)', 'INSERT OR ROLLBACK'],
  ] as const
  for (const [dialect, sql, reason] of unread)
    it(`says of ${sql} on ${dialect} that it has ${reason}`, async () => {
      const {unclear, vague} = await statementsOfText(sql, {dialect})
      expect([...unclear, ...vague]).to.deep.equal([reason])
    })
})
