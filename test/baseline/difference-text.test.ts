import {expect} from 'chai'
import {differenceText} from '../../src/baseline/difference-text.ts'
import type {CatalogueObject} from '../../src/catalogue/snapshot/snapshot.ts'
import {changedProperties} from '../../src/catalogue/snapshot/snapshot.ts'

const column = (definition: CatalogueObject['definition']): CatalogueObject => ({
  kind: 'column',
  table: 'people',
  name: 'name',
  definition,
})
const view = (sql: string): CatalogueObject => ({kind: 'view', name: 'app.v', definition: {sql}})

describe('the text of a difference between a database and its baseline', () => {
  const cases: Readonly<Record<string, readonly [CatalogueObject | undefined, CatalogueObject | undefined, string]>> = {
    'an object of the database': [view('select 1'), undefined, 'view app.v is only in the database'],
    'an object of the baseline': [undefined, column({}), 'column people.name is not in the database'],
    'a value': [
      column({type: 'text', default: null}),
      column({type: 'varchar(9)', default: "'x'"}),
      "column people.name differs in type (text in the database, varchar(9) in the baseline) and default (none in the database, 'x' in the baseline)",
    ],
    'a long text': [
      view(`select\n  ${'a, '.repeat(60)}b`),
      view('select 1'),
      `view app.v differs in sql (${`select ${'a, '.repeat(60)}`.slice(0, 80)}… in the database, select 1 in the baseline)`,
    ],
  }
  for (const [name, [before, after, expected]] of Object.entries(cases))
    it(`is of ${name}`, () => {
      const properties = before === undefined || after === undefined ? [] : changedProperties(before, after)
      expect(differenceText({key: '', before, after, properties})).to.equal(expected)
    })
})
