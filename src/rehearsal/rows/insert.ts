import type {SqlContext} from '../../operations/definition.ts'
import {testsOf} from './checks.ts'
import type {Test} from './checks.ts'
import {referableRows} from './state.ts'
import type {State} from './state.ts'
import {isOneToOne, nullableColumns} from './table.ts'
import type {Column, Reference, Table} from './table.ts'
import {valuesOf} from './values.ts'
import type {Values} from './values.ts'

/** How nullable columns are filled, and columns with constant defaults. */
export type Fill = 'values' | 'nulls' | 'defaults'

/** A row to insert: the index of its values. */
export interface Row {
  readonly n: number
  readonly fill: Fill
}

/** The part of an insert in which dialects differ. */
export interface InsertSyntax {
  readonly insert: string
  /** The words between the columns and the values. */
  readonly overriding: string
  /** Inserts a row without naming a column. */
  readonly empty: string
  /** Whether the database is left to number rows, instead of getting explicit numbers. */
  readonly leavesCounters: boolean
  /** Returns a string literal. */
  readonly literal: (text: string) => string
}

/** Writes the inserts of a table. */
export interface Inserter {
  /** The number of rows that the keys allow, up to the wanted one. */
  readonly rows: number
  /** The index of the first row. */
  readonly first: number
  readonly sql: (rows: readonly Row[]) => readonly string[]
}

/** The reason why no rows can be generated. */
export interface Refusal {
  readonly reason: string
}

interface Source {
  readonly size: number
  readonly columns: readonly string[]
}

/** Returns the writer of a table's inserts, or the reason why there is none. */
export function inserterOf(
  table: Table,
  wanted: number,
  state: State,
  referable: (reference: Reference) => number,
  isReferenced: (column: string) => boolean,
  context: SqlContext,
  syntax: InsertSyntax,
): Inserter | Refusal {
  const tests = testsByColumn(table)
  const first = state.rows(table)
  const isNullable = ({name, isNullable: nullable}: Column): boolean =>
    nullable && !isReferenced(name) && !(tests.get(name) ?? []).some(({kind}) => kind === 'not null')
  const available = new Map(table.references.map((reference) => [reference, referable(reference)]))
  const ownReference = (reference: Reference): boolean =>
    reference.parent === table.id && nullableColumns(table, reference).length === 0 && !available.get(reference)

  for (const reference of table.references)
    if (available.get(reference) === 0 && nullableColumns(table, reference).length === 0 && !ownReference(reference))
      return {
        reason: `${reference.columns.join(', ')} must reference a row of ${reference.parentName}, which has ${isOneToOne(table, reference) ? 'none left' : 'none'}`,
      }

  const referencing = new Map<string, Reference>()
  const references = table.references
    .filter((reference) => available.get(reference) !== 0 || ownReference(reference))
    .toSorted((a, b) => b.columns.length - a.columns.length)
  for (const reference of references)
    for (const column of reference.columns) if (!referencing.has(column)) referencing.set(column, reference)
  const isEmptyReference = (name: string): boolean =>
    !referencing.has(name) && table.references.some(({columns}) => columns.includes(name))
  const namedByOwn = references.filter(ownReference).flatMap(({parentColumns}) => parentColumns)

  const values = new Map<string, Values>()
  const shift = shifts(table, tests)
  for (const column of table.columns) {
    if (
      column.isGenerated ||
      (referencing.has(column.name) && !ownReference(referencing.get(column.name) as Reference))
    )
      continue
    const max = lastNumber(column, state.max(table, column.name), syntax)
    const found = valuesOf(
      column.type,
      tests.get(column.name) ?? [],
      column.name,
      max === undefined ? undefined : {max, first},
    )
    if (found !== undefined) values.set(column.name, found)
    else if (!isNullable(column) && !column.hasConstantDefault)
      return {
        reason:
          column.type.kind === 'unknown'
            ? `${column.name} has the type ${column.type.name}, for which no values are known`
            : `no value of ${column.name} is known to pass its checks`,
      }
  }

  const sourceOf = (name: string): Source => {
    const reference = referencing.get(name)
    return reference !== undefined && !ownReference(reference)
      ? {size: available.get(reference) ?? 0, columns: reference.columns}
      : {size: values.get(name)?.size ?? Infinity, columns: [name]}
  }
  const {strides, capacity} = stridesOf(table, sourceOf)

  const columns = table.columns.filter(
    ({name, isGenerated, isCounter}) =>
      !isGenerated && !(syntax.leavesCounters && isCounter && !namedByOwn.includes(name)),
  )
  const valueSql = (column: Column, n: number): string => {
    const found = values.get(column.name)
    if (found === undefined) return 'null'
    const index = Math.floor((n + (shift.get(column.name) ?? 0)) / (strides.get(column.name) ?? 1))
    const text = found.at(index)
    if (column.type.kind === 'sample' && column.type.render !== undefined) return column.type.render(text)
    return column.type.kind === 'ordered' && !column.type.isQuoted && /^-?[\d.]+$/.test(text)
      ? text
      : syntax.literal(text)
  }
  const rowSql = ({n, fill}: Row, place: number): ReadonlyMap<string, string> => {
    const row = new Map<string, string>()
    for (const column of columns)
      if ((fill === 'nulls' && isNullable(column)) || (isEmptyReference(column.name) && column.isNullable))
        row.set(column.name, 'null')
    for (const reference of references) {
      if (reference.columns.some((name) => row.get(name) === 'null')) continue
      if (ownReference(reference)) {
        for (const [i, name] of reference.columns.entries()) {
          const own = table.columns.find((column) => column.name === reference.parentColumns[i])
          if (own !== undefined && !row.has(name)) row.set(name, valueSql(own, n))
        }
        continue
      }
      const index = isOneToOne(table, reference)
        ? place
        : Math.floor(n / (strides.get(reference.columns[0] ?? '') ?? 1)) % (available.get(reference) ?? 1)
      for (const [name, sql] of referenceSql(table, reference, index, row, context)) row.set(name, sql)
    }
    for (const column of columns) {
      const isLeft = fill === 'defaults' || (!values.has(column.name) && !column.isNullable)
      if (row.has(column.name) || (column.hasConstantDefault && isLeft)) continue
      row.set(column.name, valueSql(column, n))
    }
    return row
  }
  return {
    rows: Math.max(1, Math.min(wanted, capacity)),
    first,
    sql: (rows) => {
      const all = rows.map(rowSql)
      const names = columns.map(({name}) => name).filter((name) => all.every((row) => row.has(name)))
      const target = `${syntax.insert} ${context.quote(table.name)}`
      if (names.length === 0) return rows.map(() => `${target} ${syntax.empty}`)
      const tuples = all.map((row) => `(${names.map((name) => row.get(name)).join(', ')})`)
      return [`${target} (${context.list(names)})${syntax.overriding} values ${tuples.join(', ')}`]
    },
  }
}

