import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const trigger = (body: string): object => ({
  triggers: [{name: 'users_trigger', timing: 'before', events: ['insert'], body}],
})

const users = (more: Readonly<Record<string, unknown>> = {}, options: object = {}): Entities => [
  defineEntity({
    name: 'User',
    tableName: 'users',
    properties: {id: p.integer().primary(), size: p.integer().default(1), ...more},
    ...options,
  } as unknown as Parameters<typeof defineEntity>[0]),
]

const withView = (expression: string): Entities => [
  ...users(),
  defineEntity({
    name: 'Size',
    tableName: 'sizes',
    view: true,
    expression,
    properties: {size: p.integer().primary()},
  } as unknown as Parameters<typeof defineEntity>[0]),
]

const withColumn = (): Entities => users({more: p.integer().nullable()})

const triple = 'create function triple(n int) returns int deterministic no sql return n * 3'
const settings = ['create table settings (factor int)', 'insert into settings values (2)']
const scaled =
  'create function scaled(n int) returns int reads sql data return n * (select max(factor) from `settings`)'

const cases: readonly {
  readonly name: string
  /** Statements that run when the table exists. */
  readonly sql: readonly string[]
  readonly before?: () => Entities
  readonly after: () => Entities
}[] = [
  {
    name: 'views that call a function',
    sql: [triple, 'create view sizes as select triple(size) as size from users'],
    after: withColumn,
  },
  {
    name: 'functions that call another one, in another case',
    sql: [
      triple,
      'create function nine_times(n int) returns int deterministic no sql return TRIPLE(triple(n))',
      'create view sizes as select nine_times(size) as size from users',
    ],
    after: withColumn,
  },
  {
    name: 'views of views in any order',
    sql: [
      'create view z_sizes as select size from users',
      'create view b_sizes as select users.size from z_sizes join users',
      'create view a_sizes as select users.size from b_sizes join users',
    ],
    after: withColumn,
  },
  {
    name: 'no view that uses what is gone',
    sql: [
      'create table notes (text varchar(20))',
      'create view sizes as select size, text from users join notes',
      'drop table notes',
    ],
    after: withColumn,
  },
  {
    name: 'functions of a trigger, and the tables that they read',
    sql: [...settings, scaled],
    before: () => users({}, trigger('set new.size = scaled(new.size)')),
    after: () => users({}, trigger('set new.size = scaled(new.size) + 1')),
  },
  {
    name: 'procedures of a trigger, and the tables that they write to',
    sql: [
      'create table notes (text varchar(20))',
      "create procedure note_it() modifies sql data insert into notes values ('new')",
    ],
    before: () => users({}, trigger('call note_it()')),
    after: () => users({}, trigger('begin call note_it(); call note_it(); end')),
  },
  {
    name: 'the triggers of a table that is changed',
    sql: [],
    before: () => users({}, trigger('set new.size = 2')),
    after: () => users({}, {...trigger('set new.size = 2'), checks: [{name: 'positive', expression: 'size > 0'}]}),
  },
  {
    name: 'the tables of a view, whose names are quoted',
    sql: ['create table `two words` (size int)'],
    after: () => withView('select size from `two words`'),
  },
  {
    name: 'functions of a view whose definition is changed',
    sql: [...settings, scaled],
    after: () => withView('select scaled(size) as size from users'),
  },
  {
    name: 'no routine that names another database, or that nothing uses',
    sql: [
      'create function outside(n int) returns int reads sql data return (select count(*) from `information_schema`.`tables`)',
    ],
    after: withColumn,
  },
]

for (const kind of databaseKinds.filter((candidate) => candidate === 'mariadb' || candidate === 'mysql'))
  describe(`the copy of a schema for a rehearsal on ${kind} has`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    for (const {name, sql, before = users, after} of cases)
      it(name, async () => {
        await project.use(before())
        await project.generate()
        await project.upgrade()
        await project.query(...sql)
        await project.use(after())
        const {revision, rehearsals} = await project.generate()
        expect(revision).to.not.equal(null)
        expect(rehearsals).to.deep.equal([
          {database: undefined, refused: [], breaking: [], unsettled: [], notReverted: []},
        ])
      })
  })
