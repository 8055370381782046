import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {expectBothWays} from '../support/both-ways.ts'
import {rejectionOf} from '../support/errors.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

type Properties = Parameters<typeof defineEntity>[0]

const people = (properties: Record<string, unknown>, options: object = {}): Entities => [
  defineEntity({
    name: 'Person',
    tableName: 'people',
    properties: {id: p.integer().primary(), ...properties},
    ...options,
  } as unknown as Properties),
]

const all = ['sad', 'ok', 'fine']
const fewer = ['ok', 'fine']
const moods = (values: readonly string[]) => p.enum([...values]).nativeEnumName('mood')

const insert = `insert into people (moods) values ('{ok,fine}'), ('{}')`

describe('enums', () => {
  let project: ModelProject
  beforeEach(async () => {
    project = await ModelProject.open('postgresql')
    await project.use([])
  })
  afterEach(async () => project.close())

  for (const [what, from, to] of [
    ['fewer', all, fewer],
    ['more', fewer, all],
    ['reordered', all, ['fine', 'ok', 'sad']],
  ] as const) {
    it(`of arrays stay arrays with ${what} values`, async () =>
      void (await expectBothWays(project, {
        before: () => people({moods: moods(from).array()}),
        after: () => people({moods: moods(to).array()}),
        sql: [insert],
        keeps: 'select moods::text from people order by id',
      })))

    it(`of arrays with a default keep it with ${what} values`, async () =>
      void (await expectBothWays(project, {
        before: () => people({moods: moods(from).array().default(['ok'])}),
        after: () => people({moods: moods(to).array().default(['ok'])}),
        sql: [insert, 'insert into people default values'],
        keeps: 'select moods::text from people order by id',
      })))

    it(`keep what mentions them with ${what} values`, async () => {
      const options = {
        indexes: [
          {name: 'people_ok', properties: ['id'], where: "mood = 'ok'"},
          {name: 'people_mood', properties: ['mood']},
          {name: 'people_label', properties: ['label']},
          {name: 'people_fine', expression: `create unique index "people_fine" on "people" ((mood = 'fine'), id)`},
        ],
        checks: [{name: 'people_check', expression: "mood <> 'fine' or id > 0"}],
      }
      const same = {
        label: p
          .string()
          .generated("(case when mood = 'ok' then 'yes' else 'no' end) stored")
          .nullable()
          .comment('is it ok?'),
      }
      await expectBothWays(project, {
        before: () => people({mood: moods(from).default('ok'), ...same}, options),
        after: () => people({mood: moods(to).default('ok'), ...same}, options),
        sql: [
          `insert into people (mood) values ('ok'), ('fine')`,
          `create domain good as mood default 'ok' constraint is_good check (value <> 'fine' or value is null)`,
          'create domain many as good[]',
          `create table others (id serial, good good, goods good[] default '{ok}', many many, text text default ('ok'::mood)::text)`,
          `insert into others (good, goods, many) values ('ok', '{ok}', '{ok}')`,
          `create view ok_people as select id, mood from people where mood = 'ok'`,
          `comment on view ok_people is 'happy'`,
          'grant select on ok_people to public',
          'create view few as select * from ok_people where id < 3',
          'create materialized view labels as select label, good from people, others',
          'create index labels_label on labels (label)',
          'create function better(m mood) returns mood language sql as $$ select m $$',
          `create policy seen on people for select using (mood = 'ok')`,
          'create function touch() returns trigger language plpgsql as $$ begin return new; end $$',
          `create trigger touched before update of mood on people for each row when (new.mood = 'ok') execute function touch()`,
          'create table scale (mood mood primary key)',
          'create table steps (mood mood references scale)',
        ],
        keeps: `select people.*, good, goods::text, text, many::text, (select count(*) from ok_people) as count,
          has_table_privilege('public', 'ok_people', 'select') as may from people, others order by id`,
      })
    })
  }

  it('of another schema and with any name are replaced with what mentions them', async () => {
    const shop = (values: readonly string[]): Entities => [
      defineEntity({
        name: 'Order',
        tableName: 'the orders',
        schema: 'shop',
        properties: {
          id: p.integer().primary(),
          state: p
            .enum([...values])
            .nativeEnumName('State of it')
            .default("it's open"),
          states: p
            .enum([...values])
            .nativeEnumName('State of it')
            .array()
            .nullable(),
        },
        indexes: [{name: 'the open', properties: ['id'], where: "state = 'it''s open'"}],
      }),
    ]
    await expectBothWays(project, {
      before: () => shop(["it's open", 'paid', 'sent']),
      after: () => shop(["it's open", 'paid']),
      sql: [`insert into shop."the orders" (states) values ('{it''s open,paid}')`],
      keeps: 'select state, states::text from shop."the orders"',
    })
  })

  for (const [what, value] of [
    ['another default', 'fine'],
    ['no default', undefined],
  ] as const)
    it(`lose a value that was the default, and have ${what}`, async () => {
      const mood = (values: readonly string[], initial: string | undefined): Entities => {
        const property = moods(values).nullable()
        const list = moods(values).array().nullable()
        return people(
          initial === undefined
            ? {mood: property, moods: list}
            : {mood: property.default(initial), moods: list.default([initial])},
        )
      }
      await expectBothWays(project, {
        before: () => mood(all, 'sad'),
        after: () => mood(fewer, value),
        sql: [`insert into people (mood, moods) values ('ok', '{fine}')`],
        keeps: 'select mood, moods::text from people',
      })
    })

  it('get a new value that is the default', async () => {
    await expectBothWays(project, {
      before: () => people({mood: moods(fewer).default('ok')}),
      after: () => people({mood: moods(all).default('sad')}),
      sql: [`insert into people (mood) values ('ok')`],
      keeps: 'select mood from people',
    })
  })

  it('lose a value together with the column, the view and the check that use it', async () => {
    const view = (name: string, expression: string) =>
      defineEntity({
        name,
        tableName: name,
        view: true,
        expression,
        properties: {id: p.integer().primary()},
      })
    const other = (): Entities => [view('other_people', 'select id from people')]
    await expectBothWays(project, {
      before: () => [
        ...people(
          {mood: moods(all).nullable(), last: moods(all).nullable()},
          {checks: [{name: 'people_last', expression: "last <> 'sad'"}]},
        ),
        view('sad_people', "select id from people where mood = 'sad'"),
        ...other(),
      ],
      after: () => [
        ...people({mood: moods(fewer).nullable()}, {checks: [{name: 'people_last', expression: "mood <> 'ok'"}]}),
        ...other(),
      ],
      sql: [`insert into people (mood) values ('fine')`],
      keeps: 'select mood from people',
    })
  })

  const mentions = (value: string): object => ({
    indexes: [{name: 'people_index', properties: ['id'], where: `mood = '${value}'`}],
    checks: [{name: 'people_check', expression: `mood <> '${value}' or id > 0`}],
  })

  it('rename a value, when that is the answer', async () => {
    const view = 'create view sad_people as select id from people where mood = '
    const text = await expectBothWays(project, {
      before: () =>
        people({mood: moods(all).default('sad'), moods: moods(all).array().default(['sad'])}, mentions('sad')),
      after: () =>
        people(
          {
            mood: moods(['blue', 'ok', 'fine']).default('blue'),
            moods: moods(['blue', 'ok', 'fine']).array().default(['blue']),
          },
          mentions('blue'),
        ),
      sql: ['insert into people default values', `${view}'sad'`],
      answers: {renames: ['mood.sad:blue']},
      keeps: 'select count(*) from sad_people',
    })
    expect(text.match(/op\.\w+\(/g)).to.deep.equal(['op.renameEnumValue(', 'op.renameEnumValue('])
  })

  it('get another name, when that is the answer', async () => {
    const named = (name: string, values: readonly string[] = all): Entities => {
      const feelings = () => p.enum(values as readonly ['sad']).nativeEnumName(name)
      return people({mood: feelings().default('sad'), moods: feelings().array().default(['sad'])}, mentions('sad'))
    }
    const change = {
      before: () => named('mood'),
      after: () => named('feeling'),
      sql: ['insert into people default values', `create view sad_people as select id from people where mood = 'sad'`],
      answers: {renames: ['mood:feeling']},
      keeps: 'select count(*) from sad_people',
    }
    const text = await expectBothWays(project, change)
    expect(text.match(/op\.\w+\(/g)).to.deep.equal(['op.renameEnum(', 'op.renameEnum('])
    await project.downgrade('-1')
    project.removeLast()
    const {questions} = await project.generate()
    expect(questions).to.deep.equal([
      {kind: 'enum', removed: 'mood', added: ['feeling'], answers: ['--rename mood:feeling', '--drop mood']},
    ])
    project.removeLast()
    const {questions: answered} = await project.generate({drops: ['mood']})
    expect(answered).to.deep.equal([])
  })

  it('get another name, and a value another one', async () => {
    const text = await expectBothWays(project, {
      before: () => people({mood: p.enum(['sad', 'ok']).nativeEnumName('mood').default('ok')}),
      after: () => people({mood: p.enum(['blue', 'ok']).nativeEnumName('feeling').default('ok')}),
      sql: ["insert into people (mood) values ('sad')"],
      answers: {renames: ['mood:feeling', 'feeling.sad:blue']},
    })
    expect(text).to.not.include('loses data')
  })

  it('rename a value and lose another', async () => {
    await expectBothWays(project, {
      before: () =>
        people({mood: moods(all).default('sad'), moods: moods(all).array().default(['sad'])}, mentions('sad')),
      after: () =>
        people(
          {mood: moods(['blue', 'fine']).default('fine'), moods: moods(['blue', 'fine']).array().default(['blue'])},
          mentions('blue'),
        ),
      sql: [
        'insert into people default values',
        `create domain good as mood default 'sad' check (value <> 'sad')`,
        'create table others (good good)',
        `create view sad_people as select id from people where mood = 'sad'`,
      ],
      answers: {renames: ['mood.sad:blue']},
      keeps: 'select count(*) from sad_people',
    })
  })

  for (const [answer, says] of [
    ['mood.ok:blue', 'no value mood.ok was removed'],
    ['mood.sad:fine', 'no value mood.fine was added'],
    ['mood:feeling', 'no enum mood was removed'],
  ] as const)
    it(`do not rename ${answer}`, async () => {
      await project.use(people({mood: moods(all)}))
      await project.generate()
      await project.upgrade()
      await project.use(people({mood: moods(['blue', 'ok', 'fine'])}))
      const error = await rejectionOf('UNKNOWN_ANSWER', async () => project.generate({renames: [answer]}))
      expect(error.message).to.include(says)
    })

  it('are replaced by a comparison with a scratch database, too', async () => {
    await project.use(people({moods: moods(all).array()}))
    await project.generate()
    await project.upgrade()
    await project.use(people({moods: moods(fewer).array()}))
    const text = project.read(await project.generate({scratch: true}))
    expect(text).to.include(
      "{columns: [{table: 'people', column: 'moods', type: 'mood[]'}], was: ['sad', 'ok', 'fine']}",
    )
    await project.upgrade()
    expect((await project.generate()).revision).to.equal(null)
  })
})
