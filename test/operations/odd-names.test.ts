import {expect} from 'chai'
import {dialectNames} from '../../src/dialects/dialect.ts'
import type {Operations} from '../../src/operations/operations.ts'
import {joinName, splitName} from '../../src/operations/names.ts'
import {sourceOf} from '../../src/operations/record.ts'
import {databaseKinds} from '../support/databases.ts'
import {operationRegistry, recorded, runOperations} from '../support/operations.ts'
import {openScratch} from '../support/scratch.ts'
import type {Scratch} from '../support/scratch.ts'

/** Names that databases allow, and that are something else to JavaScript or SQL. */
const oddNames = [
  ...['constructor', '__proto__', 'toString', 'hasOwnProperty', 'order'],
  ...['say "hi"', '"quoted"', "it's", 'back`tick', 'a.b', 'a b', 'Großes Ü'],
]

describe('odd names', () => {
  for (const name of oddNames)
    it(`are read back as they were written: ${name}`, () => {
      expect(splitName(joinName(undefined, name))).to.deep.equal({schema: undefined, name})
      expect(splitName(joinName(name, name))).to.deep.equal({schema: name, name})
    })

  for (const dialect of dialectNames.filter((one) => databaseKinds.includes(one)))
    describe(`on ${dialect}`, () => {
      let scratch: Scratch
      before(async () => {
        scratch = await openScratch(dialect)
      })
      beforeEach(async () => scratch.clear())
      after(async () => scratch.close())

      for (const name of oddNames)
        it(`work for tables, columns, indexes and constraints: ${name}`, async () => {
          const table = joinName(undefined, name)
          const renamed = joinName(undefined, `${name}2`)
          const steps: readonly ((op: Operations) => void)[] = [
            (op) =>
              op.createTable(
                table,
                (t) => ({id: t.integer().primaryKey(), [name]: t.integer(), ['__proto__']: t.integer()}),
                {unique: [{columns: [name], name: `${name} key`}]},
              ),
            (op) => op.createTable('child', (t) => ({id: t.integer().primaryKey(), [name]: t.integer()})),
            (op) => op.createForeignKey('child', [name], table, ['id'], {name}),
            (op) => op.addColumn(table, `${name} more`, (t) => t.varchar(20)),
            (op) => op.createIndex(table, [`${name} more`], {name: `${name} index`}),
            (op) => op.bulkInsert(table, [{id: 1, [name]: 2}, {id: 2}]),
            (op) => op.renameColumn(table, `${name} more`, `${name} less`),
            (op) =>
              op.dropConstraint('child', name, {
                was: {type: 'foreignKey', columns: [name], references: table, referencedColumns: ['id']},
              }),
            (op) => op.renameTable(table, splitName(renamed).name),
            (op) => op.dropIndex(`${name} index`, {table: renamed}),
            (op) => op.dropColumn(renamed, `${name} less`),
          ]
          await scratch.use(async (session) => {
            for (const step of steps) {
              const operations = recorded(dialect, step)
              for (const operation of operations) {
                const source = sourceOf(operationRegistry.definitionOf(operation), operation as never)
                // oxlint-disable-next-line typescript/no-implied-eval -- the source is what is tested
                const evaluated = new Function('op', source) as (op: Operations) => unknown
                expect(recorded(dialect, evaluated), source).to.deep.equal([operation])
              }
              await runOperations(session, operations)
            }
            const quoted = (text: string): string => {
              const mark = dialect === 'postgresql' ? '"' : '`'
              return mark + text.replaceAll(mark, mark + mark) + mark
            }
            const rows = await session.query<{readonly id: number; readonly n: number | null}>(
              `select id, ${quoted(name)} as n from ${quoted(`${name}2`)} order by id`,
            )
            expect(rows.map(({id, n}) => ({id, n}))).to.deep.equal([
              {id: 1, n: 2},
              {id: 2, n: null},
            ])
          })
        })
    })
})
