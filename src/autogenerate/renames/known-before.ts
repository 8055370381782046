import {joinName, nextTo, splitName} from '../../operations/names.ts'
import type {Operation} from '../../operations/operation.ts'
import type {IsKnown} from '../unknown.ts'

/** Returns a function that looks objects up by the names that they had before renames: the history knows only those. */
export function knownBefore(
  renames: readonly Operation[],
  isKnown: IsKnown,
  defaultSchema: string | undefined,
): IsKnown {
  if (renames.length === 0) return isKnown
  const tables = new Map<string, string>()
  const columns = new Map<string, string>()
  const plain = (table: string): string => withoutSchema(table, defaultSchema)
  const renamed = (from: string, to: string): void => {
    const before = tables.get(plain(from)) ?? plain(from)
    tables.delete(plain(from))
    tables.set(plain(to), before)
  }
  for (const operation of renames) {
    if (operation.kind === 'renameTable') renamed(operation.table, nextTo(operation.table, operation.to))
    if (operation.kind === 'moveTable')
      renamed(operation.table, joinName(operation.to, splitName(operation.table).name))
    if (operation.kind === 'renameColumn')
      columns.set(`${operation.table}.${operation.to}`, `${operation.table}.${operation.column}`)
  }
  return async (kind, name) => {
    const before = columns.get(name) ?? name
    const table = before.slice(0, before.lastIndexOf('.'))
    const old = tables.get(table)
    return isKnown(kind, tables.get(before) ?? (old === undefined ? before : `${old}${before.slice(table.length)}`))
  }
}

function withoutSchema(table: string, defaultSchema: string | undefined): string {
  const {schema, name} = splitName(table)
  return joinName(schema === defaultSchema ? undefined : schema, name)
}
