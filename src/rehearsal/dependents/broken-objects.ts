import type {ObjectKind, Snapshot} from '../../catalogue/snapshot/snapshot.ts'
import type {Session} from '../../runner/connection/session.ts'
import {listOf} from '../../util/text.ts'
import {brokenViews} from './broken-views.ts'
import {storedPrograms} from './stored-programs.ts'
import type {Programs, StoredProgram} from './stored-programs.ts'

/** A view, trigger, routine or event that a change breaks although the server accepts it. */
export interface BrokenObject {
  /** `view`, or the type of a stored program. */
  readonly kind: string
  /** The name; that of a trigger with its table. */
  readonly name: string
  /** `may break` if only the text was read: of a stored program, or of a view that cannot be copied. */
  readonly effect: 'breaks' | 'may break'
  /** The words of the server about a view; the names in the text of a stored program that no longer exist. */
  readonly reason: string
}

/** A schema, and what of it may break. */
export interface Usage {
  readonly snapshot: Snapshot
  /** The words of the server by view. */
  readonly brokenViews: ReadonlyMap<string, string>
  readonly programs: Programs
}

/** Reads what the current database has besides a snapshot. */
export async function readUsage(session: Session, snapshot: Snapshot): Promise<Usage> {
  return {snapshot, brokenViews: await brokenViews(session), programs: await storedPrograms(session)}
}

/**
 * Returns the objects that work before a change, and not after it.
 *
 * @param programs the stored programs of the database, of which a copy may have only some
 */
export function brokenBetween(before: Usage, after: Usage, programs: Programs): readonly BrokenObject[] {
  const views = [...after.brokenViews].filter(([name]) => !before.brokenViews.has(name))
  const change = changeBetween(before.snapshot, after.snapshot)
  return [
    ...views.map(([name, reason]) => ({kind: 'view', name, effect: 'breaks' as const, reason})),
    ...[...programs].flatMap(([key, program]) => {
      const isCopied = before.programs.has(key)
      if (isCopied && program.type === 'view') return []
      const current = after.programs.get(key) ?? (isCopied ? undefined : program)
      const reasons = current === undefined ? [] : reasonsOf(current, program.table, change)
      const name = [current?.table, program.name].filter(Boolean).join('.')
      return reasons.length === 0
        ? []
        : [{kind: program.type, name, effect: 'may break' as const, reason: reasons.join('; ')}]
    }),
  ]
}

/** A change of a schema, as far as texts can depend on it. */
interface Change {
  /** The objects that no longer exist. */
  readonly gone: readonly string[]
  /** The columns of each table before and after. */
  readonly before: Columns
  readonly after: Columns
}

/** The columns of tables, by the name of the table. */
type Columns = ReadonlyMap<string, readonly string[]>

const named: ReadonlySet<ObjectKind> = new Set(['table', 'view', 'routine', 'sequence'])

function changeBetween(before: Snapshot, after: Snapshot): Change {
  return {
    gone: [...namesOf(before).difference(namesOf(after))],
    before: columnsOf(before),
    after: columnsOf(after),
  }
}

function namesOf(snapshot: Snapshot): ReadonlySet<string> {
  return new Set([...snapshot.values()].filter(({kind}) => named.has(kind)).map(({name}) => name))
}

function columnsOf(snapshot: Snapshot): Columns {
  const columns = [...snapshot.values()].filter(({kind}) => kind === 'column')
  const byTable = Map.groupBy(columns, ({table}) => table ?? '')
  return new Map([...byTable].map(([table, all]) => [table, all.map(({name}) => name)]))
}

/** @param tableBefore the previous table of a trigger, which may have been renamed with it */
function reasonsOf(program: StoredProgram, tableBefore: string | undefined, change: Change): readonly string[] {
  const lost = (table: string | undefined, tableAfter = table): readonly string[] => {
    const after = change.after.get(tableAfter ?? '')
    return after === undefined ? [] : without(change.before.get(table ?? '') ?? [], after)
  }
  const isMentioned = (name: string): boolean => program.words.has(name.toLowerCase())
  const tables = [...change.before.keys()].filter(isMentioned)
  const missing = new Set([
    ...change.gone.filter(isMentioned),
    ...lost(tableBefore, program.table)
      .filter((column) => program.rowColumns.has(column.toLowerCase()))
      .map((column) => `${tableBefore}.${column}`),
    ...tables.flatMap((table) =>
      lost(table)
        .filter(isMentioned)
        .map((column) => `${table}.${column}`),
    ),
  ])
  const resized = tables.filter((table) => {
    const after = change.after.get(table)
    return (
      program.byPosition.has(table.toLowerCase()) &&
      after !== undefined &&
      after.length !== change.before.get(table)?.length
    )
  })
  const names = listOf([...missing], 3)
  return [
    ...(missing.size === 0 ? [] : [`it mentions ${names}, which no longer ${missing.size === 1 ? 'exists' : 'exist'}`]),
    ...(resized.length === 0
      ? []
      : [`it inserts values by position, and the number of columns of ${listOf(resized, 3)} changes`]),
  ]
}

/** The names of columns do not depend on case. */
function without(columns: readonly string[], others: readonly string[]): readonly string[] {
  const names = new Set(others.map((name) => name.toLowerCase()))
  return columns.filter((name) => !names.has(name.toLowerCase()))
}
