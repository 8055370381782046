import {Configuration} from '@mikro-orm/core'
import {PostgreSqlDriver} from '@mikro-orm/postgresql'
import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import {SqliteDriver} from '@mikro-orm/sqlite'
import {expect} from 'chai'
import {bulkInsert} from '../../src/operations/bulk-insert.ts'
import {execute} from '../../src/operations/execute.ts'
import type {Operation} from '../../src/operations/operation.ts'
import type {Dialect} from '../../src/operations/operation.ts'
import {compileRecorded} from '../../src/sql/compile.ts'
import {rejectionOf} from '../support/errors.ts'
import {operationRegistry} from '../support/operations.ts'

const offline = {entities: [], discovery: {warnWhenNoEntities: false}, dbName: 'x'}
const platforms = {
  postgresql: new Configuration({...offline, driver: PostgreSqlDriver})
    .getDriver()
    .getPlatform() as AbstractSqlPlatform,
  sqlite: new Configuration({...offline, driver: SqliteDriver}).getDriver().getPlatform() as AbstractSqlPlatform,
}

async function compiled(operation: Operation, dialect: keyof typeof platforms & Dialect): Promise<string[]> {
  const recorded = {operation, site: new Error('here'), outsideTransaction: false}
  return (await compileRecorded(recorded, {dialect, platform: platforms[dialect], registry: operationRegistry})).map(
    ({sql}) => sql,
  )
}

const moment = new Date('2026-11-21T10:00:00.000Z')

describe('sql/compile', () => {
  const cases: {name: string; operation: Operation; postgresql: string[]; sqlite: string[]}[] = [
    {
      name: 'a text as it is',
      operation: execute("select '?', 1 ? 2 -- ?"),
      postgresql: ["select '?', 1 ? 2 -- ?"],
      sqlite: ["select '?', 1 ? 2 -- ?"],
    },
    {
      name: 'a text of several statements one by one',
      operation: execute("select ';'; select 2;"),
      postgresql: ["select ';'", 'select 2'],
      sqlite: ["select ';'", 'select 2'],
    },
    {
      name: 'a text with parameters',
      operation: execute('update t set a = ?, b = ? where c ?? d', ["it's", null, 'e']),
      postgresql: ["update t set a = 'it''s', b = null where c \"e\" d"],
      sqlite: ["update t set a = 'it''s', b = null where c `e` d"],
    },
    {
      name: 'a text for each dialect',
      operation: execute({postgresql: 'a', sqlite: 'b'}),
      postgresql: ['a'],
      sqlite: ['b'],
    },
    {
      name: 'rows with every kind of value',
      operation: bulkInsert('app.t', [
        {a: 1, b: "it's", c: true, d: moment},
        {a: 2n, b: null, e: {x: ["y'"]}, f: ['z'], g: new Uint8Array([1, 255]), h: Number.NaN, i: undefined},
      ]),
      postgresql: [
        `insert into "app"."t" ("a", "b", "c", "d") values (1, 'it''s', true, '2026-11-21T10:00:00.000Z')`,
        `insert into "app"."t" ("a", "b", "e", "f", "g", "h") values ('2', null, '{"x":["y''"]}', '["z"]', E'\\\\x01ff', 'NaN')`,
      ],
      sqlite: [
        `insert into \`app\`.\`t\` (\`a\`, \`b\`, \`c\`, \`d\`) values (1, 'it''s', true, ${moment.getTime()})`,
        `insert into \`app\`.\`t\` (\`a\`, \`b\`, \`e\`, \`f\`, \`g\`, \`h\`) values (2, null, '{"x":["y''"]}', '["z"]', X'01ff', 'NaN')`,
      ],
    },
    {name: 'no rows', operation: bulkInsert('t', []), postgresql: [], sqlite: []},
  ]
  for (const c of cases)
    for (const dialect of ['postgresql', 'sqlite'] as const)
      it(`writes ${c.name} for ${dialect}`, async () => {
        expect(await compiled(c.operation, dialect)).to.deep.equal(c[dialect])
      })

  it('divides many rows', async () => {
    const rows = Array.from({length: 1001}, (_, n) => ({n}))
    expect(await compiled(bulkInsert('t', rows), 'sqlite')).to.have.length(3)
  })

  it('refuses a text that is there for another dialect only', async () => {
    const operation = execute({postgresql: 'a'})
    const error = await rejectionOf('OPERATION_NOT_SUPPORTED', () => compiled(operation, 'sqlite'))
    expect(error.message).to.equal('op.execute cannot run on sqlite: no SQL was given for this dialect.')
  })
})
