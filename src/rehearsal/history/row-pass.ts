import {dialects} from '../../dialects/dialects.ts'
import type {RevisionId} from '../../graph/revision.ts'
import {splitName} from '../../operations/names.ts'
import type {Session} from '../../runner/connection/session.ts'
import {sqlContext} from '../../sql/context.ts'
import {insertRows} from '../rows/insert-rows.ts'
import type {RowsReport} from '../rows/insert-rows.ts'
import {wordsOf} from '../words.ts'
import {failsWithRows, rowsChanged} from './findings.ts'
import type {RehearsalFinding} from './findings.ts'
import type {Position} from './position.ts'
import {attempt} from './schema-pass.ts'
import type {SchemaPass, Steps} from './schema-pass.ts'

/** A table that got no rows, and why. */
export interface TableWithoutRows {
  readonly table: string
  readonly reason: string
}

/** The outcome of a revision on tables with rows. */
export interface RowPass {
  readonly findings: readonly RehearsalFinding[]
  readonly withoutRows: readonly TableWithoutRows[]
}

/**
 * Runs a revision in the same directions as on empty tables, with generated rows in the tables that it touches.
 *
 * @param losses descriptions of the data that the revision is known to lose
 */
export async function passRows(
  position: Position,
  revision: RevisionId,
  {steps, touched, columns}: Pick<SchemaPass, 'steps' | 'touched' | 'columns'>,
  losses: readonly string[],
): Promise<RowPass> {
  const session = await position.session()
  const {skipped} = await generate(session, touched)
  const withoutRows = [...skipped].map(([table, reason]) => ({table, reason}))
  const lost = new Set(losses.flatMap((text) => [...wordsOf(text)]))
  const kept = touched.filter((table) => columns.has(table) && !lost.has(splitName(table).name))
  const before = await contentsOf(session, kept, columns)
  const failure = await failureOf(position, revision, directions[steps].slice(0, 2))
  if (failure !== undefined) {
    await position.close()
    return {findings: [failsWithRows(failure, revision)], withoutRows}
  }
  if (directions[steps].length === 1) return {findings: [], withoutRows}
  const after = await contentsOf(session, kept, columns)
  const changed = kept.flatMap((table) => {
    const [one = [], other = []] = [before.get(table), after.get(table)]
    return one.join('\n') === other.join('\n') ? [] : [rowsChanged(revision, table, one.length, other.length)]
  })
  const again = await failureOf(position, revision, directions[steps].slice(2))
  if (again !== undefined) await position.close()
  return {findings: [...changed, ...(again === undefined ? [] : [failsWithRows(again, revision)])], withoutRows}
}

const directions = {
  none: ['upgrade'],
  up: ['upgrade'],
  'up down': ['upgrade', 'downgrade'],
  'up down up': ['upgrade', 'downgrade', 'upgrade'],
} as const satisfies Record<Steps, readonly ('upgrade' | 'downgrade')[]>

async function failureOf(
  position: Position,
  revision: RevisionId,
  wanted: readonly ('upgrade' | 'downgrade')[],
): Promise<Parameters<typeof failsWithRows>[0] | undefined> {
  for (const direction of wanted) {
    const result = await attempt(async () => position.run(revision, direction))
    if ('error' in result) return result.error
  }
  return undefined
}

/** Histories insert rows with small fixed keys. */
const room = 10_000

async function generate(session: Session, tables: readonly string[]): Promise<RowsReport> {
  await session.send([{sql: dialects[session.dialect].transaction.begin}])
  try {
    return await insertRows(session, tables, {room})
  } finally {
    await session.send([{sql: 'commit'}])
  }
}

/** Returns the rows of tables as sorted texts, with the columns that exist before and after the upgrade. */
async function contentsOf(
  session: Session,
  tables: readonly string[],
  columns: SchemaPass['columns'],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const {quote} = sqlContext(session.dialect, session.platform)
  const contents = new Map<string, readonly string[]>()
  for (const table of tables) {
    const rows = await session.query<Readonly<Record<string, unknown>>>(`select * from ${quote(table)}`)
    const known = columns.get(table) ?? new Set()
    const texts = rows.map((row) =>
      JSON.stringify(
        Object.entries(row)
          .filter(([name]) => known.has(name))
          .toSorted(([one], [other]) => (one < other ? -1 : 1)),
        (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value),
      ),
    )
    contents.set(table, texts.toSorted())
  }
  return contents
}
