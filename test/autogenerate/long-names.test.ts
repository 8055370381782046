import {defineEntity, p} from '@mikro-orm/core'
import {expect} from 'chai'
import {expectBothWays} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const long = (letter: string): string => letter.repeat(70)

type More = Readonly<Record<string, unknown>>

const entity = (tableName: string, properties: More, options: object = {}): object =>
  defineEntity({
    name: tableName.slice(0, 3).toUpperCase(),
    tableName,
    properties: {id: p.integer().primary(), ...properties},
    ...options,
  } as never)

const n = {n: p.integer()}

const referring = (more: More): Entities => {
  const owner = entity(long('o'), {})
  return [
    owner,
    entity('users', {
      owner: () => p.manyToOne(owner as never).foreignKeyName(long('f')),
      others: () => p.manyToMany(owner as never).pivotTable(long('p')),
      ...more,
    }),
  ]
}

/** Entities with names that are too long for PostgreSQL and MySQL, and with other columns. */
const cases: readonly {readonly name: string; readonly of: (more: More) => Entities}[] = [
  {name: 'a table', of: (more) => [entity(long('t'), more)]},
  {name: 'a column', of: (more) => [entity('users', {n: p.integer().name(long('c')), ...more})]},
  {
    name: 'a column with an index, which a check names',
    of: (more) => [
      entity(
        'users',
        {n: p.integer().name(long('c')), ...more},
        {indexes: [{name: 'i', properties: ['n']}], checks: [{name: 'k', expression: `${long('c')} > 0`}]},
      ),
    ],
  },
  {
    name: 'an index',
    of: (more) => [entity('users', {...n, ...more}, {indexes: [{name: long('i'), properties: ['n']}]})],
  },
  {
    name: 'a unique',
    of: (more) => [entity('users', {...n, ...more}, {uniques: [{name: long('u'), properties: ['n']}]})],
  },
  {name: 'a foreign key, its table and a table of pairs', of: referring},
]

const onPostgres: typeof cases = [
  {
    name: 'a check',
    of: (more) => [entity('users', {...n, ...more}, {checks: [{name: long('k'), expression: 'n > 0'}]})],
  },
  {
    name: 'an enum and an array of it',
    of: (more) => [
      entity('users', {
        mood: p.enum(['sad', 'ok']).nativeEnumName(long('e')).default('ok'),
        moods: p.enum(['x', 'y']).nativeEnumName(long('m')).array(),
        ...more,
      }),
    ],
  },
  {
    name: 'an enum and a table of another schema',
    of: (more) => [
      entity(long('t'), {mood: p.enum(['sad', 'ok']).nativeEnumName(long('e')), ...more}, {schema: 'app'}),
    ],
  },
  {
    name: 'a view',
    of: (more) => [entity('users', more), entity(long('v'), {}, {view: true, expression: 'select id from users'})],
  },
  {
    name: 'a column whose name has characters of several bytes',
    of: (more) => [entity('users', {n: p.integer().name(`a${'é'.repeat(40)}`), ...more})],
  },
  {
    name: 'a trigger',
    of: (more) => [
      entity('users', more, {
        triggers: [{name: long('g'), timing: 'before', events: ['insert'], body: 'return new'}],
      }),
    ],
  },
]

for (const kind of databaseKinds.filter((one) => one === 'postgresql' || one === 'pglite'))
  describe(`a name that ${kind} cuts is the same afterwards:`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    for (const {name, of} of [...cases, ...onPostgres])
      it(name, async () => {
        const text = await expectBothWays(project, {
          before: () => of({}),
          after: () => of({extra: p.integer().nullable()}),
        })
        expect(text.match(/op\.\w+/g)).to.deep.equal(['op.addColumn', 'op.dropColumn'])
      })
  })

for (const kind of databaseKinds.filter((one) => one === 'mariadb' || one === 'mysql'))
  describe(`a name that ${kind} refuses is said before a file is written:`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
    })
    afterEach(async () => project.close())

    for (const {name, of} of cases)
      it(name, async () => {
        await project.use(of({}))
        const {omitted} = await project.generate()
        expect(omitted.join('\n')).to.match(/is too long|Incorrect table name/)
      })
  })
