import type {DatabaseSchema, DatabaseTable} from '@mikro-orm/sql'
import type {ComparedObject, Filters} from '../config/autogenerate.ts'
import type {SqlContext} from '../operations/definition.ts'
import {tableNameOf} from '../catalogue/definitions/table.ts'

/** Removes objects from two schemas that are excluded from the comparison. */
export function filterSchemas(
  live: DatabaseSchema,
  target: DatabaseSchema,
  filters: Filters,
  context: SqlContext,
): void {
  const contents = [contentsOf(live, context), contentsOf(target, context)] as const
  const sides = [
    {schema: live, isIn: 'database', others: contents[1]},
    {schema: target, isIn: 'entities', others: contents[0]},
  ] as const
  for (const {schema, isIn, others} of sides) {
    const isWanted = (kind: ComparedObject['kind'], name: string, table?: string): boolean => {
      const hasCounterpart = others.has(keyOf(kind, name, table))
      return isIncluded({kind, name, table, isIn, hasCounterpart}, filters)
    }
    schema.setTables(schema.getTables().filter((table) => isWanted('table', tableNameOf(table, context))))
    schema.setViews(schema.getViews().filter((view) => isWanted('view', tableNameOf(view, context))))
    const unwanted = schema.getRoutines().filter((routine) => !isWanted('routine', routine.name))
    // MikroORM returns its internal array, so removing items from it is enough.
    for (const routine of unwanted) schema.getRoutines().splice(schema.getRoutines().indexOf(routine), 1)
    if (filters.includeName !== undefined || filters.includeObject !== undefined)
      for (const table of schema.getTables()) filterTable(table, tableNameOf(table, context), isWanted)
  }
}

type IsWanted = (kind: ComparedObject['kind'], name: string, table: string) => boolean

function filterTable(table: DatabaseTable, name: string, isWanted: IsWanted): void {
  for (const column of table.getColumns()) if (!isWanted('column', column.name, name)) table.removeColumn(column.name)
  table.setIndexes(table.getIndexes().filter((index) => index.primary || isWanted('index', index.keyName, name)))
  table.setChecks(table.getChecks().filter((check) => isWanted('check', check.name, name)))
  table.setTriggers(table.getTriggers().filter((trigger) => isWanted('trigger', trigger.name, name)))
  const keys = Object.entries(table.getForeignKeys()).filter(([key]) => isWanted('foreignKey', key, name))
  table.setForeignKeys(Object.fromEntries(keys))
}

/** Returns whether the patterns of the configuration include a table or view. */
export function isChosen(name: string, {include, exclude = []}: Filters): boolean {
  const fits = (pattern: string): boolean => matches(pattern, name)
  return !exclude.some(fits) && include?.some(fits) !== false
}

function isIncluded(object: ComparedObject, filters: Filters): boolean {
  const {includeName, includeObject} = filters
  if ((object.kind === 'table' || object.kind === 'view') && !isChosen(object.name, filters)) return false
  return includeName?.(object.name, object.kind, object.table) !== false && includeObject?.(object) !== false
}

/** Returns whether a name, with or without its schema, matches a pattern. */
function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  const expression = new RegExp(`^${parts.join('.*')}$`, 'i')
  return expression.test(name) || expression.test(name.slice(name.indexOf('.') + 1))
}

function contentsOf(schema: DatabaseSchema, context: SqlContext): ReadonlySet<string> {
  const found = new Set<string>()
  for (const table of schema.getTables()) {
    const name = tableNameOf(table, context)
    found.add(keyOf('table', name))
    for (const column of table.getColumns()) found.add(keyOf('column', column.name, name))
    for (const {keyName} of table.getIndexes()) found.add(keyOf('index', keyName, name))
    for (const check of table.getChecks()) found.add(keyOf('check', check.name, name))
    for (const trigger of table.getTriggers()) found.add(keyOf('trigger', trigger.name, name))
    for (const key of Object.keys(table.getForeignKeys())) found.add(keyOf('foreignKey', key, name))
  }
  for (const view of schema.getViews()) found.add(keyOf('view', tableNameOf(view, context)))
  for (const {name} of schema.getRoutines()) found.add(keyOf('routine', name))
  return found
}

function keyOf(kind: ComparedObject['kind'], name: string, table?: string): string {
  return JSON.stringify([kind, name, table ?? null])
}
