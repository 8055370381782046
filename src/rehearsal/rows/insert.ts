import type {SqlContext} from '../../operations/definition.ts'
import {ColumnValues} from './column-values.ts'
import {References, referenceSql} from './references.ts'
import type {State} from './state.ts'
import {stridesOf} from './strides.ts'
import type {Source} from './strides.ts'
import {isOneToOne} from './table.ts'
import type {Column, Reference, Table} from './table.ts'

/** A row to insert. */
export interface Row {
  /** The index of its values. */
  readonly n: number
  /** The way to fill nullable columns, and those with constant defaults; `only` is the only nullable one with a value. */
  readonly fill: 'values' | 'nulls' | 'defaults' | {readonly only: string}
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

/** The rows around the new ones. */
export interface Surroundings {
  readonly state: State
  /** Returns the number of rows that a reference can use. */
  readonly referable: (reference: Reference) => number
  /** Whether other rows reference a column. */
  readonly isReferenced: (column: string) => boolean
}

/** Writes the inserts of a table. */
export class Inserter {
  readonly #table: Table
  readonly #context: SqlContext
  readonly #syntax: InsertSyntax
  readonly #isReferenced: (column: string) => boolean
  readonly #references: References
  readonly #values: ColumnValues
  /** The columns that an insert names. */
  readonly #columns: readonly Column[]
  readonly #strides: ReadonlyMap<string, number>
  readonly #capacity: number
  /** The index of the first row. */
  readonly first: number

  constructor(table: Table, {state, referable, isReferenced}: Surroundings, context: SqlContext, syntax: InsertSyntax) {
    this.#table = table
    this.#context = context
    this.#syntax = syntax
    this.#isReferenced = isReferenced
    this.first = state.rows(table)
    const references = new References(table, referable)
    const values = new ColumnValues(table, state, syntax.leavesCounters)
    const ownKeys = references.used.filter((reference) => references.isOwn(reference))
    const isOwnKey = (name: string): boolean => ownKeys.some(({parentColumns}) => parentColumns.includes(name))
    this.#columns = table.columns.filter(
      ({name, isGenerated, isCounter}) =>
        !isGenerated && !(syntax.leavesCounters && isCounter && !isOwnKey(name) && references.of(name) === undefined),
    )
    this.#references = references
    this.#values = values
    const {strides, capacity} = stridesOf(table, (column) => this.#sourceOf(column))
    this.#strides = strides
    this.#capacity = capacity
  }

  /** The columns that may be null. */
  get nullable(): readonly string[] {
    return this.#columns.filter((column) => this.#allowsNull(column)).map(({name}) => name)
  }

  /** The reason why no rows can be generated, if it is known. */
  get refusal(): string | undefined {
    const column = this.#columns.find(
      (candidate) =>
        !this.#values.has(candidate.name) &&
        this.#references.of(candidate.name) === undefined &&
        !this.#allowsNull(candidate) &&
        !candidate.hasConstantDefault,
    )
    if (column === undefined) return this.#references.refusal()
    const {name, type} = column
    return type.kind === 'unknown'
      ? `${name} has the type ${type.name}, for which no values are known`
      : `no value of ${name} is known to pass its checks`
  }

  /** Returns as many of the wanted rows as the keys allow, the last of which has nulls. */
  rows(wanted: number): readonly Row[] {
    const length = Math.max(1, Math.min(wanted, this.#capacity))
    return Array.from({length}, (_, i) => ({
      n: this.first + i,
      fill: length > 1 && i === length - 1 ? 'nulls' : 'values',
    }))
  }

  /** Returns the statements that insert rows. */
  sql(rows: readonly Row[]): readonly string[] {
    const all = rows.map((row, place) => this.#rowSql(row, place))
    const names = this.#columns.map(({name}) => name).filter((name) => all.every((row) => row.has(name)))
    const target = `${this.#syntax.insert} ${this.#context.quote(this.#table.name)}`
    if (names.length === 0) return rows.map(() => `${target} ${this.#syntax.empty}`)
    const tuples = all.map((row) => `(${names.map((name) => row.get(name)).join(', ')})`)
    return [`${target} (${this.#context.list(names)})${this.#syntax.overriding} values ${tuples.join(', ')}`]
  }

  #rowSql({n, fill}: Row, place: number): ReadonlyMap<string, string> {
    const row = new Map<string, string>()
    const only = typeof fill === 'object' ? fill.only : undefined
    for (const column of this.#columns) {
      const isLeft = (fill === 'nulls' || only !== undefined) && column.name !== only && this.#allowsNull(column)
      if (isLeft || (column.isNullable && this.#references.isEmpty(column.name))) row.set(column.name, 'null')
    }
    for (const reference of this.#references.used)
      if (!reference.columns.some((name) => row.get(name) === 'null'))
        for (const [name, sql] of this.#referenceSql(reference, n, place, row)) row.set(name, sql)
    for (const column of this.#columns) {
      const {name, isNullable, hasConstantDefault} = column
      const isLeft = fill === 'defaults' || (!this.#values.has(name) && !isNullable)
      if (!row.has(name) && !(hasConstantDefault && isLeft)) row.set(name, this.#valueSql(column, n))
    }
    return row
  }

  #referenceSql(
    reference: Reference,
    n: number,
    place: number,
    row: ReadonlyMap<string, string>,
  ): ReadonlyMap<string, string> {
    if (this.#references.isOwn(reference)) return this.#ownKeySql(reference, n, row)
    const stride = this.#strideOf(reference.columns[0] ?? '')
    const index = isOneToOne(this.#table, reference)
      ? place
      : Math.floor(n / stride) % this.#references.available(reference)
    return referenceSql(this.#table, reference, index, row, this.#context)
  }

  /** Lets a row reference itself. */
  #ownKeySql({columns, parentColumns}: Reference, n: number, row: ReadonlyMap<string, string>): Map<string, string> {
    return new Map(
      columns.flatMap((name, i) => {
        const key = this.#table.columns.find((column) => column.name === parentColumns[i])
        return key === undefined || row.has(name) ? [] : [[name, row.get(key.name) ?? this.#valueSql(key, n)]]
      }),
    )
  }

  #valueSql({name, type}: Column, n: number): string {
    const text = this.#values.at(name, n, this.#strideOf(name))
    if (text === undefined) return 'null'
    if (type.kind === 'sample' && type.render !== undefined) return type.render(text)
    const isNumber = type.kind === 'ordered' && !type.isQuoted && /^-?[\d.]+$/.test(text)
    return isNumber ? text : this.#syntax.literal(text)
  }

  /** A referenced column keeps its value, so that other rows have one to reference. */
  #allowsNull(column: Column): boolean {
    return !this.#isReferenced(column.name) && this.#values.allowsNull(column)
  }

  #strideOf(column: string): number {
    return this.#strides.get(column) ?? 1
  }

  #sourceOf(column: string): Source {
    const reference = this.#references.of(column)
    return reference === undefined || this.#references.isOwn(reference)
      ? {size: this.#values.size(column), columns: [column]}
      : {size: this.#references.available(reference), columns: reference.columns}
  }
}
