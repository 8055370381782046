import {child, isTree, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'

/** The columns of a row that are constants, as text; null for NULL. */
export type Constants = Readonly<Record<string, string | null>>

/** The rows that a statement inserts, or those that it looks for. */
export interface RowSet {
  /** Rows, or alternatives of a condition, as far as they are constants. */
  readonly rows: readonly Constants[]
  /** Whether it is all of these rows, not only some. */
  readonly isExact: boolean
}

export const allRows: RowSet = {rows: [{}], isExact: true}
export const anyRows: RowSet = {rows: [{}], isExact: false}

/** Sets of more rows are not told apart. */
const limit = 200

/** Returns a constant as text; undefined for any other expression. */
export function constantOf(tree: unknown): string | null | undefined {
  if (!isTree(tree)) return undefined
  if (isTree(tree['TypeCast'])) return constantOfCast(tree['TypeCast'])
  const constant = tree['A_Const']
  if (!isTree(constant)) return undefined
  if (constant['isnull'] === true) return null
  const {ival, fval, sval, boolval} = constant
  if (isTree(ival)) return typeof ival['ival'] === 'number' ? String(ival['ival']) : '0'
  if (isTree(fval)) return textIn(fval, 'fval')
  if (isTree(sval)) return textIn(sval, 'sval')
  return isTree(boolval) ? String(boolval['boolval'] === true) : undefined
}

const plainCasts: ReadonlySet<string> = new Set(['int2', 'int4', 'int8', 'text', 'uuid', 'date'])

function constantOfCast(cast: Tree): string | null | undefined {
  const type = nameParts(child(cast, 'typeName')['names']).at(-1) ?? ''
  const inner = child(child(cast, 'arg'), 'A_Const')
  return plainCasts.has(type) && (inner['sval'] !== undefined || inner['isnull'] === true)
    ? constantOf(cast['arg'])
    : undefined
}

/** Whether two constants are certainly values that `=` tells apart, whatever the type of the column. */
export function differ(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return true
  const [left, right] = [Number(one), Number(other)]
  if (isNumber(one) && isNumber(other)) return left !== right
  if (isDay.test(one) && isDay.test(other)) return one !== other
  if (isUuid.test(one) && isUuid.test(other)) return one.toLowerCase() !== other.toLowerCase()
  return isWord(one) && isWord(other) && one.trimEnd().toLowerCase() !== other.trimEnd().toLowerCase()
}

const isNumber = (text: string): boolean => /^-?\d+(?:\.\d+)?$/.test(text)
const isUuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const isDay = /^\d{4}-\d\d-\d\d$/
const isWord = (text: string): boolean => {
  const word = text.trimEnd().toLowerCase()
  return /[a-z]/u.test(word) && !truths.has(word)
}
const truths: ReadonlySet<string> = new Set('t true y yes on f false n no off'.split(' '))

/** Whether no row can be in both sets. */
export function areDisjoint(one: RowSet, other: RowSet): boolean {
  if (one.rows.length * other.rows.length <= fewPairs)
    return one.rows.every((row) => other.rows.every((against) => isApart(row, against)))
  const columns = [...columnsOf(one)].filter((name) => columnsOf(other).has(name) && isUniform(name, [one, other]))
  const keysOf = ({rows}: RowSet): readonly string[] =>
    rows.filter((row) => columns.every((name) => row[name] !== null)).map((row) => keyOf(row, columns))
  return columns.length > 0 && new Set(keysOf(one)).isDisjointFrom(new Set(keysOf(other)))
}

/** Of more pairs of rows than this, only the columns are compared that all of them have. */
const fewPairs = 10_000

function columnsOf({rows}: RowSet): ReadonlySet<string> {
  const [first, ...others] = rows
  return new Set(Object.keys(first ?? {}).filter((name) => others.every((row) => row[name] !== undefined)))
}

/** Whether the constants of a column are of one kind, so that those with different texts differ. */
function isUniform(column: string, sets: readonly RowSet[]): boolean {
  const values = sets.flatMap(({rows}) => rows.map((row) => row[column])).filter((value) => typeof value === 'string')
  return [isNumber, (text: string) => isDay.test(text), (text: string) => isUuid.test(text), isWord].some((isKind) =>
    values.every(isKind),
  )
}

function keyOf(row: Constants, columns: readonly string[]): string {
  return JSON.stringify(columns.map((name) => comparableText(row[name] ?? null)))
}

/** Returns a constant so that those of one kind that may be equal have the same text. */
const comparableText = (value: string | null): string | number | null =>
  value === null || isDay.test(value) ? value : isNumber(value) ? Number(value) : value.trimEnd().toLowerCase()

function isApart(row: Constants, other: Constants): boolean {
  return Object.entries(row).some(([name, value]) => {
    const against = other[name]
    return against !== undefined && differ(value, against)
  })
}

/** Returns a row that is certainly in both: one that is written, for which a condition holds. */
export function sharedRow(written: RowSet, condition: RowSet): Constants | undefined {
  if (!written.isExact || !condition.isExact) return undefined
  const text = (row: Constants, names: readonly string[]): string =>
    JSON.stringify(names.map((name) => [row[name] !== undefined, equalText(row[name] ?? null)]))
  const conditions = Map.groupBy(condition.rows, (wanted) => Object.keys(wanted).toSorted().join('\n'))
  for (const wanted of conditions.values()) {
    const names = Object.keys(wanted[0] ?? {}).toSorted()
    const texts = new Set(wanted.map((row) => text(row, names)))
    const found = written.rows.find((row) => texts.has(text(row, names)))
    if (found !== undefined) return found
  }
  return undefined
}

/** Returns a constant so that equal ones have the same text. */
const equalText = (value: string | null): string | number | null =>
  value !== null && isNumber(value) ? Number(value) : value

/** Returns the rows after columns were set, of which the constants are given. */
export function withValues({rows, isExact}: RowSet, columns: readonly string[], values: Constants): RowSet {
  const changed = rows.map((row) => {
    const kept = Object.entries(row).filter(([name]) => !columns.includes(name))
    return {...Object.fromEntries(kept), ...values}
  })
  return {rows: changed, isExact}
}

/** Returns rows with some of their columns only. */
export function restrictedTo({rows, isExact}: RowSet, columns: readonly string[]): RowSet {
  return {
    rows: rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => columns.includes(name)))),
    isExact,
  }
}

