import {dialects} from '../dialects/dialects.ts'
import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import {applyOperations, reasonToRefuse} from '../rehearsal/apply-operations.ts'
import {withEmptyDatabase} from '../rehearsal/empty-database.ts'
import type {EmptyDatabaseOptions} from '../rehearsal/empty-database.ts'
import {rehearseInTransaction} from '../rehearsal/transaction.ts'
import {openSession} from '../runner/connection/open-session.ts'
import type {Session} from '../runner/connection/session.ts'
import {sqlContext} from '../sql/context.ts'
import {readSource} from './source.ts'
import type {DatabaseSource, IsOwn} from './source.ts'

/** A place where operations are tried out: empty databases like that of a session. */
export interface Laboratory extends EmptyDatabaseOptions {
  readonly session: Session
  readonly registry: OperationRegistry
  readonly isOwn: IsOwn
  /** The empty database on which everything is rolled back; undefined where DDL commits. */
  readonly scratch?: Session
}

/** Calls `use` with a session on an empty database, and drops the database. */
export async function onEmptyDatabase<Result>(
  {session, ...options}: Pick<Laboratory, 'session' | keyof EmptyDatabaseOptions>,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  return withEmptyDatabase(session, options, async (connection) => {
    const opened = await openSession(connection, undefined)
    try {
      return await use(opened.session)
    } finally {
      await opened.close()
    }
  })
}

/** An operation that the database refuses, with its words. */
export interface Refusal {
  readonly operation: Operation
  readonly reason: string
}

/** The outcome of operations on an empty database. */
export interface Trial {
  /** The operations that succeeded, in an order in which they do. */
  readonly done: readonly Operation[]
  readonly refused: readonly Refusal[]
  readonly result: DatabaseSource
}

/** Runs operations on an empty database; one that fails is tried again after the others, which it may need. */
export async function tryOut(operations: readonly Operation[], laboratory: Laboratory): Promise<Trial> {
  return inLaboratory(laboratory, async (session) => {
    const done: Operation[] = []
    let refused: readonly Refusal[] = []
    let waiting = operations
    while (waiting.length > 0) {
      const failed: Refusal[] = []
      for (const operation of waiting) {
        await laboratory.session.stopIfAborted()
        const reason = await reasonToRefuse(session, operation, laboratory.registry)
        if (reason === undefined) done.push(operation)
        else failed.push({operation, reason})
      }
      refused = failed
      if (failed.length === waiting.length) break
      waiting = failed.map(({operation}) => operation)
    }
    return {done, refused, result: await read(session, laboratory)}
  })
}

/** Returns the database that operations create, in the order given. */
export async function createdBy(operations: readonly Operation[], laboratory: Laboratory): Promise<DatabaseSource> {
  return inLaboratory(laboratory, async (session) => {
    await applyOperations(session, operations, laboratory.registry)
    return read(session, laboratory)
  })
}

/** Reads the database of a session. */
export async function read(session: Session, {isOwn}: Pick<Laboratory, 'isOwn'>): Promise<DatabaseSource> {
  const context = sqlContext(session.dialect, session.platform)
  return readSource(async (sql) => session.query(sql), context, isOwn)
}

/** Calls `use` with a laboratory that has an empty database for everything that can be rolled back. */
export async function withLaboratory<Result>(
  laboratory: Laboratory,
  use: (laboratory: Laboratory) => Promise<Result>,
): Promise<Result> {
  return dialects[laboratory.session.dialect].capabilities.ddlCommits
    ? use(laboratory)
    : onEmptyDatabase(laboratory, async (scratch) => use({...laboratory, scratch}))
}

async function inLaboratory<Result>(
  laboratory: Laboratory,
  use: (session: Session) => Promise<Result>,
): Promise<Result> {
  const {scratch, timeout} = laboratory
  return scratch === undefined
    ? onEmptyDatabase(laboratory, use)
    : rehearseInTransaction(scratch, timeout, async () => use(scratch))
}
