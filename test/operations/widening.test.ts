import {expect} from 'chai'
import {isWidening} from '../../src/operations/columns/widening.ts'

const cases: readonly (readonly [from: string, to: string, isWidening: boolean])[] = [
  ['varchar(50)', 'varchar(80)', true],
  ['varchar(80)', 'varchar(50)', false],
  ['varchar(80)', 'varchar', true],
  ['varchar', 'varchar(80)', false],
  ['varchar(80)', 'text', true],
  ['char(3)', 'varchar(3)', true],
  ['char(3)', 'varchar(2)', false],
  ['text', 'varchar(255)', false],
  ['text', 'longtext', true],
  ['longtext', 'text', false],
  ['smallint', 'integer', true],
  ['int', 'bigint', true],
  ['bigint', 'integer', false],
  ['numeric(10,2)', 'numeric(12,2)', true],
  ['numeric(10,2)', 'numeric(12,4)', true],
  ['numeric(10,2)', 'numeric(11,4)', false],
  ['numeric(10, 2)', 'numeric', true],
  ['timestamp(3)', 'timestamp(6)', true],
  ['timestamp(6)', 'timestamp(0)', false],
  ['integer', 'text', false],
  ['mood', 'text', false],
  ["enum('a')", "enum('a', 'b')", true],
  ["enum('a','b')", "enum('b')", false],
  ['date', 'timestamptz', true],
  ['timestamptz', 'date', false],
  ['varchar(10)[]', 'text[]', true],
  ['text[]', 'varchar(10)[]', false],
  ['varchar(10)[]', 'varchar(20)[]', true],
  ['varchar(20)[]', 'varchar(10)[]', false],
  ['smallint[]', 'bigint[]', true],
  ['bigint[]', 'integer[]', false],
  ['numeric(10, 2)[]', 'numeric[]', true],
  ['text[]', 'text[][]', true],
  ['text[]', 'text', false],
  ['text', 'text[]', false],
]

describe('a change of a type', () => {
  for (const [from, to, expected] of cases)
    it(`from ${from} to ${to} ${expected ? 'keeps all values' : 'can lose something'}`, () => {
      expect(isWidening(from, to)).to.equal(expected)
    })
})
