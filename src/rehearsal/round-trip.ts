import {readSnapshot} from '../catalogue/snapshot/read.ts'
import {differencesOf} from '../catalogue/snapshot/snapshot.ts'
import type {Snapshot, SnapshotDifference} from '../catalogue/snapshot/snapshot.ts'
import {dialects} from '../dialects/dialects.ts'
import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {CommandFailure} from '../runner/connection/command.ts'
import type {Session} from '../runner/connection/session.ts'
import {wordsIn, wordsOf} from './words.ts'
import {sqlContext} from '../sql/context.ts'
import {without} from '../util/objects.ts'
import {applyOperations} from './apply-operations.ts'
import {reasonOf} from './reason.ts'
import {rehearse} from './rehearse.ts'
import {insertRows} from './rows/insert-rows.ts'

/** A revision to rehearse, and what it is rehearsed with. */
export interface RoundTripInput {
  readonly session: Session
  readonly registry: OperationRegistry
  readonly upgrade: readonly Operation[]
  readonly downgrade: readonly Operation[]
  /** The schemas whose catalogue is compared, if a database has several. */
  readonly schemas: readonly string[]
  /** The timeout for table locks, in milliseconds. */
  readonly tableLock: number
  /** Returns what still differs from the entities while the upgrade is in effect. */
  readonly unsettled: () => Promise<readonly string[]>
}

/** An operation that the database refuses. */
export interface RefusedOperation {
  readonly direction: 'upgrade' | 'downgrade'
  /** The position of the operation. */
  readonly index: number
  /** The words of the server. */
  readonly reason: string
  /** Whether it fails only if the tables have rows. */
  readonly onlyWithRows: boolean
}

/** The outcome of running a revision up, down, and up again. */
export interface RoundTrip {
  readonly refused: readonly RefusedOperation[]
  /** The differences from the entities that remain after the upgrade. */
  readonly unsettled: readonly string[]
  /** The objects that are not as before after the downgrade. */
  readonly notReverted: readonly string[]
}

/**
 * Runs a revision up, down, and up again, without a trace: on the tables as they are, and with generated rows in those
 * that it touches.
 *
 * @throws Error if nothing can be rehearsed: another session has locked a table
 */
export async function roundTrip(input: RoundTripInput): Promise<RoundTrip> {
  const plain = {...input, upgrade: input.upgrade.map(rehearsed), downgrade: input.downgrade.map(rehearsed)}
  const found = await attempt(async () => onTables(plain))
  if ('failure' in found) return explain(plain, found.failure)
  const withRows = await attempt(async () => onRows(plain))
  const refused = 'failure' in withRows ? await refusedOperations(plain, true) : []
  return {...found.result, refused}
}

/** An index cannot be created concurrently within the transaction of a rehearsal. */
function rehearsed(operation: Operation): Operation {
  return 'concurrently' in operation ? (without(operation, 'concurrently') as Operation) : operation
}

async function attempt<Result>(
  work: () => Promise<Result>,
): Promise<{readonly result: Result} | {readonly failure: CommandFailure}> {
  try {
    return {result: await work()}
  } catch (error) {
    if (error instanceof CommandFailure) return {failure: error}
    throw error
  }
}

async function onTables(input: RoundTripInput): Promise<Omit<RoundTrip, 'refused'>> {
  const {session, registry, upgrade, downgrade, unsettled} = input
  return rehearseTouched(input, async () => {
    const before = await read(input)
    await applyOperations(session, upgrade, registry)
    const remaining = await unsettled()
    const upgraded = await read(input)
    await applyOperations(session, downgrade, registry)
    const reverted = await read(input)
    await applyOperations(session, upgrade, registry)
    const again = differencesOf(upgraded, await read(input))
    return {
      unsettled: remaining,
      notReverted: [...new Set([...differencesOf(before, reverted), ...again].map(nameOf))],
    }
  })
}

async function onRows(input: RoundTripInput): Promise<void> {
  const {session, registry, upgrade, downgrade} = input
  await rehearseTouched(input, async () => {
    await insertRows(session, await touchedTables(input))
    await applyOperations(session, upgrade, registry)
    await applyOperations(session, downgrade, registry)
    await applyOperations(session, upgrade, registry)
  })
}

