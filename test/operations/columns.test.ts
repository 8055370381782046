import {expect} from 'chai'
import * as fc from 'fast-check'
import {columnField} from '../../src/operations/columns/column.ts'
import {columnTypes, typeNames} from '../../src/operations/columns/column-builder.ts'
import type {ColumnBuilder} from '../../src/operations/columns/column-builder.ts'
import {columnSource} from '../../src/operations/columns/column-source.ts'
import {typeFor} from '../../src/sql/types.ts'

const text = fc.oneof(fc.string(), fc.string({unit: 'binary'}), fc.constantFrom("it's", '`${x}`', 'a\nb', '"', '\\'))
const filled = text.map((one) => `x${one}`)

/** Anything that a chain of calls can make of a column. */
const calls = fc.array(
  fc.oneof(
    fc.constantFrom<(t: ColumnBuilder) => ColumnBuilder>(
      (t) => t.notNull(),
      (t) => t.nullable(),
      (t) => t.primaryKey(),
      (t) => t.unique(),
      (t) => t.autoincrement(),
      (t) => t.unsigned(),
      (t) => t.array(),
      (t) => t.identity('by default', {start: 5}),
      (t) => t.default({a: [1]}),
      (t) => t.default(new Date(0)),
      (t) => t.default(-1.5),
    ),
    text.map((value) => (t: ColumnBuilder) => t.default(value)),
    text.map((value) => (t: ColumnBuilder) => t.comment(value)),
    filled.map((sql) => (t: ColumnBuilder) => t.defaultSql(sql)),
    filled.map((sql) => (t: ColumnBuilder) => t.generatedAs(sql, {stored: sql.length % 2 === 0})),
    filled.map((name) => (t: ColumnBuilder) => t.collate(name)),
    filled.map((sql) => (t: ColumnBuilder) => t.onUpdate(sql)),
  ),
  {maxLength: 5},
)

const start = fc.oneof(
  fc
    .tuple(fc.constantFrom(...typeNames), fc.array(fc.nat(99), {maxLength: 2}))
    .map(([name, sizes]) => columnTypes[name](...sizes)),
  filled.map((type) => columnTypes.raw(type)),
  fc.constantFrom(columnTypes.type('app.Mood'), columnTypes.enum(['a', "b's"]), columnTypes.set(['x'])),
)

describe('columns', () => {
  it('written as TypeScript are read back as they were', () => {
    fc.assert(
      fc.property(start, calls, (first, chain) => {
        const definition = columnField.read(chain.reduce((builder, call) => call(builder), first))
        // oxlint-disable-next-line typescript/no-implied-eval -- the source is what is tested
        const read: unknown = new Function('t', `return ${columnSource(definition)}`)(columnTypes)
        expect(columnField.read(read)).to.deep.equal(definition)
      }),
    )
  })

  const types: readonly (readonly [type: string, dialect: Parameters<typeof typeFor>[1], written: string])[] = [
    ['varchar(255)', 'postgresql', 'varchar(255)'],
    ['datetime(3)', 'postgresql', 'timestamp(3)'],
    ['varbinary(20)', 'postgresql', 'bytea'],
    ['double precision', 'postgresql', 'double precision'],
    ['timestamptz(3)', 'mysql', 'timestamp(3)'],
    ['uuid', 'mysql', 'char(36)'],
    ['uuid', 'mariadb', 'uuid'],
    ['jsonb', 'mariadb', 'json'],
    ['jsonb', 'sqlite', 'jsonb'],
  ]
  for (const [type, dialect, written] of types)
    it(`of the type ${type} are ${written} on ${dialect}`, () => {
      expect(typeFor(type, dialect)).to.equal(written)
    })
})
