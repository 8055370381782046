import type {DatabaseKind} from '../../support/databases.ts'
import {columnsOf} from './column-source.ts'
import {tableName} from './names.ts'
import type {Features, Plan, TablePlan} from './plan.ts'

/** Returns the answers that say which tables and columns were renamed, unless something else has their old name. */
export function renamesBetween(before: Plan, after: Plan, features: Features, kind: DatabaseKind): readonly string[] {
  const names = new Set(after.tables.map((table) => qualified(table, features)))
  return after.tables.flatMap((table) => {
    const old = before.tables.find(({id}) => id === table.id)
    if (old === undefined) return []
    const [was, now] = [qualified(old, features), qualified(table, features)]
    if (was !== now && names.has(was)) return []
    const columns = columnsOf(table, features, kind)
    const renamed = columnsOf(old, features, kind).flatMap(({plan, name}) => {
      const newName = columns.find((column) => column.plan.id === plan.id)?.name
      const isKept = newName === undefined || columns.some((column) => column.name === name)
      return isKept ? [] : [`${now}.${name}:${newName}`]
    })
    return [...(was === now ? [] : [`${was}:${now}`]), ...renamed]
  })
}

function qualified({name, isElsewhere}: TablePlan, features: Features): string {
  return isElsewhere && features.schemas ? `other.${tableName(name, features)}` : tableName(name, features)
}
