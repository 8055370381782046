import {differencesOf} from '../../catalogue/snapshot/snapshot.ts'
import type {Snapshot} from '../../catalogue/snapshot/snapshot.ts'
import {splitName} from '../../operations/names.ts'
import {wordsOf} from '../words.ts'
import {differenceOf, failed, notDeterministic, notRepeated, notUndone} from './findings.ts'
import type {ObjectDifference, RehearsalFinding} from './findings.ts'
import type {Position} from './position.ts'
import {errorOfRevision} from './walk.ts'

/** The steps that a revision was rehearsed in: `none` has no statements, and `up` cannot be reverted. */
export type Steps = 'none' | 'up' | 'up down' | 'up down up'

/** A revision with its file. */
interface RehearsedRevision {
  readonly id: string
  readonly file: string
}

/** The outcome of a revision on tables as the history leaves them. */
export interface SchemaPass {
  readonly steps: Steps
  readonly findings: readonly RehearsalFinding[]
  /** Whether the upgrade succeeded. */
  readonly isApplied: boolean
  /** The tables that existed before and that the revision mentions or changes. */
  readonly touched: readonly string[]
  /** The columns of tables after the upgrade. */
  readonly columns: ReadonlyMap<string, ReadonlySet<string>>
}

/** Runs a revision up, down, and up again, and compares the catalogues. */
export async function passSchema(
  position: Position,
  {id, file}: RehearsedRevision,
  isBranched: boolean,
): Promise<SchemaPass> {
  const before = await position.catalogue()
  const first = await attempt(async () => position.run(id, 'upgrade'))
  if ('error' in first) {
    await position.close()
    // Other branches are not applied, as on a database that is at this revision only.
    const hint =
      isBranched && first.error.hint === undefined
        ? `If it needs a revision of another branch, add that to its \`dependsOn\`.`
        : undefined
    const finding = failed(
      first.error,
      `Revision ${id} cannot be applied${isBranched ? ' to its ancestors alone' : ''}`,
      hint,
    )
    return {steps: 'none', findings: [finding], isApplied: false, touched: [], columns: new Map()}
  }
  const upgraded = await position.catalogue()
  const touched = touchedTables(before, upgraded, first.statements)
  const applied = {isApplied: true, touched, columns: columnsOf(upgraded)}
  if (first.statements.length === 0) return {...applied, steps: 'none', findings: []}
  const down = await attempt(async () => position.run(id, 'downgrade'))
  if ('error' in down) {
    if (down.error.code === 'IRREVERSIBLE') return {...applied, steps: 'up', findings: []}
    await position.close()
    return {...applied, steps: 'up', findings: [failed(down.error, `Revision ${id} cannot be reverted`)]}
  }
  const undone = changesOf(before, await position.catalogue()).map((difference) => notUndone(id, file, difference))
  const second = await attempt(async () => position.run(id, 'upgrade'))
  if ('error' in second) {
    await position.close()
    const finding = failed(second.error, `Revision ${id} cannot be applied again after its downgrade`)
    return {...applied, steps: 'up down', findings: [...undone, finding]}
  }
  const again = changesOf(upgraded, await position.catalogue()).map((difference) => notRepeated(id, file, difference))
  const isSame = first.statements.join(';\n') === second.statements.join(';\n')
  const findings = [
    ...undone,
    ...again,
    // Statements of code that reads the database depend on what the downgrade leaves.
    ...(isSame || undone.length > 0 ? [] : [notDeterministic(id, file, first.statements, second.statements)]),
  ]
  if (undone.length + again.length > 0) await position.close()
  return {...applied, steps: 'up down up', findings}
}

/** Runs a step; returns its statements, or the error of the revision. */
export async function attempt(
  work: () => Promise<readonly string[]>,
): Promise<{readonly statements: readonly string[]} | {readonly error: ReturnType<typeof errorOfRevision>}> {
  try {
    return {statements: await work()}
  } catch (error) {
    return {error: errorOfRevision(error)}
  }
}

/** Returns the differences but those of the order of columns: a column that a downgrade adds again is the last one. */
export function changesOf(before: Snapshot, after: Snapshot): readonly ObjectDifference[] {
  const differences = differencesOf(before, after).map(differenceOf)
  const tables = new Set(
    differences.flatMap(({kind, name, ...sides}) =>
      kind === 'table' && (sides.before === null || sides.after === null) ? [name] : [],
    ),
  )
  return differences.filter(({kind, table}) => kind !== 'column order' && (table === undefined || !tables.has(table)))
}

/** Returns the tables that existed before and that statements mention or change. */
export function touchedTables(before: Snapshot, after: Snapshot, statements: readonly string[]): readonly string[] {
  const words = new Set(statements.flatMap((sql) => [...wordsOf(sql)]))
  const changed = new Set(
    differencesOf(before, after).flatMap((difference) => {
      const object = difference.before ?? difference.after
      return object === undefined ? [] : (object.table ?? object.name)
    }),
  )
  return tablesOf(before).filter((name) => changed.has(name) || words.has(splitName(name).name))
}

export function tablesOf(snapshot: Snapshot): readonly string[] {
  return [...snapshot.values()].flatMap(({kind, name}) => (kind === 'table' ? name : []))
}

function columnsOf(snapshot: Snapshot): ReadonlyMap<string, ReadonlySet<string>> {
  const columns = [...snapshot.values()].filter(({kind}) => kind === 'column')
  const byTable = Map.groupBy(columns, ({table = ''}) => table)
  return new Map([...byTable].map(([table, found]) => [table, new Set(found.map(({name}) => name))] as const))
}
