import {Routine, defineEntity, p} from '@mikro-orm/core'
import {expectBothWays} from '../support/both-ways.ts'
import {databaseKinds} from '../support/databases.ts'
import type {DatabaseKind} from '../support/databases.ts'
import {ModelProject} from '../support/models.ts'
import type {Entities} from '../support/models.ts'

const things = (options: object = {}): Entities => [
  defineEntity({
    name: 'Thing',
    tableName: 'Things',
    properties: {id: p.integer().primary(), size: p.integer().default(1)},
    ...options,
  } as unknown as Parameters<typeof defineEntity>[0]),
]

const withTrigger = (expression: string, name = 'grow'): Entities =>
  things({triggers: [{name, timing: 'before', events: ['update'], body: '', expression}]})

const grow = 'begin new.size = old.size + 1; return new; end'

const triggers: readonly (readonly [kind: DatabaseKind, name: string, expression: string, trigger?: string])[] = [
  [
    'postgresql',
    'with its function',
    `create function grow() returns trigger language plpgsql as $$ ${grow} $$;
     create trigger grow before update on "Things" for each row execute function grow()`,
  ],
  ['sqlite', 'in one statement', `create trigger grow before update on Things begin select raise(ignore); end`],
  ['sqlite', 'with a quoted name', 'create trigger "grow" before update on `Things` begin select 1; end'],
  ['mariadb', 'in one statement', 'create trigger grow before update on `Things` for each row set new.size = 2'],
  [
    'mariadb',
    'with a quoted name',
    'create trigger `it grows` before update on Things for each row set new.size = 2',
    'it grows',
  ],
  ['mysql', 'in one statement', 'create trigger grow before update on `Things` for each row set new.size = 2'],
]

for (const kind of databaseKinds.filter((candidate) => candidate !== 'pglite'))
  describe(`what an entity gives as a statement, on ${kind}`, () => {
    let project: ModelProject
    beforeEach(async () => {
      project = await ModelProject.open(kind)
      await project.use([])
    })
    afterEach(async () => project.close())

    const routine = (type: 'function' | 'procedure', expression: string): object => ({
      routines: [
        Routine.create({
          name: type === 'function' ? 'one' : 'nothing',
          type,
          ...(type === 'function' && {returns: {runtimeType: 'number', columnType: 'int'}}),
          expression,
        } as never),
      ],
    })
    if (kind === 'postgresql')
      for (const [type, expression] of [
        ['function', 'create function one() returns int language sql as $$ select 1 $$'],
        ['procedure', 'create procedure nothing() language sql as $$ select 1 $$'],
      ] as const)
        it(`is a ${type}`, async () => {
          await expectBothWays(project, {
            before: () => things(),
            after: () => things({comment: 'some'}),
            options: routine(type, expression),
          })
        })

    for (const [, name, expression, trigger] of triggers.filter(([on]) => on === kind)) {
      it(`is a trigger ${name}`, async () => {
        await expectBothWays(project, {
          before: () => things(),
          after: () => withTrigger(expression, trigger),
          sql: ['insert into `Things` (size) values (1)'.replaceAll('`', kind === 'postgresql' ? '"' : '`')],
        })
      })
    }
  })
