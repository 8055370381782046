import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import type {AutogenerateOptions} from '../../src/autogenerate/autogenerate.ts'
import {needsReview, notesOfResult} from '../../src/cli/format-autogenerate.ts'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const id = p.integer().primary()

const entity = (tableName: string, properties: object, options: object = {}): object =>
  defineEntity({name: tableName, tableName, properties, ...options} as never)

/** Users with other columns, next to tables that stay. */
const users = (properties: object, options: object = {}): Entities => [
  entity('users', {id, size: p.integer().default(1), ...properties}, options),
  entity('notes', {id, body: p.string().length(50)}),
]

const seen = (properties: object, expression: string): object =>
  entity('seen', {id, ...properties}, {view: true, expression})

const mail = p.string().length(50).nullable()
const mails = "create view mails as select mail from users where mail <> ''"
const watch = 'create trigger watch before insert on users for each row set new.size = coalesce(length(new.mail), 0)'
const drop: AutogenerateOptions = {drops: ['users.mail']}
const rename: AutogenerateOptions = {renames: ['users.mail:email']}

interface Case {
  readonly name: string
  readonly before?: () => Entities
  /** Statements by hand when the tables exist. */
  readonly sql: readonly string[]
  readonly after?: () => Entities
  readonly options?: AutogenerateOptions
  /** The comments that say so, without the number of the operation. */
  readonly says: readonly (string | RegExp)[]
  /** The objects that the downgrade does not restore. */
  readonly notReverted?: readonly string[]
}

const unknown = /^breaks the view mails: Unknown column 'users.mail' in '(?:SELECT|field list)'$/
const named = (what: string, column = 'users.mail'): string =>
  `may break the ${what}: it mentions ${column}, which no longer exists`

const position = (what: string): string =>
  `may break the ${what}: it inserts values by position, and the number of columns of notes changes`

const cases: readonly Case[] = [
  {name: 'a view of a column that is dropped', sql: [mails], says: [unknown]},
  {
    name: 'a view of a column that is renamed',
    sql: [mails],
    after: () => users({email: mail}),
    options: rename,
    says: [unknown],
  },
  {
    name: 'views of a view, whatever their names',
    sql: [mails, 'create view a as select mail from mails', 'create view z as select mail from a'],
    says: [/^breaks the view a: View 'mails' references invalid/, unknown, /^breaks the view z: View 'a' references/],
  },
  {
    name: 'a view of a table that is dropped',
    sql: ['create view seen as select users.id from users join notes'],
    after: () => users({mail}).slice(0, 1),
    options: {},
    says: ["breaks the view seen: Table 'notes' doesn't exist"],
  },
  {
    name: 'no view of another column, and none that is broken already',
    sql: [
      'create view sizes as select size from users',
      'create table gone (id int)',
      'create view broken as select mail from users join gone',
      'drop table gone',
    ],
    says: [],
  },
  {
    name: 'no view of an entity that is changed along with its table',
    before: () => [...users({mail}), seen({mail}, 'select id, mail from users')],
    sql: [],
    after: () => [...users({email: mail}), seen({email: mail}, 'select id, email from users')],
    options: rename,
    says: [],
  },
  {name: 'a trigger that reads a column of its row', sql: [watch], says: [named('trigger users.watch')]},
  {
    name: 'a trigger of a table that is renamed as well',
    sql: [watch],
    after: () => [entity('people', {id, size: p.integer().default(1), email: mail}), ...users({}).slice(1)],
    options: {renames: ['users:people', 'people.mail:email']},
    says: [named('trigger people.watch')],
  },
  {
    name: 'a trigger of another table',
    sql: ['create trigger note after insert on notes for each row update users set mail = new.body'],
    says: [named('trigger notes.note')],
  },
  {
    name: 'no trigger whose own row has a column of this name',
    before: () => [...users({mail}), entity('letters', {id, mail})],
    sql: ['create trigger letter before insert on letters for each row set new.mail = (select max(size) from users)'],
    after: () => [...users({}), entity('letters', {id, mail})],
    says: [],
  },
  {
    name: 'no trigger of a table that is dropped',
    before: () => [...users({mail}), entity('letters', {id, mail})],
    sql: ["create trigger letter before insert on letters for each row set new.mail = ''"],
    after: () => users({mail}),
    options: {},
    says: [],
    notReverted: ['trigger letters.letter'],
  },
  {
    name: 'no trigger of an entity that is changed along with its table',
    before: () =>
      users({mail}, {triggers: [{name: 'watch', timing: 'before', events: ['insert'], body: "set new.mail = ''"}]}),
    sql: [],
    after: () =>
      users(
        {email: mail},
        {triggers: [{name: 'watch', timing: 'before', events: ['insert'], body: "set new.email = ''"}]},
      ),
    options: rename,
    says: [],
  },
  {
    name: 'routines and events',
    sql: [
      'create function count_mails() returns int reads sql data return (select count(`mail`) from users)',
      'create procedure clear_mails(n int) modifies sql data begin delete from users where mail is null; end',
      'create event forget on schedule every 1 day disable do update users set mail = null',
      'create procedure other() modifies sql data delete from notes',
    ],
    says: [named('event forget'), named('function count_mails'), named('procedure clear_mails')],
  },
  {
    name: 'what mentions a table that is dropped',
    sql: ['create procedure forget() modifies sql data delete from notes'],
    after: () => users({mail}).slice(0, 1),
    options: {},
    says: [named('procedure forget', 'notes')],
  },
  {
    name: 'what inserts values by their positions into a table, or from one',
    sql: [
      "create trigger log_insert after insert on users for each row insert into notes values (null, 'new')",
      "create trigger log_update after update on users for each row insert into notes (body) values ('changed')",
      'create table archive (id int, body varchar(50))',
      'create procedure archive_all() modifies sql data insert into archive select * from notes where id > 0',
      'create procedure archive_bodies() modifies sql data insert into archive select id, body from notes',
    ],
    after: () => [
      ...users({mail}).slice(0, 1),
      entity('notes', {id, body: p.string().length(50), by: p.integer().nullable()}),
    ],
    options: {},
    says: [position('procedure archive_all'), position('trigger users.log_insert')],
  },
  {
    name: 'a view that cannot be copied, unless it is broken already',
    sql: [
      'create function outside() returns int reads sql data return (select count(*) from `information_schema`.`tables`)',
      'create view counted as select mail, outside() as n from users',
      'create table gone (id int)',
      'create view broken as select mail, outside() as n from users join gone',
      'drop table gone',
    ],
    says: [named('view counted')],
  },
]

