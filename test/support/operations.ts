import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import type {Dialect, Operation} from '../../src/operations/operation.ts'
import {OperationsRecorder} from '../../src/operations/recorder.ts'
import type {Operations, Recorded} from '../../src/operations/operations.ts'
import {createRegistry} from '../../src/operations/registry.ts'
import type {Session} from '../../src/runner/connection/session.ts'
import {batchesOf, compileBatch, mayRebuild} from '../../src/sql/compile.ts'
import type {Statement} from '../../src/sql/statement.ts'
import {platforms} from './platforms.ts'
import {runText} from './run-text.ts'

/** The operations of a project that has none of its own. */
export const operationRegistry = createRegistry()

/** Returns what a function of a revision records, without a database. */
export function recorded(
  dialect: Dialect,
  run: (op: Operations) => unknown,
  registry = operationRegistry,
): readonly Operation[] {
  const op = new OperationsRecorder({dialect, database: undefined, x: {}, offline: true, rehearsing: false, registry})
  run(op)
  return op.known.map(({operation}) => operation)
}

/** Returns the statements of operations that need no database. */
export async function statementsOf(
  dialect: Dialect,
  operations: readonly Operation[],
  platform: AbstractSqlPlatform = platforms[dialect],
  registry = operationRegistry,
): Promise<readonly Statement[]> {
  const compilation = {dialect, platform, registry}
  const batches = batchesOf(withSites(operations), compilation)
  return (await Promise.all(batches.map(async (batch) => compileBatch(batch, compilation)))).flat()
}

/** Runs operations as a runner does: in a transaction, except for what cannot be in one. */
export async function runOperations(session: Session, operations: readonly Operation[]): Promise<readonly string[]> {
  const {dialect, platform} = session
  const compilation = {dialect, platform, registry: operationRegistry}
  const all = withSites(operations)
  const sent: string[] = []
  const catalogue = async (sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> => session.query(sql)
  const isOff = await mayRebuild(all, compilation)
  if (isOff) await runText(session, 'pragma foreign_keys = off')
  let isOpen = false
  const open = async (shouldBe: boolean): Promise<void> => {
    if (isOpen !== shouldBe) await runText(session, shouldBe ? 'begin' : 'commit')
    isOpen = shouldBe
  }
  try {
    for (const batch of batchesOf(all, compilation)) {
      await open(true)
      for (const {sql, transactionality} of await compileBatch(batch, compilation, catalogue)) {
        sent.push(sql)
        await open(transactionality.kind === 'inside')
        await runText(session, sql)
      }
    }
    await open(false)
  } catch (error) {
    await runText(session, 'rollback').catch(() => {})
    throw error
  } finally {
    if (isOff) await runText(session, 'pragma foreign_keys = on')
  }
  return sent
}

/** Returns operations as a revision records them. */
export function withSites(operations: readonly Operation[]): readonly Recorded[] {
  return operations.map((operation) => ({operation, site: new Error('here'), outsideTransaction: false}))
}