async function rehearseTouched<Result>(input: RoundTripInput, use: () => Promise<Result>): Promise<Result> {
  const operations = [...input.upgrade, ...input.downgrade]
  // A custom operation may touch anything.
  const areKnown = operations.every((operation) => namesIn([operation]).size > 0)
  // The definition of a view names tables, too.
  return rehearse(input.session, input.tableLock, use, areKnown ? [...wordsIn(operations)] : undefined)
}

/** Returns the names of the tables, views and other objects that operations are about. */
export function namesIn(operations: readonly Operation[]): ReadonlySet<string> {
  const fields = ['table', 'name', 'to', 'references', 'sql'] as const
  return new Set(
    operations.flatMap((operation) =>
      fields.flatMap((field) => {
        const value: unknown = Object.hasOwn(operation, field) ? operation[field as never] : undefined
        return typeof value === 'string' ? (field === 'sql' ? [...wordsOf(value)] : [value]) : []
      }),
    ),
  )
}

/** Finds out which operations fail, and whether they also do without rows. */
async function explain(input: RoundTripInput, failure: CommandFailure): Promise<RoundTrip> {
  const nothing = {unsettled: [], notReverted: []}
  const onEmpty = await refusedOperations(input, false)
  if (onEmpty.length > 0) return {...nothing, refused: onEmpty}
  const onRowsOnly = await refusedOperations(input, true)
  if (onRowsOnly.length === 0) throw failure.cause
  return {...nothing, refused: onRowsOnly}
}

/** Runs the operations one by one, on empty tables or with rows, and returns those that fail. */
async function refusedOperations(input: RoundTripInput, withRows: boolean): Promise<readonly RefusedOperation[]> {
  const {session, registry, upgrade, downgrade} = input
  return rehearseTouched(input, async () => {
    const tables = await touchedTables(input)
    if (withRows) await insertRows(session, tables)
    else await removeRows(session, tables)
    const refused: RefusedOperation[] = []
    for (const [direction, operations] of [
      ['upgrade', upgrade],
      ['downgrade', downgrade],
    ] as const) {
      // After half of an upgrade, a downgrade shows nothing.
      if (refused.length > 0) return refused
      for (const [index, operation] of operations.entries()) {
        const reason = await reasonToRefuse(session, operation, registry)
        if (reason !== undefined) refused.push({direction, index, reason, onlyWithRows: withRows})
      }
    }
    return refused
  })
}

async function reasonToRefuse(
  session: Session,
  operation: Operation,
  registry: OperationRegistry,
): Promise<string | undefined> {
  const {ddlCommits} = dialects[session.dialect].capabilities
  const savepoint = async (sql: string): Promise<void> => {
    if (!ddlCommits) await session.sendRegardless([{sql}])
  }
  await savepoint('savepoint mig_operation')
  try {
    await applyOperations(session, [operation], registry)
    await savepoint('release savepoint mig_operation')
    return undefined
  } catch (error) {
    await savepoint('rollback to savepoint mig_operation')
    return reasonOf(error)
  }
}

/** Deletes the rows of tables, within a rehearsal that rolls it back. */
async function removeRows(session: Session, tables: readonly string[]): Promise<void> {
  const {capabilities} = dialects[session.dialect]
  const {quote} = sqlContext(session.dialect, session.platform)
  // A copy of a schema has no rows.
  if (capabilities.ddlCommits || tables.length === 0) return
  const all = tables.map(quote)
  const statements = capabilities.cascade
    ? [`truncate ${all.join(', ')} cascade`]
    : all.map((table) => `delete from ${table}`)
  await session.send(statements.map((sql) => ({sql})))
}

/** Returns the existing tables that the operations of a revision mention. */
async function touchedTables(input: RoundTripInput): Promise<readonly string[]> {
  const operations = [...input.upgrade, ...input.downgrade]
  const named = wordsIn(operations)
  const snapshot = await read(input)
  return [...snapshot.values()].filter(({kind, name}) => kind === 'table' && named.has(name)).map(({name}) => name)
}

async function read({session, schemas}: RoundTripInput): Promise<Snapshot> {
  const context = sqlContext(session.dialect, session.platform)
  return readSnapshot(async (sql) => session.query(sql), context, schemas)
}

function nameOf({before, after}: SnapshotDifference): string {
  const {kind, table, name} = before ?? after ?? {kind: 'table', name: ''}
  return `${kind} ${[table, name].filter(Boolean).join('.')}`
}
