import {child, isTree, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {findNamed, partsOf} from './lookup.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

/** The table whose rows a statement changes. */
export interface WrittenTable {
  readonly table: Item
  /** The views through which it does so, the outermost first. */
  readonly views: readonly Item[]
  /** Whether a view has only some of the rows. */
  readonly isFiltered: boolean
  /** Returns the column of the table that a column of the outermost view is; undefined for an expression. */
  readonly columnOf: (name: string) => string | undefined
}

/** Returns the table behind a relation; undefined for a view that PostgreSQL cannot update by itself. */
export function writtenTable(model: SchemaModel, relation: Item): WrittenTable | undefined {
  if (relation.kind !== 'view') return {table: relation, views: [], isFiltered: false, columnOf: (name) => name}
  const query = queryOf(relation)
  const [source, ...others] = items(query, 'fromClause').map((item) => child(item, 'RangeVar'))
  const notSimple = ['groupClause', 'distinctClause', 'havingClause', 'limitCount', 'limitOffset', 'withClause', 'larg']
  if (source === undefined || others.length > 0 || notSimple.some((key) => query[key] !== undefined)) return undefined
  const inner = findNamed(model, 'table', partsOf(source))
  const written = inner === undefined ? undefined : writtenTable(model, inner)
  if (written === undefined) return undefined
  const names = namesIn(relation, items(query, 'targetList'))
  return {
    table: written.table,
    views: [relation, ...written.views],
    isFiltered: written.isFiltered || query['whereClause'] !== undefined,
    columnOf: (name) => {
      const column = names === undefined ? name : names.get(name)
      return column === undefined ? undefined : written.columnOf(column)
    },
  }
}

function queryOf({properties}: Item): Tree {
  const query: unknown = JSON.parse(properties['query'] ?? '{}')
  return isTree(query) ? child(query, 'SelectStmt') : {}
}

/** Returns the columns of the source by those of the view; undefined if all have the names of the source. */
function namesIn({properties}: Item, targets: readonly Tree[]): ReadonlyMap<string, string> | undefined {
  const columns = JSON.parse(properties['columns'] || '[]') as readonly string[]
  const results = targets.map((target) => child(target, 'ResTarget'))
  const names = results.map(({val}) => nameParts(child(isTree(val) ? val : {}, 'ColumnRef')['fields']).at(-1))
  const isStar = results.some(({val}) => JSON.stringify(val ?? null).includes('"A_Star"'))
  if (isStar) return undefined
  return new Map(
    results.flatMap((result, i) => {
      const name = names[i]
      return name === undefined ? [] : [[columns[i] ?? (textIn(result, 'name') || name), name] as const]
    }),
  )
}
