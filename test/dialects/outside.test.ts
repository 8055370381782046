import {expect} from 'chai'
import {outsideMysql, outsidePostgres, outsideSqlite} from '../../src/dialects/outside.ts'

describe('what reaches outside of a database', () => {
  const others = ['app', 'order-db', 'users']
  const mysql: Readonly<Record<string, boolean>> = {
    'alter table app.t add a int': true,
    'insert into t select * from `app` . `t`': true,
    'delete from `order-db`.t': true,
    'USE app': true,
    'use `order-db`': true,
    'use mig_scratch': false,
    'create user u': true,
    'create database d': true,
    'grant select on *.* to u': true,
    'set global x = 1': true,
    'select users.id from users': false,
    'update users set n = users.m': false,
    'select app.id from t app': false,
    "insert into t values ('app.t')": false,
    'insert into t values (1) -- app.t': false,
    '/* use app */ select 1': false,
    'create table app_t (n int)': false,
    'select myapp.t from myapp': false,
    'set session x = 1': false,
    'create table user (n int)': false,
  }
  for (const [sql, isOutside] of Object.entries(mysql))
    it(`${isOutside ? 'is' : 'is not'} on MySQL: ${sql}`, () => {
      expect(outsideMysql(sql, others) !== undefined).to.equal(isOutside)
    })

  const postgresql: Readonly<Record<string, boolean>> = {
    'create role r': true,
    'alter database d set x = 1': true,
    '-- note\nALTER SYSTEM set x = 1': true,
    'drop owned by r': true,
    'create user mapping for r server s': false,
    'create table role (n int)': false,
    'grant select on t to r': false,
    'alter table database rename to d': false,
  }
  for (const [sql, isOutside] of Object.entries(postgresql))
    it(`${isOutside ? 'is' : 'is not'} on PostgreSQL: ${sql}`, () => {
      expect(outsidePostgres(sql, []) !== undefined).to.equal(isOutside)
    })

  for (const [sql, isOutside] of Object.entries({
    "attach 'x.db' as x": true,
    "vacuum into 'y.db'": true,
    vacuum: false,
    "insert into t values ('attach')": false,
  }))
    it(`${isOutside ? 'is' : 'is not'} on SQLite: ${sql}`, () => {
      expect(outsideSqlite(sql, []) !== undefined).to.equal(isOutside)
    })
})
