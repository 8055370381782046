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
  ['datetime', 'datetime(3)', true],
  ['datetime(3)', 'datetime', false],
  ['datetime(3)', 'datetime(6)', true],
  ['datetime(6)', 'datetime(3)', false],
  ['int unsigned', 'bigint', true],
  ['bigint', 'int unsigned', false],
  ['int unsigned', 'bigint unsigned', true],
  ['bigint unsigned', 'int unsigned', false],
  ['int unsigned', 'int', false],
  ['int', 'int unsigned', false],
  ['int', 'bigint unsigned', false],
  ['int', 'decimal(10,0)', true],
  ['int', 'decimal(10,2)', false],
  ['int', 'double', true],
  ['bigint', 'double', false],
  ['float', 'double', true],
  ['double', 'float', false],
  ['blob', 'longblob', true],
  ['longblob', 'blob', false],
  ['varbinary(10)', 'varbinary(20)', true],
  ['varbinary(20)', 'varbinary(10)', false],
  ['varbinary(20)', 'blob', true],
  ['varchar(80)', 'tinytext', false],
  ['varchar(60)', 'tinytext', true],
  ["set('a')", "set('a','b')", true],
  ["set('a','b')", "set('a')", false],
  ["set('a')", "enum('a')", false],
]

describe('a change of a type', () => {
  for (const [from, to, expected] of cases)
    it(`from ${from} to ${to} ${expected ? 'keeps all values' : 'can lose something'}`, () => {
      expect(isWidening(from, to)).to.equal(expected)
    })
})
