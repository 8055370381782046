import type {DatabaseKind} from '../../support/databases.ts'
import {columnTypes, enumType} from './column-types.ts'
import type {ColumnType} from './column-types.ts'
import {literal, columnName, propertyOf} from './names.ts'
import type {CheckPlan, ColumnPlan, Features, TablePlan} from './plan.ts'

/** A column of a table, with the names and types of its database. */
export interface PlannedColumn {
  readonly plan: ColumnPlan
  readonly name: string
  readonly type: ColumnType
  /** The checks of the table that are about it. */
  readonly checks: readonly string[]
}

/** How many types of a case are usual ones, unless it is about types. */
const usual = 4
const enumForms = 4

/** Returns the columns of a table; a computed one needs another to be computed from. */
export function columnsOf(table: TablePlan, features: Features, kind: DatabaseKind): readonly PlannedColumn[] {
  const names = new Set<number>()
  const unique = table.columns.filter(({name}) => !names.has(name) && names.add(name))
  const typed = unique.map((plan) => ({
    plan,
    name: columnName(plan.name, features),
    type: typeOf(plan, table, features, kind),
  }))
  const numbers = typed.filter(({type}) => type?.values === 'number')
  const checks = table.checks.filter(({name}, at) => table.checks.findIndex((other) => other.name === name) === at)
  return typed.flatMap(({plan, name, type}, at) => {
    const computed = type ?? computedType(plan, numbers[0]?.name, kind)
    if (computed === undefined) return []
    const own = checks.filter(({column}) => column % typed.length === at)
    return [{plan, name, type: computed, checks: own.flatMap((check) => checkSource(check, name, computed, kind))}]
  })
}

/** Returns the builder of a property. */
export function columnSource({plan, name, type}: PlannedColumn, features: Features, kind: DatabaseKind): string {
  const initial = plan.default === 0 ? undefined : type.defaults[(plan.default - 1) % Math.max(type.defaults.length, 1)]
  const isComputed = type.source.includes('.generated(')
  const isIndexed = features.indexed && type.isIndexable && !isComputed
  const check = features.checks && plan.check > 5 ? checkForms(name, type, kind)[plan.check % 3] : undefined
  return [
    `p.${type.source}`,
    propertyOf(name) === name ? '' : `.name(${literal(name)})`,
    features.nullable && plan.isNullable && !type.source.includes('.nullable()') ? '.nullable()' : '',
    features.defaults && initial !== undefined ? initial : '',
    isIndexed && plan.indexed === 'index' ? '.index()' : '',
    isIndexed && plan.indexed === 'unique' && !isPartitioned(features) ? '.unique()' : '',
    features.comments && plan.comment > 0 ? `.comment(${["'a'", `"it's b"`, "'c'"][plan.comment % 3]})` : '',
    check === undefined || isComputed ? '' : `.check(${literal(check)})`,
  ].join('')
}

const isPartitioned = ({partitions}: Features): boolean => partitions

/** Returns a name as SQL. */
export function quoted(name: string, kind: DatabaseKind): string {
  const mark = kind === 'mariadb' || kind === 'mysql' ? '`' : '"'
  return `${mark}${name.replaceAll(mark, mark + mark)}${mark}`
}

/** Returns the type of a column; undefined for a computed one. */
function typeOf(plan: ColumnPlan, {id}: TablePlan, features: Features, kind: DatabaseKind): ColumnType | undefined {
  const types = columnTypes(kind)
  const count = features.allTypes ? types.length + enumForms + 1 : usual
  const at = plan.type % count
  if (at < types.length) return types[at]
  return at < types.length + enumForms ? enumType(plan.items, at - types.length, `${id}_${plan.id}`, kind) : undefined
}

function computedType(plan: ColumnPlan, from: string | undefined, kind: DatabaseKind): ColumnType | undefined {
  if (from === undefined) return undefined
  const isPostgres = kind === 'postgresql' || kind === 'pglite'
  const how = isPostgres || plan.default % 2 === 0 ? 'stored' : 'virtual'
  const expression = `(${quoted(from, kind)} * ${2 + (plan.check % 2)}) ${how}`
  return {
    source: `integer().generated(${literal(expression)}).nullable()`,
    values: 'other',
    isIndexable: false,
    defaults: [],
  }
}

function checkSource(check: CheckPlan, column: string, type: ColumnType, kind: DatabaseKind): readonly string[] {
  const forms = checkForms(column, type, kind)
  const expression = forms[check.form % forms.length] ?? '1 = 1'
  return [`{name: 'check_${check.name}', expression: ${literal(expression)}}`]
}

/** Checks that the values of the rows fulfil. */
function checkForms(name: string, {values}: ColumnType, kind: DatabaseKind): readonly string[] {
  const column = quoted(name, kind)
  switch (values) {
    case 'number':
      return [
        `${column} > 0`,
        `${column} between 1 and 9`,
        `${column} in (1, 2, 3)`,
        `${column} is null or ${column} <> 5`,
      ]
    case 'text':
      return [`${column} <> 'it''s'`, `length(${column}) < 50`, `${column} like 'a%'`, `lower(${column}) = ${column}`]
    case 'other':
      return [`${column} is not null or 1 = 1`, '1 = 1', `not (${column} is null and 1 = 2)`]
  }
}
