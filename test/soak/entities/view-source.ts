import type {DatabaseKind} from '../../support/databases.ts'
import {columnsOf, quoted} from './column-source.ts'
import {literal, tableName} from './names.ts'
import type {Features, Plan, ViewPlan} from './plan.ts'

/** Returns a view of a table that there is. */
export function viewSource(view: ViewPlan, plan: Plan, features: Features, kind: DatabaseKind): string | undefined {
  const table = plan.tables[view.table % plan.tables.length]
  const isDouble = plan.views.find(({name}) => name === view.name) !== view
  if (table === undefined || isDouble) return undefined
  const isPostgres = kind === 'postgresql' || kind === 'pglite'
  const isElsewhere = features.schemas && table.isElsewhere
  const from = `${isElsewhere ? '"other".' : ''}${quoted(tableName(table.name, features), kind)}`
  const [first] = columnsOf(table, features, kind)
  const column = first === undefined ? 'id' : quoted(first.name, kind)
  const expressions = [
    `select count(*) as n from ${from}`,
    `select ${column} as n from ${from}`,
    `select id as n from ${from} where ${column} is not null`,
    `select x.id as n, x.${column} as v from ${from} x`,
  ]
  const expression = expressions[view.form % expressions.length] ?? ''
  const isMaterialized = isPostgres && view.form > 3
  const schema = isElsewhere ? ["schema: 'other'"] : []
  const options = [
    `name: 'V${view.id}'`,
    `tableName: 'view_${view.name}'`,
    ...schema,
    `view: ${isMaterialized ? '{materialized: true}' : 'true'}`,
    `expression: ${literal(expression)}`,
    `properties: {n: p.integer().primary()${view.form % expressions.length === 3 ? ', v: p.string()' : ''}}`,
  ]
  return `const V${view.id} = defineEntity({\n  ${options.join(',\n  ')},\n})\nentities.push(V${view.id})\n`
}