for (const kind of databaseKinds.filter((candidate) => candidate === 'mariadb' || candidate === 'mysql'))
  describe(`objects made by hand that a change breaks on ${kind} are named:`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    for (const {
      name,
      before = () => users({mail}),
      sql,
      after = () => users({}),
      options = drop,
      says,
      notReverted = [],
    } of cases)
      it(name, async () => {
        await project.use(before())
        await project.generate()
        await project.upgrade()
        await project.query(...sql)
        await project.use(after())
        const result = await project.generate(options)
        const text = project.read(result)
        const comments = [...text.matchAll(/^ *\/\/ (?<words>(?:may break|breaks) .*)$/gm)].map(
          ({groups}) => groups?.['words'] ?? '',
        )
        const ordered = comments.toSorted((a, b) => (a.replace('may ', '') < b.replace('may ', '') ? -1 : 1))
        expect(ordered).to.have.length(says.length, comments.join('\n'))
        for (const [i, words] of says.entries())
          if (typeof words === 'string') expect(ordered[i]).to.equal(words)
          else expect(ordered[i]).to.match(words)
        expect(needsReview(result)).to.equal(says.length + notReverted.length > 0)
        const others = result.rehearsals.map(({breaking, ...rest}) => ({...rest, breaking: breaking.length}))
        expect(others).to.deep.equal([
          {database: undefined, refused: [], breaking: says.length, unsettled: [], notReverted},
        ])
      })

    it('at the operation that breaks them, in the output and in SQL files', async () => {
      await project.use(users({mail, age: p.integer().nullable()}))
      await project.generate()
      await project.upgrade()
      await project.query(mails, watch)
      await project.use(users({}))
      const result = await project.generate({isSql: true})
      const at = result.rehearsals[0]?.breaking.map(({index}) => index) ?? []
      expect(at).to.deep.equal([at[0], at[0]])
      expect(project.read(result)).to.match(
        /-- breaks the view mails: .*\n-- may break the trigger users.watch: .*\n(?:-- .*\n)*alter table `users` drop column? `mail`/i,
      )
      const notes = notesOfResult(result, {})
        .map(({value}) => value)
        .filter((note) => note.startsWith('In the rehearsal'))
      const operation = `In the rehearsal, operation ${(at[0] ?? 0) + 1} of the upgrade`
      expect(notes[0]).to.match(new RegExp(`^${operation} breaks the view mails: Unknown column 'users.mail'`))
      expect(notes[1]).to.equal(`${operation} ${named('trigger users.watch')}`)
    })
  })
