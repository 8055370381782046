import {readSnapshot} from '../catalogue/snapshot/read.ts'
import type {Snapshot} from '../catalogue/snapshot/snapshot.ts'
import type {Operation} from '../operations/operation.ts'
import type {OperationRegistry} from '../operations/registry.ts'
import type {Session} from '../runner/connection/session.ts'
import {sqlContext} from '../sql/context.ts'
import {rehearse} from './rehearse.ts'
import {wordsIn, wordsOf} from './words.ts'

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

/** Calls `use` as `rehearse` does, where what a revision touches can be changed. */
export async function rehearseTouched<Result>(input: RoundTripInput, use: () => Promise<Result>): Promise<Result> {
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

/** Returns the existing tables that the operations of a revision mention. */
export async function touchedTables(input: RoundTripInput): Promise<readonly string[]> {
  const operations = [...input.upgrade, ...input.downgrade]
  const named = wordsIn(operations)
  const snapshot = await readSchema(input)
  return [...snapshot.values()].filter(({kind, name}) => kind === 'table' && named.has(name)).map(({name}) => name)
}

/** Reads the schema in which a revision is rehearsed. */
export async function readSchema({session, schemas}: RoundTripInput): Promise<Snapshot> {
  const context = sqlContext(session.dialect, session.platform)
  return readSnapshot(async (sql) => session.query(sql), context, schemas)
}
