import {expect} from 'chai'
import {bulkInsert} from '../../src/operations/bulk-insert.ts'
import {execute} from '../../src/operations/execute.ts'
import {OperationsRecorder} from '../../src/operations/recorder.ts'
import type {OperationsHost, Recorded} from '../../src/operations/operations.ts'
import {errorOf, rejectionOf} from '../support/errors.ts'
import {operationRegistry} from '../support/operations.ts'

const wrong: {name: string; make: () => unknown; message: string}[] = [
  {name: 'no SQL', make: () => execute(undefined as never), message: 'op.execute expects SQL as a string'},
  {name: 'SQL that is a number', make: () => execute(5 as never), message: 'but received 5'},
  {name: 'SQL that is an array', make: () => execute([] as never), message: 'but received an array'},
  {name: 'parameters that are no array', make: () => execute('x', 5 as never), message: 'an array of parameters'},
  {
    name: 'no table',
    make: () => bulkInsert('', []),
    message: "op.bulkInsert expects a table name, but received ''",
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

  describe('recorded', () => {
    const context = {
      dialect: 'postgresql',
      database: 'main',
      x: {who: 'me'},
      offline: false,
      rehearsing: false,
      registry: operationRegistry,
    } as const
    const names = (recorded: readonly Recorded[]): string =>
      recorded
        .map(({operation, outsideTransaction}) => `${outsideTransaction ? 'alone ' : ''}${operation.kind}`)
        .join('+')

    /** A host that writes down what it is asked for. */
    function listener(): {readonly host: OperationsHost; readonly log: string[]} {
      const log: string[] = []
      const host = {
        whileUsed: async (work: () => Promise<unknown>) => work(),
        run: async (recorded: readonly Recorded[]) => void log.push(names(recorded)),
        query: async ({sql}: {readonly sql: string}) => {
          log.push(sql)
          return [{n: 1}]
        },
      } as unknown as OperationsHost
      return {host, log}
    }

    it('before the run, are handed on in order when it is their turn, and not later', async () => {
      const {host, log} = listener()
      const op = new OperationsRecorder(context)
      expect([op.dialect, op.database, op.x, op.offline]).to.deep.equal(['postgresql', 'main', {who: 'me'}, false])
      const begun = await op.start(async (given) => {
        given.execute('a')
        given.bulkInsert('t', [])
        expect(await given.query('q')).to.deep.equal([{n: 1}])
        given.execute('b')
        await given.flush()
        given.execute('c')
      })
      expect([begun, names(op.known), log]).to.deep.equal(['waiting', 'execute+bulkInsert', []])
      await op.proceed(host)
      expect(log).to.deep.equal(['execute+bulkInsert', 'q', 'execute', 'execute'])
      errorOf('LATE_OPERATION', () => op.execute('c'))
      await rejectionOf('LATE_OPERATION', () => op.query('q'))
    })

    it('by a function that awaits nothing, are all known before the run', async () => {
      const op = new OperationsRecorder(context)
      const begun = await op.start((given) => {
        given.execute('a')
        void given.autocommit(() => given.execute('b'))
      })
      expect([begun, names(op.known)]).to.deep.equal(['finished', 'execute+alone execute'])
    })

    it('by a function that does not await its queries, are refused', async () => {
      const op = new OperationsRecorder(context)
      const error = await rejectionOf('PENDING_OPERATION', () => op.start((given) => void given.query('q')))
      expect(error.stack).to.contain('operations.test.ts')
      errorOf('LATE_OPERATION', () => op.execute('c'))
    })

    it('by a function that does not await its queries, reject nothing that nobody handles without a database', async () => {
      const op = new OperationsRecorder({...context, offline: true})
      const rejections: unknown[] = []
      const note = (reason: unknown): void => void rejections.push(reason)
      process.on('unhandledRejection', note)
      const run = op.start((given) => {
        void given.query('q')
        throw new TypeError('rows is not iterable')
      })
      const reason = await run.catch((error: unknown) => error)
      await new Promise((resume) => setImmediate(resume))
      process.off('unhandledRejection', note)
      expect(reason).to.be.instanceOf(TypeError)
      expect(rejections).to.deep.equal([])
    })

    it('by a function that throws, are of no use', async () => {
      const op = new OperationsRecorder(context)
      const reason = await op
        .start(() => {
          throw new TypeError('no idea')
        })
        .catch((error: unknown) => error)
      expect(reason).to.be.instanceOf(TypeError)
    })

    it('refuse to commit by themselves in what does', async () => {
      const op = new OperationsRecorder(context)
      const error = await rejectionOf('INVALID_OPERATION', () =>
        op.start(async (given) => given.autocommit(async () => given.autocommit(() => {}))),
      )
      expect(error.message).to.equal('op.autocommit was called inside op.autocommit.')
    })

    it('without a database, flush nothing and have no results', async () => {
      const op = new OperationsRecorder({...context, offline: true})
      const error = await rejectionOf('OFFLINE_QUERY', () =>
        op.start(async (given) => {
          given.execute('a')
          await given.flush()
          await given.query('q')
        }),
      )
      expect(error.message).to.contain('op.query requires a database connection')
      expect(names(op.known)).to.equal('execute')
    })
  })
})
