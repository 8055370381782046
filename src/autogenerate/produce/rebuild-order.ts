import type {ForeignKey} from '../../operations/constraints/constraint.ts'
import type {Operation} from '../../operations/operation.ts'
import {stages as order} from '../../operations/stage.ts'
import type {Stage} from '../../operations/stage.ts'

/** Stages whose operations SQLite combines into one table rebuild. */
const rebuilt: readonly Stage[] = [
  ...(['dropForeignKey', 'dropCheck', 'dropPrimaryKey', 'dropColumn', 'addColumn', 'alterColumn'] as const),
  ...(['createPrimaryKey', 'createCheck', 'createForeignKey'] as const),
]

const [first, last] = [order.indexOf('dropForeignKey'), order.indexOf('createForeignKey')]
const between = order.slice(first, last + 1).filter((stage) => !rebuilt.includes(stage))
const afterwards: readonly Stage[] = ['createIndex', 'comment']

/**
 * Returns operations in the order in which each table is rebuilt once. SQLite checks the foreign keys of a table, and
 * those that reference it, after each rebuild, which fails where the columns that a key references are no key
 * themselves: such foreign keys are dropped before, and created after, everything else.
 *
 * @param at returns the operations of some stages, in order
 */
export function inRebuildOrder(at: (stages: readonly Stage[]) => readonly Operation[]): readonly Operation[] {
  const operations = at(order)
  const isUnsettled = ({references, referencedColumns}: ForeignKey, table: string): boolean =>
    operations.some((operation) => changesKey(operation, references, referencedColumns, table === references))
  const {
    early = [],
    late = [],
    tables = [],
    others = [],
  } = Object.groupBy(at(order.slice(first, last + 1)), (operation) => {
    switch (operation.kind) {
      case 'dropConstraint':
        return isKey(operation.was) && isUnsettled(operation.was, operation.table) ? 'early' : 'others'
      case 'createForeignKey':
        return isUnsettled(operation, operation.table) ? 'late' : 'others'
      case 'createTable':
        return operation.foreignKeys?.some((key) => isUnsettled(key, operation.table)) ? 'tables' : 'others'
      default:
        return 'others'
    }
  })
  const among = (stages: readonly Stage[]): readonly Operation[] =>
    at(stages).filter((operation) => others.includes(operation))
  const created = new Set(tables.map((operation) => ('table' in operation ? operation.table : undefined)))
  const isOfCreated = (operation: Operation): boolean =>
    operation.kind === 'createForeignKey' && created.has(operation.references)
  const rebuilds = among(rebuilt)
  return [
    ...at(order.slice(0, first)),
    ...byTable(early),
    ...among(between.filter((stage) => !afterwards.includes(stage))),
    ...byTable(rebuilds.filter((operation) => !isOfCreated(operation))),
    ...tables,
    ...among(between.filter((stage) => afterwards.includes(stage))),
    ...byTable([...rebuilds.filter(isOfCreated), ...late]),
    ...at(order.slice(last + 1)),
  ]
}

function byTable(operations: readonly Operation[]): readonly Operation[] {
  return [
    ...Map.groupBy(operations, (operation) => ('table' in operation ? operation.table : undefined)).values(),
  ].flat()
}

function isKey<Constraint extends {readonly type: string}>(
  constraint: Constraint | undefined,
): constraint is Extract<Constraint, {readonly type: 'foreignKey'}> {
  return constraint?.type === 'foreignKey'
}

/**
 * Returns whether an operation changes the primary key or a unique index that a foreign key references.
 *
 * @param isOwn whether the key references its own table, all of whose changes but indexes are one rebuild
 */
function changesKey(operation: Operation, table: string, columns: readonly string[], isOwn: boolean): boolean {
  if (!('table' in operation) || operation.table !== table) return false
  const isOf = (unique: readonly string[]): boolean => new Set(unique).symmetricDifference(new Set(columns)).size === 0
  switch (operation.kind) {
    case 'dropPrimaryKey':
    case 'createPrimaryKey':
      return !isOwn
    case 'addColumn':
    case 'dropColumn':
      return !isOwn && columns.includes(operation.column)
    case 'createUniqueConstraint':
      return isOf(operation.columns)
    case 'dropConstraint':
      return operation.was?.type === 'unique' && isOf(operation.was.columns)
    default:
      return false
  }
}
