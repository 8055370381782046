import {dialects} from '../dialects/dialects.ts'
import type {Session} from '../runner/connection/session.ts'
import {sqlContext} from '../sql/context.ts'
import {reasonToRefuse} from './apply-operations.ts'
import {insertRows} from './rows/insert-rows.ts'
import {rehearseTouched, touchedTables} from './touched.ts'
import type {RoundTripInput} from './touched.ts'

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

/** Runs the operations one by one, on empty tables or with rows, and returns those that fail. */
export async function refusedOperations(
  input: RoundTripInput,
  withRows: boolean,
): Promise<readonly RefusedOperation[]> {
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
