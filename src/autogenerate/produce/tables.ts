import type {DatabaseTable} from '@mikro-orm/sql'
import {dialects} from '../../dialects/dialects.ts'
import type {Unique} from '../../operations/constraints/constraint.ts'
import type {TableDefinition} from '../../operations/tables/table.ts'
import {without} from '../../util/objects.ts'
import {describeTable, tableNameOf} from '../../catalogue/definitions/table.ts'
import {createTriggers, dropTriggers} from './triggers.ts'
import {createPartitions, dropPartitions} from './partitions.ts'
import {createPolicies} from './policies.ts'
import type {Producing} from './producing.ts'

/**
 * Adds the operations for new tables: foreign keys follow once all tables exist, except keys that are part of the
 * table.
 */
export function produceNewTables(tables: readonly DatabaseTable[], producing: Producing): void {
  const {context, stages} = producing
  for (const table of inOrderOfKeys(tables, context)) {
    const {table: name, definition: whole, statements} = describeTable(table, context)
    const {definition, twins} = withoutTwins(whole, context)
    const {foreignKeys = []} = definition
    const isInline = dialects[context.dialect].capabilities.rebuildsTables
    stages.add({
      kind: 'createTable',
      table: name,
      ...(isInline ? definition : without(definition, 'foreignKeys')),
    })
    createPartitions(table, producing)
    stages.add(...twins.map((twin) => ({kind: 'createUniqueConstraint', table: name, ...twin}) as const))
    if (!isInline) stages.add(...foreignKeys.map((key) => ({kind: 'createForeignKey', table: name, ...key}) as const))
    stages.addAt('createIndex', ...statements)
    createTriggers(table, table.getTriggers(), producing)
    createPolicies(table, producing)
  }
}

/** Adds the operations for dropped tables, dependents first. */
export function produceRemovedTables(tables: readonly DatabaseTable[], producing: Producing): void {
  const {context, stages} = producing
  for (const table of inOrderOfKeys(tables, context).toReversed()) {
    const {table: name, definition: whole} = describeTable(table, context)
    const {definition, twins} = withoutTwins(whole, context)
    const {foreignKeys = []} = definition
    const isInline = dialects[context.dialect].capabilities.rebuildsTables
    const was = isInline ? definition : without(definition, 'foreignKeys')
    dropTriggers(table, table.getTriggers(), producing)
    if (!isInline)
      stages.add(
        ...foreignKeys.map(
          ({name: key = '', ...rest}) =>
            ({kind: 'dropConstraint', table: name, name: key, was: {type: 'foreignKey', ...rest}}) as const,
        ),
      )
    dropPartitions(table, producing)
    stages.add(
      ...twins.map(
        ({name: twin = '', ...rest}) =>
          ({kind: 'dropConstraint', table: name, name: twin, was: {type: 'unique', ...rest}}) as const,
      ),
    )
    stages.add({kind: 'dropTable', table: name, was})
  }
}

/**
 * Returns a table without the unique constraints that equal another one but for the name: PostgreSQL would make one of
 * them in the same statement.
 */
function withoutTwins(
  definition: TableDefinition,
  {capabilities}: Producing['context'],
): {readonly definition: TableDefinition; readonly twins: readonly Unique[]} {
  const {unique = []} = definition
  if (!capabilities.mergesUniques) return {definition, twins: []}
  const seen = new Set<string>()
  const twins = unique.filter((one) => {
    const key = JSON.stringify(without(one, 'name'))
    const isTwin = seen.has(key)
    seen.add(key)
    return isTwin
  })
  if (twins.length === 0) return {definition, twins}
  return {definition: {...definition, unique: unique.filter((one) => !twins.includes(one))}, twins}
}

/** Returns tables ordered so that each follows the tables it references where possible, and otherwise by name. */
function inOrderOfKeys(tables: readonly DatabaseTable[], context: Producing['context']): readonly DatabaseTable[] {
  const named = new Map(tables.map((table) => [tableNameOf(table, context), table]))
  const sorted = [...named.keys()].toSorted()
  const placed = new Set<string>()
  const waiting = new Set(sorted)
  while (waiting.size > 0) {
    const ready = [...waiting].filter((name) =>
      referredBy(named.get(name)).every((other) => other === name || !waiting.has(other)),
    )
    // Foreign keys that form a cycle have no order.
    const next = ready.length > 0 ? ready : [...waiting].slice(0, 1)
    for (const name of next) {
      placed.add(name)
      waiting.delete(name)
    }
  }
  return [...placed].flatMap((name) => named.get(name) ?? [])
}

function referredBy(table: DatabaseTable | undefined): readonly string[] {
  return Object.values(table?.getForeignKeys() ?? {}).map((key) => key.referencedTableName.replace(/^public\./, ''))
}
