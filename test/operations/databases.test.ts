import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {inverseOf} from '../../src/operations/inverse.ts'
import type {Dialect, Operation} from '../../src/operations/operation.ts'
import type {Operations} from '../../src/operations/operations.ts'
import {sourceOf} from '../../src/operations/record.ts'
import type {Session} from '../../src/runner/connection/session.ts'
import {batchesOf, compileBatch} from '../../src/sql/compile.ts'
import type {Compilation} from '../../src/sql/compile.ts'
import {MigError} from '../../src/errors.ts'
import {catalogueOf} from '../support/catalogue.ts'
import {databaseKinds} from '../support/databases.ts'
import {operationRegistry, recorded, runOperations, withSites} from '../support/operations.ts'
import {platforms} from '../support/platforms.ts'
import {openScratch} from '../support/scratch.ts'
import type {Scratch} from '../support/scratch.ts'
import {operationCases} from './cases.ts'
import {NOT_SUPPORTED, alone} from './cases/case.ts'
import type {Expected, OperationCase, Written} from './cases/case.ts'

const dialects = Object.keys({postgresql: 0, sqlite: 0, mysql: 0, mariadb: 0} satisfies Record<Dialect, 0>) as Dialect[]

describe('operations', () => {
  for (const dialect of dialects)
    describe(`for ${dialect} are compiled without a database:`, () => {
      for (const {name, run, sql} of operationCases)
        it(name, async () => {
          const compilation = {dialect, platform: platforms[dialect], registry: operationRegistry}
          const batches = batchesOf(withSites(recorded(dialect, run)), compilation)
          const found = await Promise.all(batches.map(async (batch) => compiled(batch, compilation)))
          expect(found.flat()).to.deep.equal(withoutDatabase(sql[dialect], batches.length))
        })
    })

  for (const {name, run} of operationCases)
    it(`as TypeScript read back to the same records: ${name}`, () => {
      for (const dialect of dialects) {
        const operations = recorded(dialect, run)
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

  for (const dialect of dialects.filter((one) => databaseKinds.includes(one)))
    describe(`on ${dialect}`, () => testOn(dialect))
})

/** Runs every case that the dialect supports. */
function testOn(dialect: Dialect): void {
  let scratch: Scratch
  before(async () => {
    scratch = await openScratch(dialect)
  })
  beforeEach(async () => scratch.clear())
  after(async () => scratch.close())

  for (const operationCase of operationCases) {
    const {name, run, sql, extension} = operationCase
    const expected = sql[dialect]
    const operations = recorded(dialect, run)
    const start = async (session: Session): Promise<readonly string[]> => {
      if (operationCase.before) await runOperations(session, recorded(dialect, operationCase.before))
      return catalogueOf(session)
    }
    if (isRefusal(expected)) continue
    if ('code' in expected)
      it(`${name}: the server refuses`, async () =>
        scratch.use(async (session) => {
          const before = await start(session)
          const error: unknown = await runOperations(session, operations).then(
            () => 'it was run',
            (cause: unknown) => cause,
          )
          expect(error).to.have.property('code', expected.code)
          expect(await catalogueOf(session)).to.deep.equal(before)
        }))
    else
      it(`${name}, and back`, async function () {
        await scratch.use(async (session) => {
          if (extension !== undefined && !(await isAvailable(extension, session))) this.skip()
          const before = await start(session)
          const sent = await runOperations(session, operations)
          expect(withShortRebuilds(sent)).to.deep.equal(withDatabase(expected))
          await checkInverse(session, operationCase, operations, {before, isChanged: expected.length > 0})
        })
      })
  }
}

/** Reverts operations that were run, and runs them again. */
async function checkInverse(
  session: Session,
  {inserts, isIrreversible}: OperationCase,
  operations: readonly Operation[],
  {before, isChanged}: {readonly before: readonly string[]; readonly isChanged: boolean},
): Promise<void> {
  const after = await catalogueOf(session)
  const inverse = inverseOf(operations, operationRegistry)
  if (inserts !== undefined) {
    expect(await session.query(inserts.query)).to.deep.equal(inserts.rows)
    expect(after).to.deep.equal(before)
    expect(inverse).to.have.property('irreversible')
    return
  }
  if (isIrreversible) {
    expect(inverse).to.have.property('irreversible')
    return
  }
  if (!('operations' in inverse)) throw new Error(`It has no inverse: ${inverse.irreversible}`)
  if (isChanged) expect(after, 'it changes something').not.to.deep.equal(before)
  else expect(after).to.deep.equal(before)
  await runOperations(session, inverse.operations)
  expect(await catalogueOf(session)).to.deep.equal(before)
  await runOperations(session, operations)
  expect(await catalogueOf(session)).to.deep.equal(after)
}

async function compiled(batch: ReturnType<typeof withSites>, compilation: Compilation): Promise<readonly Written[]> {
  try {
    const statements = await compileBatch(batch, compilation)
    return statements.map(({sql, transactionality}) => (transactionality.kind === 'outside' ? alone(sql) : sql))
  } catch (error) {
    if (error instanceof MigError && error.code === NOT_SUPPORTED) return [NOT_SUPPORTED]
    throw error
  }
}

/** A rebuild cannot be compiled without the database. */
function withoutDatabase(expected: Expected, operations: number): readonly Written[] {
  if (expected === NOT_SUPPORTED) return Array.from({length: operations}, () => NOT_SUPPORTED)
  const statements = 'code' in expected ? expected.statements : expected
  return statements.map((one) => (typeof one === 'object' && 'rebuilt' in one ? NOT_SUPPORTED : one))
}

function withDatabase(expected: readonly Written[]): readonly string[] {
  return expected.flatMap((one) => {
    if (typeof one === 'string') return [one]
    return 'alone' in one ? [one.alone] : one.rebuilt
  })
}

/** Leaves of each rebuild only the table that it creates. */
function withShortRebuilds(sent: readonly string[]): readonly string[] {
  const found: string[] = []
  let isRebuild = false
  for (const sql of sent) {
    if (sql.startsWith('create temp table mig_rebuild')) isRebuild = true
    if (!isRebuild || sql.startsWith('create table')) found.push(sql)
    if (sql === 'drop table temp.mig_rebuild') isRebuild = false
  }
  return found
}

/** Whether a case is refused, in whole or in part: it is not run. */
function isRefusal(expected: Expected): expected is typeof NOT_SUPPORTED {
  return expected === NOT_SUPPORTED || (!('code' in expected) && expected.includes(NOT_SUPPORTED))
}

async function isAvailable(extension: string, session: Session): Promise<boolean> {
  const rows = await session.query(`select 1 from pg_available_extensions where name = '${extension}'`)
  return rows.length > 0
}

function evaluated(source: string): (op: Operations) => unknown {
  // oxlint-disable-next-line typescript/no-implied-eval -- the source is what is tested
  return new Function('op', source) as (op: Operations) => unknown
}
