import type {SchemaDifference} from '@mikro-orm/sql'
import {tableNameOf} from '../../catalogue/definitions/table.ts'
import {foreignKeyOf} from '../../catalogue/definitions/constraints.ts'
import type {Capabilities} from '../../dialects/capabilities.ts'
import type {AlterColumn} from '../../operations/columns/alter-column.ts'
import type {Operation} from '../../operations/operation.ts'
import {without} from '../../util/objects.ts'
import type {Producing} from './producing.ts'

/**
 * Drops and recreates the foreign keys that stay where one of their columns, or one they reference, changes in a way
 * that the database refuses while they exist.
 */
export function recreateKeys({fromSchema}: SchemaDifference, {context, stages}: Producing): void {
  const {keyTypeChanges} = context.capabilities
  if (keyTypeChanges === 'all') return
  const changed = changedColumns(stages.before('createForeignKey'), keyTypeChanges)
  const dropped = new Set(
    stages.at('dropForeignKey').flatMap((operation) => ('name' in operation ? placeOf(operation) : [])),
  )
  for (const table of fromSchema.getTables()) {
    const owner = tableNameOf(table, context)
    for (const key of Object.values(table.getForeignKeys())) {
      const definition = foreignKeyOf(key)
      const name = key.constraintName
      const {columns, references, referencedColumns} = definition
      const places = [
        ...columns.map((column) => placeOf({table: owner, name: column})),
        ...referencedColumns.map((column) => placeOf({table: references, name: column})),
      ]
      if (dropped.has(placeOf({table: owner, name})) || !places.some((place) => changed.has(place))) continue
      const was = {type: 'foreignKey', ...without(definition, 'name')} as const
      stages.add({kind: 'dropConstraint', table: owner, name, was})
      stages.add({kind: 'createForeignKey', table: owner, ...definition})
    }
  }
}

function placeOf({table, name}: {readonly table?: unknown; readonly name?: unknown}): string {
  return JSON.stringify([table, name])
}

/** Returns the columns that change in a way that foreign keys do not permit. */
function changedColumns(
  operations: readonly Operation[],
  permitted: Exclude<Capabilities['keyTypeChanges'], 'all'>,
): ReadonlySet<string> {
  const removed = new Set<string>()
  const changed = new Set<string>()
  for (const operation of operations) {
    if (operation.kind !== 'dropColumn' && operation.kind !== 'addColumn' && operation.kind !== 'alterColumn') continue
    const place = placeOf({table: operation.table, name: operation.column})
    if (operation.kind === 'dropColumn') removed.add(place)
    else if (operation.kind === 'addColumn' ? removed.has(place) : !isPermitted(operation, permitted))
      changed.add(place)
  }
  return changed
}

function isPermitted({set, was = {}}: AlterColumn, permitted: 'comparable' | 'none'): boolean {
  switch (permitted) {
    case 'none':
      return (set.type ?? set.unsigned ?? set.collation ?? set.autoincrement) === undefined
    case 'comparable':
      return set.type === undefined || familyOf(set.type) === familyOf(was.type ?? '')
  }
}

/** Returns a name for the types that can be compared with each other. */
function familyOf(type: string): string {
  const base = type.toLowerCase().replace(/\(.*/s, '').trim()
  if (/^(?:smallint|int|integer|bigint)$/.test(base)) return 'integer'
  return /^(?:varchar|text)$/.test(base) ? 'text' : base
}
