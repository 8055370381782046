import {defineEntity, p} from '@mikro-orm/core'
import {databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {expectFullCircle} from '../support/full-circle.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

/** Entities, and what they become. */
interface Case {
  readonly name: string
  /** The databases that have such things; all when left out. */
  readonly on?: readonly DatabaseKind[]
  readonly before: () => Entities
  readonly after: () => Entities
}

const postgres: readonly DatabaseKind[] = ['postgresql']

const cases: readonly Case[] = [
  {
    name: 'students with a unique e-mail, a check on grade and an index on name, who come to have a school',
    before: () => [
      defineEntity({
        name: 'Student',
        tableName: 'students',
        properties: {
          id: p.integer().primary(),
          name: p.string().index(),
          email: p.string().unique(),
          grade: p.integer().nullable(),
        },
        checks: [{name: 'students_grade_check', expression: 'grade between 1 and 13'}],
      }),
    ],
    after: () => {
      const school = defineEntity({
        name: 'School',
        tableName: 'schools',
        properties: {id: p.integer().primary(), name: p.string().length(100)},
      })
      const student = defineEntity({
        name: 'Student',
        tableName: 'students',
        properties: {
          id: p.integer().primary(),
          name: p.string().length(120),
          email: p.string().unique(),
          grade: p.integer().default(1),
          school: () => p.manyToOne(school).nullable().deleteRule('cascade'),
          enrolled: p.boolean().default(true),
        },
        checks: [{name: 'students_grade_check', expression: 'grade between 1 and 12'}],
      })
      return [school, student]
    },
  },
  {
    name: 'native enums, arrays, a second schema, partial, covering and expression indexes',
    on: postgres,
    before: () => [
      defineEntity({
        name: 'Order',
        tableName: 'orders',
        schema: 'shop',
        properties: {
          id: p.integer().primary(),
          state: p.enum(['open', 'paid']).nativeEnumName('order_state').default('open'),
          labels: p.array(),
          note: p.string().nullable(),
          data: p.json().nullable(),
          at: p.datetime().columnType('timestamp(3)'),
        },
        indexes: [
          {name: 'orders_open', properties: ['id'], where: "state = 'open'"},
          {name: 'orders_cover', properties: ['at'], include: ['note']},
          {name: 'orders_note', expression: 'create index "orders_note" on "shop"."orders" (lower(note))'},
          {name: 'orders_data', properties: ['data'], type: 'gin'},
        ],
      }),
    ],
    after: () => [
      defineEntity({
        name: 'Order',
        tableName: 'orders',
        schema: 'shop',
        comment: 'what was ordered',
        properties: {
          id: p.integer().primary(),
          state: p.enum(['open', 'paid', 'sent']).nativeEnumName('order_state').default('open'),
          note: p.string().nullable().comment("the customer's"),
          data: p.json().nullable(),
          at: p.datetime().columnType('timestamptz(3)'),
          total: p.integer().generated('(id * 2) stored').nullable(),
        },
        indexes: [
          {name: 'orders_open', properties: ['id'], where: "state = 'paid'"},
          {name: 'orders_note', expression: 'create index "orders_note" on "shop"."orders" (upper(note))'},
        ],
      }),
    ],
  },
]

for (const kind of databaseKinds.filter((one) => one !== 'pglite'))
  describe(`autogenerate on ${kind}`, function () {
    let project: ModelProject | undefined
    afterEach(async () => project?.close())

    for (const {name, before: first, after: second} of cases.filter((one) => one.on?.includes(kind) ?? true))
      it(`comes to the end with ${name}`, async () => {
        project = await ModelProject.open(kind)
        await expectFullCircle(project, [first, second])
      })
  })
