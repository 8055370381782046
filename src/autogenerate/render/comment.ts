import type {DropConstraint} from '../../operations/constraints/drop-constraint.ts'
import type {Dialect, Operation} from '../../operations/operation.ts'
import type {OperationRegistry} from '../../operations/registry.ts'
import {escapeLine} from '../../util/controls.ts'
import type {BrokenObject} from '../../rehearsal/dependents/broken-objects.ts'

/** A finding of a rehearsal about an operation. */
export type Mark = RefusedMark | BreakingMark

interface RefusedMark {
  readonly type: 'refused'
  /** The words of the server. */
  readonly reason: string
  /** Whether the operation fails only if the tables have rows. */
  readonly onlyWithRows: boolean
}

interface BreakingMark extends BrokenObject {
  readonly type: 'breaking'
}

/** Marks of operations, by their positions. */
export type Marks = ReadonlyMap<number, readonly Mark[]>

/**
 * Returns the comments above an operation: what its rehearsal says, and what is known of its kind.
 *
 * @param all the operations of the revision: a table that they create has no rows
 */
export function commentsOf(
  operation: Operation,
  all: readonly Operation[],
  registry: OperationRegistry,
  {dialect, marks = []}: {readonly dialect: Dialect | undefined; readonly marks: readonly Mark[] | undefined},
): readonly string[] {
  const comment = commentOf(operation, all, registry, dialect)
  const {requiresValue, failsOn} = registry.definitionOf(operation)
  const isKnown = requiresValue?.(operation as never) === true || failsOn?.(operation as never) !== undefined
  // The server's words about generated rows say less than what is known of the operation.
  const isLess = (mark: Mark): boolean =>
    mark.type === 'refused' && mark.onlyWithRows && isKnown && comment !== undefined
  return [
    ...marks.filter((mark) => !isLess(mark)).map((mark) => textOf(mark).replaceAll(/\s+/g, ' ')),
    ...(comment === undefined ? [] : [comment]),
  ].map(escapeLine)
}

function textOf(mark: Mark): string {
  switch (mark.type) {
    case 'refused':
      return `${mark.onlyWithRows ? 'fails if there are rows' : 'fails'}: ${mark.reason}`
    case 'breaking':
      return `${mark.effect} the ${mark.kind} ${mark.name}: ${mark.reason}`
  }
}

/**
 * Returns the comment above an operation: the data that it loses, or the existing rows that it cannot be run with.
 *
 * @param all the operations of the revision: a table that they create has no rows
 */
function commentOf(
  operation: Operation,
  all: readonly Operation[],
  {definitionOf}: OperationRegistry,
  dialect: Dialect | undefined,
): string | undefined {
  const {losesData, requiresValue, failsOn} = definitionOf(operation)
  const lost = [losesData?.(operation as never, dialect) ?? []].flat()
  if (lost.length > 0) return `loses data: ${lost.join(', ')}`
  if (requiresValue?.(operation as never))
    return operation.kind === 'addColumn'
      ? 'requires a value for existing rows: add a default, or add it as nullable, fill it, and make it not null'
      : 'requires a value for existing rows: fill the column first'
  const rows = failsOn?.(operation as never)
  return rows === undefined || isHarmless(operation, all) ? undefined : `fails if existing rows ${rows}`
}

/**
 * Whether no existing row can violate a constraint: its table is new, or a column of it, which is null everywhere, or it
 * is a foreign key that is only recreated.
 */
function isHarmless(operation: Operation, all: readonly Operation[]): boolean {
  if (!('table' in operation)) return false
  const {table} = operation
  const columns: readonly unknown[] =
    'columns' in operation && Array.isArray(operation.columns) ? operation.columns : []
  return all.some((other) => {
    if (other.kind === 'createTable') return other.table === table
    if (other.kind === 'dropConstraint') return isSameKey(operation, other)
    if (other.kind !== 'addColumn' || other.table !== table || !columns.includes(other.column)) return false
    const {nullable, default: value, generated} = other.definition
    return nullable && value === undefined && generated === undefined
  })
}

/** In a downgrade, only the name of a dropped foreign key is known. */
function isSameKey(created: Operation, {table, name, was}: DropConstraint): boolean {
  if (created.kind !== 'createForeignKey' || created.table !== table || created.name !== name) return false
  const parts = ['columns', 'references', 'referencedColumns'] as const
  return (
    was === undefined ||
    (was.type === 'foreignKey' && parts.every((part) => JSON.stringify(created[part]) === JSON.stringify(was[part])))
  )
}
