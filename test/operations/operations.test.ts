import {expect} from 'chai'
import {bulkInsert} from '../../src/operations/bulk-insert.ts'
import {execute} from '../../src/operations/execute.ts'
import {OperationsRecorder} from '../../src/operations/operations.ts'
import type {OperationsHost, Recorded} from '../../src/operations/operations.ts'
import {errorOf, rejectionOf} from '../support/errors.ts'

const wrong: {name: string; make: () => unknown; message: string}[] = [
  {name: 'no SQL', make: () => execute(undefined as never), message: 'op.execute takes SQL as a string'},
  {name: 'SQL that is a number', make: () => execute(5 as never), message: 'but received 5'},
  {name: 'SQL that is an array', make: () => execute([] as never), message: 'but received an array'},
  {name: 'parameters that are no array', make: () => execute('x', 5 as never), message: 'its parameters as an array'},
  {
    name: 'no table',
    make: () => bulkInsert('', []),
    message: "op.bulkInsert takes the name of a table, but received ''",
  },
  {name: 'rows that are no array', make: () => bulkInsert('t', {} as never), message: 'an array of objects'},
  {name: 'rows that are no objects', make: () => bulkInsert('t', [1] as never), message: 'an array of objects'},
]

describe('operations', () => {
  it('are frozen data', () => {
    const made = [execute('select 1', [1]), bulkInsert('t', [{a: 1}])]
    expect(made).to.deep.equal([
      {kind: 'execute', sql: 'select 1', parameters: [1]},
      {kind: 'bulkInsert', table: 't', rows: [{a: 1}]},
    ])
    expect(made.every((operation) => Object.isFrozen(operation))).to.equal(true)
  })

  for (const c of wrong)
    it(`refuse ${c.name}`, () => {
      expect(errorOf('INVALID_OPERATION', c.make).message).to.contain(c.message)
    })

  it('are handed on in order, when a result is awaited and at the end, and not later', async () => {
    const log: string[] = []
    const host = {
      dialect: 'postgresql',
      database: 'main',
      x: {who: 'me'},
      run: async (recorded: readonly Recorded[]) =>
        void log.push(recorded.map(({operation}) => operation.kind).join('+')),
      query: async (sql: string) => {
        log.push(sql)
        return [{n: 1}]
      },
    } as unknown as OperationsHost
    const op = new OperationsRecorder(host)
    expect([op.dialect, op.database, op.x]).to.deep.equal(['postgresql', 'main', {who: 'me'}])
    op.execute('a')
    op.bulkInsert('t', [])
    expect(await op.query('q')).to.deep.equal([{n: 1}])
    op.execute('b')
    await op.finish()
    expect(log).to.deep.equal(['execute+bulkInsert', 'q', 'execute'])
    errorOf('OPERATION_TOO_LATE', () => op.execute('c'))
    await rejectionOf('OPERATION_TOO_LATE', () => op.query('q'))
  })
})
