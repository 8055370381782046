import type {RevisionId} from '../../graph/revision.ts'
import {splitName} from '../../operations/names.ts'
import {wordsOf} from '../words.ts'
import {failsWithRows, rowsChanged} from './findings.ts'
import type {RehearsalFinding} from './findings.ts'
import type {Position} from './position.ts'
import {contentsOf, generateRows} from './row-contents.ts'
import type {Row} from './row-contents.ts'
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
  const {skipped} = await generateRows(session, touched)
  const withoutRows = [...skipped].map(([table, reason]) => ({table, reason}))
  const lost = new Set(losses.flatMap((text) => [...wordsOf(text)]))
  const kept = touched.filter((table) => columns.has(table) && !lost.has(splitName(table).name))
  const before = await textsOf(session, kept, columns)
  const failure = await failureOf(position, revision, directions[steps].slice(0, 2))
  if (failure !== undefined) {
    await position.close()
    return {findings: [failsWithRows(failure, revision)], withoutRows}
  }
  if (directions[steps].length === 1) return {findings: [], withoutRows}
  const after = await textsOf(session, kept, columns)
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

/** Returns the rows of tables as sorted texts, with the columns that exist before and after the upgrade. */
async function textsOf(
  session: Parameters<typeof contentsOf>[0],
  tables: readonly string[],
  columns: SchemaPass['columns'],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const contents = await contentsOf(session, tables)
  return new Map(
    [...contents].map(([table, rows]) => {
      const known = columns.get(table) ?? new Set()
      return [table, rows.map((row) => textOf(row, known)).toSorted()] as const
    }),
  )
}

function textOf(row: Row, known: ReadonlySet<string>): string {
  return JSON.stringify(row.filter(([name]) => known.has(name)))
}