/** Returns rows of which nulls are told apart from values only. */
export function withEqualNulls({rows, isExact}: RowSet): RowSet {
  const changed = rows.map((row) => {
    const kinds = Object.entries(row).map(([name, value]) => [`kind of ${name}`, value === null ? 'null' : 'value'])
    const values = Object.entries(row).filter(([, value]) => value !== null)
    return Object.fromEntries([...kinds, ...values]) as Constants
  })
  return {rows: changed, isExact}
}

/** Returns rows of which the columns have other names; undefined for those that are not known. */
export function renamed({rows, isExact}: RowSet, nameOf: (column: string) => string | undefined): RowSet {
  let isWhole = true
  const changed = rows.map((row) => {
    const found: Record<string, string | null> = {}
    for (const [column, value] of Object.entries(row)) {
      const name = nameOf(column)
      if (name === undefined) isWhole = false
      else found[name] = value
    }
    return found
  })
  return {rows: changed, isExact: isExact && isWhole}
}

/** Returns the rows for which a condition holds. */
export function rowsWhere(condition: unknown): RowSet {
  if (condition === undefined) return allRows
  if (!isTree(condition)) return anyRows
  const found = ofBoolean(child(condition, 'BoolExpr')) ?? ofComparison(condition)
  return found.rows.length > limit ? anyRows : found
}

function ofBoolean(node: Tree): RowSet | undefined {
  const parts = items(node, 'args').map(rowsWhere)
  const isExact = parts.every((part) => part.isExact)
  switch (textIn(node, 'boolop')) {
    case 'OR_EXPR':
      return {rows: parts.flatMap(({rows}) => rows), isExact}
    case 'AND_EXPR': {
      let rows: readonly Constants[] = [{}]
      for (const part of parts) {
        rows = rows.flatMap((row) => part.rows.filter((one) => !isApart(row, one)).map((one) => ({...row, ...one})))
        if (rows.length > limit) return anyRows
      }
      return {rows, isExact}
    }
    default:
      return undefined
  }
}

function ofComparison(condition: Tree): RowSet {
  const test = child(condition, 'NullTest')
  const tested = columnIn(test['arg'])
  if (tested !== undefined && test['nulltesttype'] === 'IS_NULL') return {rows: [{[tested]: null}], isExact: true}
  const node = child(condition, 'A_Expr')
  const isEqual = nameParts(node['name']).at(-1) === '='
  const column = columnIn(node['lexpr']) ?? columnIn(node['rexpr'])
  if (!isEqual || column === undefined) return anyRows
  const side = columnIn(node['lexpr']) === undefined ? node['lexpr'] : node['rexpr']
  const values = isTree(side) ? valuesIn(side, textIn(node, 'kind')) : undefined
  if (values === undefined) return anyRows
  const constants = values.map(constantOf)
  if (constants.includes(undefined)) return anyRows
  // Nothing equals NULL.
  const known = constants.filter((value) => typeof value === 'string')
  return {rows: known.map((value) => ({[column]: value})), isExact: true}
}

/** Returns the values of which a column has one. */
function valuesIn(side: Tree, kind: string): readonly Tree[] | undefined {
  switch (kind) {
    case 'AEXPR_OP':
      return [side]
    case 'AEXPR_IN':
      return items(child(side, 'List'), 'items')
    case 'AEXPR_OP_ANY':
      return isTree(side['A_ArrayExpr']) ? items(side['A_ArrayExpr'], 'elements') : undefined
    default:
      return undefined
  }
}

function columnIn(tree: unknown): string | undefined {
  return isTree(tree) ? nameParts(child(tree, 'ColumnRef')['fields']).at(-1) : undefined
}
