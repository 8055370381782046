import type {SchemaObject} from '../operations/definition.ts'
import {filled} from '../sql/model/row-knowledge.ts'
import type {Decision, RowMeaning} from '../sql/model/row-meaning.ts'
import {relationOfChanges} from '../sql/model/row-changes.ts'
import type {RowChange} from '../sql/model/row-changes.ts'
import {valueOf} from '../sql/model/row-meaning.ts'
import type {SchemaModel} from '../sql/model/schema-model.ts'
import type {AppliedRevision} from './applied-revision.ts'

/** Why the order of two revisions decides about rows. */
export interface RowConflict {
  /** Whether it certainly does. */
  readonly isCertain: boolean
  readonly reason: string
  /** The orders in which both work, if it is certain and one may fail. */
  readonly works?: WorkingOrder
}

/** The orders in which two revisions can run. */
export type WorkingOrder = 'either' | 'ours first' | 'theirs first' | 'neither'

/** Returns the first conflict that is certain, or else the first one. */
export function worstConflict(conflicts: readonly (RowConflict | undefined)[]): RowConflict | undefined {
  return conflicts.find((conflict) => conflict?.isCertain) ?? conflicts.find((conflict) => conflict !== undefined)
}

/** Compares the changes of rows of two revisions. */
export function rowConflict(
  before: SchemaModel,
  ours: AppliedRevision,
  theirs: AppliedRevision,
  isSame: boolean,
): RowConflict | undefined {
  const theirChanges = Map.groupBy(theirs.rowChanges, ({table}) => table)
  let unclear: RowConflict | undefined
  let certain: (RowConflict & {readonly works: WorkingOrder}) | undefined
  for (const mine of ours.rowChanges)
    for (const other of theirChanges.get(mine.table) ?? []) {
      // Equal revisions have one result, unless the second one fails.
      if (isSame && (mine.change !== 'inserts' || other.change !== 'inserts')) continue
      const relation = relationOfChanges(mine, other)
      if (relation === 'apart') continue
      // Rows that are read before they go may have been copied.
      const isCertain = relation === 'collide' && !isCopied(ours, mine) && !isCopied(theirs, other)
      const reason = reasonOf(before, mine, other, isCertain)
      if (isCertain) {
        const works = workingOrder([ours, mine], [theirs, other])
        certain = {isCertain, reason: certain?.reason ?? reason, works: inBoth(certain?.works ?? 'either', works)}
      } else unclear ??= {isCertain, reason}
    }
  return certain ?? unclear
}

type Use = readonly [revision: AppliedRevision, change: RowChange]

/** Returns the orders in which no foreign key refuses one of two changes. */
function workingOrder([ours, mine]: Use, [theirs, other]: Use): WorkingOrder {
  if (mine.change !== 'requires' && other.change !== 'requires') return 'either'
  const isOurs = mine.change === 'requires'
  if ((isOurs ? other : mine).change === 'inserts') return isOurs ? 'theirs first' : 'ours first'
  const [requiring, removing] = isOurs ? [ours, theirs] : [theirs, ours]
  // Rows that refer to a removed one go with it, unless their foreign key forbids that it is removed.
  const isForbidden = removing.rowChanges.some(
    ({change, table}) =>
      change === 'forbids' && requiring.rowChanges.some((one) => one.change === 'inserts' && one.table === table),
  )
  if (isForbidden) return 'neither'
  return isOurs ? 'ours first' : 'theirs first'
}

const inBoth = (one: WorkingOrder, other: WorkingOrder): WorkingOrder =>
  one === other || other === 'either' ? one : one === 'either' ? other : 'neither'

function reasonOf(before: SchemaModel, mine: RowChange, other: RowChange, isCertain: boolean): string {
  const item = before.get(mine.table)
  const what = item === undefined ? 'one table' : before.describe(item)
  const changes = new Set([mine.change, other.change])
  const subject =
    changes.has('takes') || changes.has('sets')
      ? `Both use values of ${what}`
      : changes.has('reads') || changes.has('tests')
        ? `One reads rows of ${what} that the other changes`
        : changes.has('requires') || changes.has('forbids')
          ? `A foreign key of rows of one depends on rows of ${what} that the other changes`
          : `Both change rows of ${what}`
  return isCertain
    ? `${subject}, and the order decides the result.`
    : `${subject}; whether the order matters depends on the rows.`
}