/** Numbers that are not taken from a sequence keep their distance from those that it gives next. */
const distance = 1_000_000n

/** Returns the number after which new ones begin, if any. */
function lastNumber(
  {type, isCounter}: Column,
  max: bigint | undefined,
  {leavesCounters}: InsertSyntax,
): bigint | undefined {
  if (type.kind !== 'ordered' || !isCounter || leavesCounters) return max
  const far = (max ?? 0n) + (type.max > 100n * distance ? distance : distance / 100n)
  return far < type.max ? far : max
}

function testsByColumn(table: Table): ReadonlyMap<string, readonly Test[]> {
  const tests = new Map<string, Test[]>(table.columns.map(({name, tests: own}) => [name, [...own]]))
  const find = (name: string): string | undefined =>
    tests.has(name) ? name : table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.name
  for (const {column, test} of table.checks.flatMap(testsOf)) {
    const other = test.kind === 'above' ? find(test.column) : ''
    if (other !== undefined)
      tests.get(find(column) ?? '')?.push(test.kind === 'above' ? {...test, column: other} : test)
  }
  return tests
}

/** Returns how many values further a column is than the row, so that it is above other columns. */
function shifts(table: Table, tests: ReadonlyMap<string, readonly Test[]>): ReadonlyMap<string, number> {
  const shift = new Map<string, number>()
  // Each pass settles at least one more column of a chain.
  for (const _ of table.columns)
    for (const [name, all] of tests)
      for (const test of all)
        if (
          test.kind === 'above' &&
          (shift.get(name) ?? 0) <= (shift.get(test.column) ?? 0) &&
          (shift.get(test.column) ?? 0) < 1000
        )
          shift.set(name, (shift.get(test.column) ?? 0) + 1)
  return shift
}

/** Returns after how many rows the columns of composite keys change, so that the combinations are distinct. */
function stridesOf(
  table: Table,
  sourceOf: (column: string) => Source,
): {readonly strides: ReadonlyMap<string, number>; readonly capacity: number} {
  const strides = new Map<string, number>()
  let capacity = Infinity
  for (const key of table.keys) {
    let stride = 1
    const sources = key.map(sourceOf)
    const total = new Set(sources.map(({columns}) => columns.join()))
    if (key.length === 0 || sources.some(({size}) => size === Infinity)) continue
    for (const {size, columns} of sources) {
      if (!total.delete(columns.join())) continue
      if (!columns.some((column) => strides.has(column))) for (const column of columns) strides.set(column, stride)
      stride *= Math.max(size, 1)
    }
    capacity = Math.min(capacity, stride)
  }
  return {strides, capacity}
}

/** Returns a reference to one row of the parent, as one subquery per column. */
function referenceSql(
  table: Table,
  reference: Reference,
  index: number,
  row: ReadonlyMap<string, string>,
  context: SqlContext,
): readonly (readonly [string, string])[] {
  const {columns, parentColumns} = reference
  const fixed = columns.flatMap((name, i) => {
    const known = row.get(name)
    return known === undefined ? [] : [`p.${context.list([parentColumns[i] ?? ''])} = ${known}`]
  })
  const from = [referableRows(table, reference, context), ...fixed].join(' and ')
  const order = parentColumns.map((column) => `p.${context.list([column])}`).join(', ')
  const offset = fixed.length > 0 ? 0 : index
  return columns.flatMap((name, i) =>
    row.has(name)
      ? []
      : [
          [
            name,
            `(select p.${context.list([parentColumns[i] ?? ''])} from ${from} order by ${order} limit 1 offset ${offset})`,
          ] as const,
        ],
  )
}
