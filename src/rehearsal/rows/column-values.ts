import {testsOf} from './checks.ts'
import type {Test} from './checks.ts'
import type {State} from './state.ts'
import type {Column, Table} from './table.ts'
import {valuesOf} from './values.ts'
import type {Values} from './values.ts'

/** The values of the columns of a table. */
export class ColumnValues {
  readonly #tests: ReadonlyMap<string, readonly Test[]>
  readonly #shifts: ReadonlyMap<string, number>
  readonly #values = new Map<string, Values>()

  /** @param leavesCounters whether the database numbers the rows */
  constructor(table: Table, state: State, leavesCounters: boolean) {
    this.#tests = testsByColumn(table)
    this.#shifts = shiftsOf(table, this.#tests)
    for (const column of table.columns) {
      const max = lastNumber(column, state.max(table, column.name), leavesCounters)
      const existing = max === undefined ? undefined : {max, first: state.rows(table)}
      const found = valuesOf(column.type, this.#tests.get(column.name) ?? [], column.name, existing)
      if (found !== undefined) this.#values.set(column.name, found)
    }
  }

  has(column: string): boolean {
    return this.#values.has(column)
  }

  size(column: string): number {
    return this.#values.get(column)?.size ?? Infinity
  }

  /** Returns the value of a row, which changes after `stride` rows. */
  at(column: string, n: number, stride: number): string | undefined {
    return this.#values.get(column)?.at(Math.floor((n + (this.#shifts.get(column) ?? 0)) / stride))
  }

  /** Whether the type and the checks of a column allow null. */
  allowsNull({name, isNullable}: Column): boolean {
    return isNullable && !(this.#tests.get(name) ?? []).some(({kind}) => kind === 'not null')
  }
}

/** Numbers that are not taken from a sequence keep their distance from those that it gives next. */
const distance = 1_000_000n

/** Returns the number after which new ones begin, if any. */
function lastNumber({type, isCounter}: Column, max: bigint | undefined, leavesCounters: boolean): bigint | undefined {
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
function shiftsOf(table: Table, tests: ReadonlyMap<string, readonly Test[]>): ReadonlyMap<string, number> {
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
