import {child, isTree, items, nameParts} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {isBuiltInFunction} from './built-in-functions.ts'
import {Refusal} from './items.ts'
import type {Item, ItemId} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {columnNamed} from './scope.ts'
import type {Scope} from './scope.ts'

/**
 * Returns the primary keys that let a query select columns that it does not group by.
 *
 * @throws Refusal if there is none
 */
export function groupingKeys(model: SchemaModel, node: Tree, scope: Scope): readonly Item[] {
  const clause = items(node, 'groupClause')
  if (clause.length === 0 || !model.rules.isTyped || clause.some((item) => 'GroupingSet' in item)) return []
  const targets = items(node, 'targetList').map((item) => child(item, 'ResTarget')['val'])
  const written = clause.map((item) => targets[Number(child(child(item, 'A_Const'), 'ival')['ival']) - 1] ?? item)
  const columnsIn = (refs: readonly unknown[]): readonly Item[] =>
    refs.flatMap((ref) => (isTree(ref) ? (columnNamed(model, ref, scope) ?? []) : []))
  const grouped = new Set(columnsIn(written).map(({id}) => id))
  // What is grouped by an expression may be selected by it.
  if (written.some((item) => isTree(item) && !('ColumnRef' in item))) return []
  const others = columnsIn([...targets, node['havingClause']].flatMap(plainColumns)).filter(({id}) => !grouped.has(id))
  return [...new Set(others)].flatMap((column) => keyFor(model, column, grouped) ?? [])
}

/** Returns the columns in an expression outside of aggregates, and of functions and queries that are not known. */
function plainColumns(expression: unknown): readonly Tree[] {
  if (Array.isArray(expression)) return expression.flatMap(plainColumns)
  if (!isTree(expression)) return []
  if ('ColumnRef' in expression) return [expression]
  return Object.entries(expression).flatMap(([kind, value]) => {
    if (kind === 'SubLink') return []
    const name = kind === 'FuncCall' && isTree(value) ? nameParts(value['funcname']).at(-1) : undefined
    return name !== undefined && (isAggregate.test(name) || !isBuiltInFunction(name)) ? [] : plainColumns(value)
  })
}

const isAggregate =
  /_agg$|^(?:count|sum|avg|min|max|every|bool_\w+|bit_\w+|any_value|mode|percentile_\w+|rank|dense_rank|percent_rank|cume_dist|grouping|std\w*|var\w*|corr|covar\w*|regr\w*|xmlagg|range_\w+|\w*agg\w*)$/

function keyFor(model: SchemaModel, column: Item, grouped: ReadonlySet<ItemId>): Item | undefined {
  const table = model.get(column.parent ?? '')
  if (table?.kind !== 'table') return undefined
  const constraints = model.within(table, 'constraint')
  const isOf = ({properties}: Item): boolean => {
    const ids = JSON.parse(properties['*columns'] ?? '[]') as readonly ItemId[]
    return properties['type'] === 'primary' && ids.every((id) => grouped.has(id))
  }
  const usual = `${table.name}_pkey`
  const key = constraints.find(isOf) ?? constraints.find((one) => one.isOpen && one.name === usual)
  if (key !== undefined) return key
  const isKnown = !table.isOpen && constraints.every(({properties}) => properties['type'] !== undefined)
  if (isKnown || model.isGone('constraint', table.id, usual))
    throw new Refusal(`column ${table.name}.${column.name} is not grouped, and no primary key is`)
  return undefined
}
