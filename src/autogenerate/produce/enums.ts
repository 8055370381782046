import type {SqlContext} from '../../operations/definition.ts'
import type {AlterColumn} from '../../operations/columns/alter-column.ts'
import type {Operation} from '../../operations/operation.ts'
import type {OperationRegistry} from '../../operations/registry.ts'
import type {AddEnumValue, ReplaceEnum} from '../../operations/types/enum.ts'
import {enumUseOf} from '../../operations/types/enum-users.ts'
import type {EnumColumn, EnumUse} from '../../operations/types/enum-users.ts'
import {without} from '../../util/objects.ts'
import type {Producing} from './producing.ts'

/**
 * Fits the changes of enums into their revision: objects that it drops before are no longer there, and a default that
 * changes is removed before and set afterwards, since either value can be missing from the other enum.
 */
export function settleEnums({stages, context}: Producing): void {
  if (!stages.at('alterEnum').some(isOfEnum)) return
  const gone = goneBefore(stages.before('alterEnum'), stages.registry, context)
  const enums = stages.at('alterEnum').map((operation) => withoutGone(operation, gone))
  const defaults = enums
    .filter((operation) => operation.kind === 'replaceEnum')
    .flatMap(({columns = []}) => columns.filter((column) => column.default !== undefined))
  const isMoved = (operation: Operation): operation is AlterColumn =>
    operation.kind === 'alterColumn' &&
    operation.set.default !== undefined &&
    defaults.some((column) => isOn(column, operation))
  const moved = stages.at('alterColumn').filter(isMoved)
  stages.replace('alterEnum', [
    ...enums.filter(isRename),
    ...moved.map(({table, column, was}): Operation => {
      const value = was?.default ?? null
      return {kind: 'alterColumn', table, column, set: {default: null}, was: {default: value}}
    }),
    ...enums
      .filter((operation) => !isRename(operation))
      .map((operation) => (operation.kind === 'replaceEnum' ? withoutDefaults(operation, moved) : operation)),
  ])
  stages.replace(
    'alterColumn',
    stages.at('alterColumn').flatMap((operation) => (isMoved(operation) ? fromNothing(operation) : [operation])),
  )
}

const isOfEnum = (operation: Operation): operation is ReplaceEnum | AddEnumValue =>
  operation.kind === 'replaceEnum' || operation.kind === 'addEnumValue'

const isRename = ({kind}: Operation): boolean => kind === 'renameEnumValue'

const isOn = ({table, column}: EnumColumn, operation: AlterColumn): boolean =>
  operation.table === table && operation.column === column

function withoutDefaults(operation: ReplaceEnum, changed: readonly AlterColumn[]): Operation {
  const columns = operation.columns?.map((column) =>
    changed.some((change) => isOn(column, change)) ? without(column, 'default') : column,
  )
  return {...operation, ...(columns && {columns})}
}

/** Returns a change of a column whose default has been removed before. */
function fromNothing({set, was, ...operation}: AlterColumn): readonly Operation[] {
  const change = set.default === null ? without(set, 'default') : set
  if (Object.keys(change).length === 0) return []
  const {default: _, ...before} = was ?? {}
  return [{...operation, set: change, was: set.default === null ? before : {...before, default: null}}]
}

/** Objects that no longer exist when the enums change. */
interface Gone {
  readonly tables: ReadonlySet<string>
  readonly columns: ReadonlySet<string>
  /** The statements that have dropped objects. */
  readonly statements: ReadonlySet<string>
  /** The ends of statements that drop something of a table. */
  readonly ofTables: readonly string[]
}

function goneBefore(before: readonly Operation[], registry: OperationRegistry, context: SqlContext): Gone {
  const removed = before.filter((operation) => registry.definitionOf(operation).change === 'removes')
  const tables = removed.flatMap((operation) => (operation.kind === 'dropTable' ? operation.table : []))
  const columns = removed.flatMap((operation) =>
    operation.kind === 'dropColumn' ? JSON.stringify([operation.table, operation.column]) : [],
  )
  const statements = removed.flatMap((operation) => {
    const result = registry.definitionOf(operation).sql(operation as never, context)
    return Array.isArray(result) ? result.map(String) : 'text' in result ? [result.text] : []
  })
  return {
    tables: new Set(tables),
    columns: new Set(columns),
    statements: new Set(statements),
    ofTables: tables.flatMap((table) => [` on ${context.quote(table)}`, `alter table ${context.quote(table)} `]),
  }
}

function withoutGone(operation: Operation, gone: Gone): Operation {
  switch (operation.kind) {
    case 'replaceEnum':
      return {...without(operation, 'columns', 'domains', 'dependents'), ...remaining(operation, gone)}
    case 'addEnumValue':
      if (operation.was === undefined) return operation
      return {...operation, was: {values: operation.was.values, ...remaining(operation.was, gone)}}
    default:
      return operation
  }
}

function remaining({columns = [], domains = [], dependents = []}: EnumUse, gone: Gone): EnumUse {
  const isGone = (drop: string): boolean =>
    gone.statements.has(drop) || gone.ofTables.some((part) => drop.startsWith(part) || drop.endsWith(part))
  return enumUseOf({
    columns: columns.filter(
      ({table, column}) => !gone.tables.has(table) && !gone.columns.has(JSON.stringify([table, column])),
    ),
    domains,
    dependents: dependents.filter(({drop}) => !isGone(drop)),
  })
}
