import type {DatabaseKind} from '../../support/databases.ts'
import {columnSource, columnsOf} from './column-source.ts'
import {indexSources} from './index-source.ts'
import {columnName, literal, propertyOf, tableName} from './names.ts'
import type {Features, Plan, RelationPlan, TablePlan} from './plan.ts'
import {keySource} from './key-source.ts'
import {triggerSources} from './trigger-source.ts'
import {viewSource} from './view-source.ts'

/** Returns entities as source text that pushes them to `entities`. */
export function sourceOf(plan: Plan, features: Features, kind: DatabaseKind): string {
  const tables = plan.tables.map((table) => tableSource(table, plan, features, kind))
  const views = features.views ? plan.views.flatMap((view) => viewSource(view, plan, features, kind) ?? []) : []
  return [...tables, ...views].join('')
}

function tableSource(table: TablePlan, plan: Plan, features: Features, kind: DatabaseKind): string {
  const name = tableName(table.name, features)
  const columns = columnsOf(table, features, kind)
  const taken = new Set([...columns.map((column) => column.name), 'id', 'part'])
  const partitioned = features.partitions && table.partitions > 0
  const relations = features.relations ? relationSources(table, plan, features, kind, taken) : []
  const properties = [
    ...keySource(table, features, kind),
    ...columns.map((column) => `${propertyOf(column.name)}: ${columnSource(column, features, kind)}`),
    ...relations,
  ]
  const checks = features.checks ? columns.flatMap(({checks: own}) => own) : []
  const options = [
    `name: 'T${table.id}'`,
    `tableName: ${literal(name)}`,
    ...(features.schemas && table.isElsewhere ? ["schema: 'other'"] : []),
    ...(features.comments && table.comment > 0 ? [`comment: ${comments[table.comment % comments.length]}`] : []),
    ...(partitioned ? [`partitionBy: {type: 'hash', expression: ['id'], partitions: ${table.partitions}}`] : []),
    `properties: {\n    ${properties.join(',\n    ')},\n  }`,
    ...indexSources(table, columns, features, kind),
    ...(checks.length > 0 ? [`checks: [${checks.join(', ')}]`] : []),
    ...(features.triggers ? triggerSources(table, columns, kind) : []),
  ]
  return `const T${table.id} = defineEntity({\n  ${options.join(',\n  ')},\n})\nentities.push(T${table.id})\n`
}

const comments = ["''", "'a'", `"it's b"`, "'c\\nd'"]

function relationSources(
  table: TablePlan,
  plan: Plan,
  features: Features,
  kind: DatabaseKind,
  taken: Set<string>,
): readonly string[] {
  return table.relations.flatMap((relation) => {
    const target = plan.tables[relation.target % plan.tables.length]
    const name = `${columnName(relation.name, {...features, oddNames: false})}_r`
    if (target === undefined || taken.has(name)) return []
    taken.add(name)
    return [`${name}: ${relationSource(withoutUnique(relation, features), target, kind)}`]
  })
}

function relationSource(relation: RelationPlan, target: TablePlan, kind: DatabaseKind): string {
  const {kind: relationKind, isNullable, rules} = relation
  const start = `() => p.${relationKind}(T${target.id})`
  if (relationKind === 'manyToMany') return start
  const isPostgres = kind === 'postgresql' || kind === 'pglite'
  const forms = [
    '',
    ".deleteRule('cascade')",
    isNullable ? ".deleteRule('set null')" : '',
    ".updateRule('no action')",
    ".deleteRule('no action')",
    isPostgres ? ".deferMode('deferred')" : '',
    '.createForeignKeyConstraint(false)',
    ".foreignKeyName('named_key')",
  ]
  return `${start}${isNullable ? '.nullable()' : ''}${forms[rules % forms.length]}`
}

/** A unique column would have to be part of the key of a partitioned table. */
function withoutUnique(relation: RelationPlan, {partitions}: Features): RelationPlan {
  return relation.kind === 'oneToOne' && partitions ? {...relation, kind: 'manyToOne'} : relation
}
