import type {Snapshot} from '../../catalogue/snapshot/snapshot.ts'
import {keyOf} from '../../catalogue/snapshot/snapshot.ts'
import type {ObjectDifference} from '../history/findings.ts'
import {changesOf} from '../history/schema-pass.ts'
import type {Row} from '../history/row-contents.ts'

/** A database after all revisions. */
export interface Outcome {
  readonly catalogue: Snapshot
  readonly rows: ReadonlyMap<string, readonly Row[]>
}

/** An object, or the rows of a table, that is not the same after two orders. */
export interface ProofDifference {
  /** The kind of the object; `rows` for the rows of a table. */
  readonly kind: string
  readonly name: string
  /** The definition after the first order, or the rows that only that has; null if there is none. */
  readonly first: string | null
  readonly second: string | null
}

/** Two outcomes of one order: they differ in what depends on time and chance. */
export type Repeated = readonly [Outcome, Outcome]

/** Returns the first difference of two outcomes, but for those that one order has with itself. */
export function firstDifference(one: Outcome, other: Outcome, repeated?: Repeated): ProofDifference | undefined {
  const ignored = new Set(
    repeated === undefined ? [] : changesOf(repeated[0].catalogue, repeated[1].catalogue).map(keyOfChange),
  )
  const change = changesOf(one.catalogue, other.catalogue).find((found) => !ignored.has(keyOfChange(found)))
  if (change !== undefined) {
    const {kind, table, name, before, after} = change
    return {kind, name: [table, name].filter(Boolean).join('.'), first: before, second: after}
  }
  for (const [table, rows] of one.rows) {
    const others = other.rows.get(table) ?? []
    const left = repeated === undefined ? new Set<string>() : changingColumns(table, repeated)
    const [only, otherOnly] = [without(rows, others, left), without(others, rows, left)]
    if (only.length > 0 || otherOnly.length > 0)
      return {kind: 'rows', name: table, first: shown(only), second: shown(otherOnly)}
  }
  return undefined
}

function keyOfChange({kind, table, name}: ObjectDifference): string {
  return JSON.stringify([kind, table ?? null, name])
}

/** Returns the columns whose values are not the same when an order is repeated. */
function changingColumns(table: string, [one, other]: Repeated): ReadonlySet<string> {
  const [first, second] = [valuesOf(one.rows.get(table) ?? []), valuesOf(other.rows.get(table) ?? [])]
  return new Set([...first.keys(), ...second.keys()].filter((column) => first.get(column) !== second.get(column)))
}

function valuesOf(rows: readonly Row[]): ReadonlyMap<string, string> {
  const values = Map.groupBy(rows.flat(), ([column]) => column)
  return new Map([...values].map(([column, found]) => [column, sortedValues(found)]))
}

function sortedValues(fields: Row): string {
  return JSON.stringify(fields.map(([, value]) => value).toSorted())
}

/** Returns the rows that others do not have, or not as often. */
function without(rows: readonly Row[], others: readonly Row[], left: ReadonlySet<string>): readonly string[] {
  const counts = new Map<string, number>()
  const textOf = (row: Row): string =>
    `{${row.flatMap(([column, value]) => (left.has(column) ? [] : `${column}: ${value}`)).join(', ')}}`
  for (const text of others.map(textOf)) counts.set(text, (counts.get(text) ?? 0) + 1)
  return rows.map(textOf).filter((text) => {
    const count = counts.get(text) ?? 0
    counts.set(text, count - 1)
    return count <= 0
  })
}

/** The number of rows that are shown. */
const most = 3

function shown(rows: readonly string[]): string | null {
  if (rows.length === 0) return null
  const more = rows.length > most ? [`${rows.length - most} more`] : []
  return [...rows.toSorted().slice(0, most), ...more].join(', ')
}

/** Returns the number of objects that were compared. */
export function countOf(outcomes: readonly Outcome[]): number {
  const keys = new Set<string>()
  for (const {catalogue} of outcomes)
    for (const object of catalogue.values()) if (object.kind !== 'column order') keys.add(keyOf(object))
  return keys.size
}
