import type {DatabaseKind} from '../../support/databases.ts'
import type {PlannedColumn} from './column-source.ts'
import type {TablePlan} from './plan.ts'

/** Returns the option `triggers` of a table; no trigger changes anything. */
export function triggerSources(
  table: TablePlan,
  columns: readonly PlannedColumn[],
  kind: DatabaseKind,
): readonly string[] {
  const named = table.triggers.filter(({name}, at) => table.triggers.findIndex((other) => other.name === name) === at)
  if (named.length === 0 || columns.length === 0) return []
  const sources = named.map(({name, form}) => {
    const timing = form % 2 === 0 ? 'after' : 'before'
    const event = (['insert', 'update', 'delete'] as const)[form % 3]
    return `{name: 'trigger_${table.id}_${name}', timing: '${timing}', events: ['${event}'], body: ${bodies[kind]}}`
  })
  return [`triggers: [${sources.join(', ')}]`]
}

const bodies: Readonly<Record<DatabaseKind, string>> = {
  postgresql: "'RETURN coalesce(NEW, OLD);'",
  pglite: "'RETURN coalesce(NEW, OLD);'",
  sqlite: "'select 1;'",
  mariadb: "'set @seen = 1;'",
  mysql: "'set @seen = 1;'",
}
