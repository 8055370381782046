import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {inverseOf} from '../../src/operations/inverse.ts'
import type {Dialect, Operation} from '../../src/operations/operation.ts'
import type {Operations} from '../../src/operations/operations.ts'
import {sourceOf} from '../../src/operations/record.ts'
import {MigError} from '../../src/errors.ts'
import {catalogueOf} from '../support/catalogue.ts'
import {expectGolden} from '../support/golden.ts'
import {operationRegistry, recorded, runOperations, statementsOf} from '../support/operations.ts'
import {openScratch, scratchDialects} from '../support/scratch.ts'
import type {Scratch} from '../support/scratch.ts'
import {operationCases} from './cases.ts'
import type {OperationCase} from './cases.ts'

const dialects = ['postgresql', 'sqlite', 'mysql', 'mariadb'] as const

describe('operations', () => {
  for (const dialect of dialects)
    it(`are written for ${dialect} as fixtures/sql/${dialect}.sql has them`, async () => {
      const texts: string[] = []
      for (const one of operationCases) texts.push(`-- ${one.name}\n${await written(one, dialect)}`)
      expectGolden(`sql/${dialect}.sql`, `${texts.join('\n\n')}\n`)
    })

  for (const one of operationCases)
    it(`as TypeScript read back to the same records: ${one.name}`, () => {
      for (const dialect of dialects) {
        const operations = recorded(dialect, one.run)
        const inverse = inverseOf(operations, operationRegistry)
        for (const operation of [...operations, ...('operations' in inverse ? inverse.operations : [])]) {
          const source = sourceOf(operationRegistry.definitionOf(operation), operation as never)
          expect(recorded(dialect, evaluated(source)), source).to.deep.equal([operation])
        }
      }
    })

  it('cover every kind', () => {
    const seen: string[] = operationCases.flatMap(({run}) => recorded('postgresql', run).map(({kind}) => kind))
    const inverses = operationCases.flatMap(({run}) => {
      const inverse = inverseOf(recorded('postgresql', run), operationRegistry)
      return 'operations' in inverse ? inverse.operations.map(({kind}) => kind) : []
    })
    const covered = new Set<string>([...seen, ...inverses])
    expect(operationRegistry.kinds.filter((kind) => !covered.has(kind))).to.deep.equal([])
  })

  it('are all in docs/operations.md', () => {
    const page = readFileSync('docs/operations.md', 'utf8')
    expect(operationRegistry.kinds.filter((kind) => !page.includes(`\`${kind}(`))).to.deep.equal([])
  })

  for (const dialect of scratchDialects)
    describe(`on ${dialect}`, () => {
      let scratch: Scratch
      before(async () => {
        scratch = await openScratch(dialect)
      })
      beforeEach(async () => scratch.clear())
      after(async () => scratch.close())

      for (const one of operationCases)
        it(`${one.name}, and back`, async () => {
          const operations = recorded(dialect, one.run)
          if (one.notRunOn?.includes(dialect) || (await isRefused(dialect, operations))) return
          await scratch.use(async (session) => {
            if (one.before) await runOperations(session, recorded(dialect, one.before))
            const start = await catalogueOf(session)
            await runOperations(session, operations)
            const after = await catalogueOf(session)
            const inverse = inverseOf(operations, operationRegistry)
            if (!('operations' in inverse)) return
            if (changesSchema(operations)) expect(after, 'it changes something').not.to.deep.equal(start)
            await runOperations(session, inverse.operations)
            expect(await catalogueOf(session)).to.deep.equal(start)
            await runOperations(session, operations)
            expect(await catalogueOf(session)).to.deep.equal(after)
          })
        })
    })
})

/** Returns the statements of a case, or why there are none. */
async function written(one: OperationCase, dialect: Dialect): Promise<string> {
  const operations = recorded(dialect, one.run)
  const texts: string[] = []
  for (const operation of operations) {
    try {
      const statements = await statementsOf(dialect, [operation])
      texts.push(
        ...statements.map(
          ({sql, transactionality}) => `${sql};${transactionality.kind === 'outside' ? ' -- alone' : ''}`,
        ),
      )
    } catch (error) {
      if (!(error instanceof MigError)) throw error
      texts.push(`-- ${error.message}`)
    }
  }
  return texts.length === 0 ? '-- nothing' : texts.join('\n')
}

/** Whether a dialect has no form for an operation, other than making a table anew. */
async function isRefused(dialect: Dialect, operations: readonly Operation[]): Promise<boolean> {
  for (const operation of operations)
    try {
      await statementsOf(dialect, [operation])
    } catch (error) {
      if (error instanceof MigError && !error.message.includes('made anew')) return true
    }
  return false
}

/** Data, and what SQLite has no place for, leave the schema as it is. */
function changesSchema(operations: readonly Operation[]): boolean {
  return operations.some(({kind}) => !['bulkInsert', 'setTableComment', 'alterColumn', 'dropExtension'].includes(kind))
}

function evaluated(source: string): (op: Operations) => unknown {
  // oxlint-disable-next-line typescript/no-implied-eval -- the source is what is tested
  return new Function('op', source) as (op: Operations) => unknown
}
