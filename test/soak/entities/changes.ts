import type {CheckPlan, ColumnPlan, IndexPlan, Plan, RelationPlan, TablePlan, TriggerPlan, ViewPlan} from './plan.ts'

/** A change of entities; tables and columns are named by their position, which counts from the start after the end. */
export type Change =
  | {
      readonly kind: 'set column'
      readonly table: number
      readonly at: number
      readonly column: ColumnPlan
      readonly what: number
    }
  | {
      readonly kind: 'replace column' | 'add column'
      readonly table: number
      readonly at: number
      readonly column: ColumnPlan
    }
  | {readonly kind: 'drop column'; readonly table: number; readonly at: number}
  | {readonly kind: 'rename column'; readonly table: number; readonly at: number; readonly name: number}
  | {readonly kind: 'add table'; readonly table: TablePlan}
  | {readonly kind: 'drop table'; readonly table: number}
  | {readonly kind: 'rename table'; readonly table: number; readonly name: number}
  | {readonly kind: 'set table'; readonly table: number; readonly to: TablePlan; readonly what: number}
  | {readonly kind: 'set relations'; readonly table: number; readonly to: readonly RelationPlan[]}
  | {
      readonly kind: 'set relation'
      readonly table: number
      readonly at: number
      readonly relation: RelationPlan
      readonly what: number
    }
  | {readonly kind: 'set indexes'; readonly table: number; readonly to: readonly IndexPlan[]}
  | {readonly kind: 'set checks'; readonly table: number; readonly to: readonly CheckPlan[]}
  | {readonly kind: 'set triggers'; readonly table: number; readonly to: readonly TriggerPlan[]}
  | {readonly kind: 'set views'; readonly to: readonly ViewPlan[]}

/** Ids of what is added, which nothing before the change has. */
const added = 100

/** Returns a plan after a change. */
export function changed(plan: Plan, change: Change, turn: number): Plan {
  const on = (table: number, act: (table: TablePlan) => TablePlan): Plan => withTable(plan, table, act)
  switch (change.kind) {
    case 'set column':
      return on(change.table, (table) => withColumn(table, change.at, (old) => setColumn(old, change)))
    case 'replace column':
      return on(change.table, (table) => withColumn(table, change.at, ({id, name}) => ({...change.column, id, name})))
    case 'add column':
      return on(change.table, (table) => ({
        ...table,
        columns: withNew(table.columns, {...change.column, id: added + turn}),
      }))
    case 'drop column':
      return on(change.table, (table) => ({
        ...table,
        columns: table.columns.toSpliced(placeIn(table.columns, change.at), 1),
      }))
    case 'rename column':
      return on(change.table, (table) => {
        const isTaken = table.columns.some(({name}) => name === change.name)
        return isTaken ? table : withColumn(table, change.at, (column) => ({...column, name: change.name}))
      })
    case 'add table':
      return {...plan, tables: withNew(plan.tables, {...change.table, id: added + turn})}
    case 'drop table':
      // Without any entities, nothing is compared.
      if (plan.tables.length === 1) return plan
      return {...plan, tables: plan.tables.toSpliced(placeIn(plan.tables, change.table), 1)}
    case 'rename table': {
      const isTaken = plan.tables.some(({name}) => name === change.name)
      return isTaken ? plan : on(change.table, (table) => ({...table, name: change.name}))
    }
    case 'set table':
      return on(change.table, (table) => setTable(table, change))
    case 'set relations':
      return on(change.table, (table) => ({...table, relations: change.to}))
    case 'set relation':
      return on(change.table, (table) => {
        const at = placeIn(table.relations, change.at)
        const relations = table.relations.map((old, i) => (i === at ? setRelation(old, change) : old))
        return {...table, relations}
      })
    case 'set indexes':
      return on(change.table, (table) => ({...table, indexes: change.to}))
    case 'set checks':
      return on(change.table, (table) => ({...table, checks: change.to}))
    case 'set triggers':
      return on(change.table, (table) => ({...table, triggers: change.to}))
    case 'set views':
      return {...plan, views: change.to}
  }
}

function setColumn(old: ColumnPlan, {column, what}: {readonly column: ColumnPlan; readonly what: number}): ColumnPlan {
  const {type, items, isNullable, default: initial, indexed, comment, check} = column
  const parts = [{default: initial}, {isNullable}, {type}, {items}, {indexed}, {comment}, {check}]
  return {...old, ...parts[what % parts.length]}
}

function setTable(old: TablePlan, {to, what}: {readonly to: TablePlan; readonly what: number}): TablePlan {
  // A table is not partitioned afterwards, and rows do not move to other partitions.
  const parts = [{comment: to.comment}, {key: to.key}, {isElsewhere: to.isElsewhere}]
  return {...old, ...parts[what % parts.length]}
}

function setRelation(
  old: RelationPlan,
  {relation, what}: {readonly relation: RelationPlan; readonly what: number},
): RelationPlan {
  const {kind, target, isNullable, rules} = relation
  const parts = [{rules}, {isNullable}, {kind}, {target}]
  return {...old, ...parts[what % parts.length]}
}

function withTable(plan: Plan, at: number, act: (table: TablePlan) => TablePlan): Plan {
  const place = placeIn(plan.tables, at)
  return {...plan, tables: plan.tables.map((table, i) => (i === place ? act(table) : table))}
}

function withColumn(table: TablePlan, at: number, act: (column: ColumnPlan) => ColumnPlan): TablePlan {
  const place = placeIn(table.columns, at)
  return {...table, columns: table.columns.map((column, i) => (i === place ? act(column) : column))}
}

function withNew<Item extends {readonly name: number}>(items: readonly Item[], item: Item): readonly Item[] {
  return items.some(({name}) => name === item.name) ? items : [...items, item]
}

const placeIn = (items: readonly unknown[], at: number): number => at % Math.max(items.length, 1)