function isCopied({rowChanges}: AppliedRevision, {change, table}: RowChange): boolean {
  return change === 'deletes' && rowChanges.some((one) => one.change === 'reads' && one.table === table)
}

/** Whether code that runs in a revision may use what the other one changes, or change rows that the other one reads. */
export function codeConflict(
  before: SchemaModel,
  one: AppliedRevision,
  other: AppliedRevision,
): RowConflict | undefined {
  if (one.codeWords.size === 0) return undefined
  const read = other.rowChanges.flatMap(({change, table}) =>
    change === 'reads' ? (before.get(table)?.name ?? []) : [],
  )
  const changed = [...other.touched.values()].filter(
    ({object: {kind, name}, isWritten}) => usable.has(kind) && (isWritten || read.includes(name)),
  )
  const used = changed.find(({object: {name}}) => one.codeWords.has(lastName(name)))
  const both = [...other.codeWords].some((word) => one.codeWords.has(word) && before.hasRelation(word))
  if (used === undefined && !both) return undefined
  const what =
    used === undefined ? `the tables that such code in ${other.name} uses` : `${used.object.kind} ${used.object.name}`
  const reason = `A trigger, rule or default that runs in ${one.name} may use ${what}; whether the order matters depends on the code.`
  return {isCertain: false, reason}
}

const usable: ReadonlySet<SchemaObject['kind']> = new Set(['table', 'view', 'sequence', 'function'])

/** Returns a name without its schema and the types of its parameters, in lower case. */
export function lastName(name: string): string {
  return /(?<last>[\p{L}_$][\p{L}\p{N}_$]*)(?:\(.*)?"?$/u.exec(name.toLowerCase())?.groups?.['last'] ?? ''
}

/** The meanings of a revision's statements in one order, and the schema at its end. */
export interface Meanings {
  readonly meanings: ReadonlyMap<number, RowMeaning>
  readonly end: SchemaModel
}

/** Compares what the statements of a revision mean before and after another one. */
export function meaningConflict(
  {name}: AppliedRevision,
  {rowChanges}: AppliedRevision,
  one: Meanings,
  other: Meanings,
): RowConflict | undefined {
  // Rows that go to another table may be copied from there.
  const copies = rowChanges.some(({change}) => change === 'reads')
  let unclear: RowConflict | undefined
  for (const [at, meaning] of one.meanings) {
    const against = other.meanings.get(at)
    if (against === undefined) continue
    const found = differenceOf(meaning, one.end, against, other.end)
    if (found === undefined) continue
    const isCertain = meaning.isCertain && against.isCertain && found.isValue && !copies
    const subject = `${name} changes rows of ${meaning.table}, and the order decides ${found.what}`
    if (isCertain) return {isCertain, reason: `${subject}.`}
    unclear ??= {isCertain, reason: `${subject}; whether that matters depends on the rows.`}
  }
  return unclear
}

interface Difference {
  readonly what: string
  /** Whether the rows have other values, or go to another table. */
  readonly isValue: boolean
}

function differenceOf(
  one: RowMeaning,
  end: SchemaModel,
  other: RowMeaning,
  otherEnd: SchemaModel,
): Difference | undefined {
  const keys = new Set([...one.decisions.keys(), ...other.decisions.keys()])
  let found: Difference | undefined
  for (const key of keys) {
    const [mine, theirs] = [one.decisions.get(key), other.decisions.get(key)]
    const decision = mine ?? theirs
    if (decision === undefined || textOf(mine, decision, end) === textOf(theirs, decision, otherEnd)) continue
    // A generated value may be the same.
    const isGenerated = [mine?.text, theirs?.text].includes('generated')
    const isValue = !isGenerated && ['value ', 'partition ', 'table'].some((start) => key.startsWith(start))
    const difference = {what: decision.what, isValue}
    if (isValue) return difference
    found ??= difference
  }
  return found
}

/** A column that was added later has the value that it was added with; other parts that were not there decide nothing. */
function textOf(own: Decision | undefined, decision: Decision, end: SchemaModel): string | undefined {
  if (own !== undefined) return own.text
  const column = decision.column === undefined ? undefined : end.get(decision.column)
  if (column === undefined) return decision.text
  return column.properties[filled] ?? valueOf(end, column)
}
