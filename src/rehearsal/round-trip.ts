import {differencesOf} from '../catalogue/snapshot/snapshot.ts'
import type {SnapshotDifference} from '../catalogue/snapshot/snapshot.ts'
import {dialects} from '../dialects/dialects.ts'
import type {Operation} from '../operations/operation.ts'
import {CommandFailure} from '../runner/connection/command.ts'
import {without} from '../util/objects.ts'
import {applyOperations} from './apply-operations.ts'
import {breakingOperations} from './dependents/breaking-operations.ts'
import type {BreakingOperation} from './dependents/breaking-operations.ts'
import {brokenBetween, readUsage} from './dependents/broken-objects.ts'
import {storedPrograms} from './dependents/stored-programs.ts'
import type {Programs} from './dependents/stored-programs.ts'
import {refusedOperations} from './refused-operations.ts'
import type {RefusedOperation} from './refused-operations.ts'
import {insertRows} from './rows/insert-rows.ts'
import {readSchema, rehearseTouched, touchedTables} from './touched.ts'
import type {RoundTripInput} from './touched.ts'

/** The outcome of running a revision up, down, and up again. */
export interface RoundTrip {
  readonly refused: readonly RefusedOperation[]
  /** The operations of the upgrade that break what uses a table, although the database accepts them. */
  readonly breaking: readonly BreakingOperation[]
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
  const programs = await storedPrograms(input.session)
  const found = await attempt(async () => onTables(plain, programs))
  if ('failure' in found) return explain(plain, programs, found.failure)
  const {unsettled, notReverted, breaksObjects} = found.result
  const breaking = breaksObjects ? await breakingOperations(plain, programs) : []
  const withRows = await attempt(async () => onRows(plain))
  const refused = 'failure' in withRows ? await refusedOperations(plain, true) : []
  return {refused, breaking, unsettled, notReverted}
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

interface Found extends Pick<RoundTrip, 'unsettled' | 'notReverted'> {
  readonly breaksObjects: boolean
}

async function onTables(input: RoundTripInput, programs: Programs): Promise<Found> {
  const {session, registry, upgrade, downgrade, unsettled} = input
  return rehearseTouched(input, async () => {
    const before = await readUsage(session, await readSchema(input))
    await applyOperations(session, upgrade, registry)
    const remaining = await unsettled()
    const upgraded = await readUsage(session, await readSchema(input))
    await applyOperations(session, downgrade, registry)
    const reverted = await readSchema(input)
    await applyOperations(session, upgrade, registry)
    const again = differencesOf(upgraded.snapshot, await readSchema(input))
    return {
      unsettled: remaining,
      notReverted: [...new Set([...differencesOf(before.snapshot, reverted), ...again].map(nameOf))],
      breaksObjects: brokenBetween(before, upgraded, programs).length > 0,
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

/** Finds out which operations fail, and whether they also do without rows. */
async function explain(input: RoundTripInput, programs: Programs, failure: CommandFailure): Promise<RoundTrip> {
  const {guardsViews} = dialects[input.session.dialect].capabilities
  const breaking = guardsViews ? [] : await breakingOperations(input, programs)
  const nothing = {breaking, unsettled: [], notReverted: []}
  const onEmpty = await refusedOperations(input, false)
  if (onEmpty.length > 0) return {...nothing, refused: onEmpty}
  const onRowsOnly = await refusedOperations(input, true)
  if (onRowsOnly.length === 0) throw failure.cause
  return {...nothing, refused: onRowsOnly}
}

function nameOf({before, after}: SnapshotDifference): string {
  const {kind, table, name} = before ?? after ?? {kind: 'table', name: ''}
  return `${kind} ${[table, name].filter(Boolean).join('.')}`
}
