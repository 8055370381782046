import {MissingObjectError, OperationNotSupportedError} from '../../operations/errors.ts'
import type {Dialect} from '../../operations/operation.ts'
import type {ColumnAlteration, TableChange} from '../../operations/table-change.ts'
import {columnText, constraintText} from './table-text.ts'
import type {Clause, ColumnText, TableText} from './table-text.ts'
import {isName, tokensOf} from './tokens.ts'

/** A change to a table, and the kind of the operation that makes it. */
export interface RequestedChange {
  readonly kind: string
  readonly change: TableChange
}

/**
 * Returns a table definition after a change that requires a rebuild.
 *
 * @param name the name of the table, for messages
 * @throws MigError OPERATION_NOT_SUPPORTED
 */
export function changeTable(
  table: TableText,
  {kind, change}: RequestedChange,
  name: string,
  dialect: Dialect,
): TableText {
  switch (change.type) {
    case 'add column':
      return {...table, columns: [...table.columns, columnText(change.sql)]}
    case 'drop column':
      return dropColumn(table, change.column)
    case 'alter column': {
      const found = table.columns.find((column) => isSame(column.name, change.column))
      if (found === undefined) throw new MissingObjectError(kind, dialect, `the table has no column ${change.column}`)
      const changed = {
        ...table,
        columns: table.columns.map((column) => (column === found ? altered(found, change) : column)),
      }
      const counted = change.counts === undefined ? changed : countedBy(changed, change.column, change.counts)
      if (counted === undefined)
        throw new OperationNotSupportedError(kind, dialect, `only a primary key of one column can count`)
      return counted
    }
    case 'add constraint':
      return {...table, constraints: [...table.constraints, constraintText(change.sql)]}
    case 'drop primary key':
      return {
        ...withoutClauses(table, ({keyword}) => keyword === 'PRIMARY'),
        constraints: table.constraints.filter(({type}) => type !== 'PRIMARY'),
      }
    case 'drop unique': {
      const changed = dropUnique(table, change.columns)
      if (changed === undefined)
        throw new MissingObjectError(kind, dialect, `${name} has no unique constraint on ${change.columns.join(', ')}`)
      return changed
    }
    case 'drop constraint': {
      const changed = dropConstraint(table, change)
      if (changed === undefined) throw new MissingObjectError(kind, dialect, `${name} has no constraint ${change.name}`)
      return changed
    }
  }
}

/** Whether a part of a table definition, or the text of an index, mentions a column. */
export function mentions(sql: string, column: string): boolean {
  return tokensOf(sql).some((token) => isName(token, column))
}

/** Dropping a column also drops its dependents, as on PostgreSQL. */
function dropColumn({columns, constraints, options}: TableText, column: string): TableText {
  return {
    options,
    columns: columns.filter(({name}) => !isSame(name, column)),
    constraints: constraints.filter(({type, columns: own, text}) =>
      type === 'CHECK' ? !mentions(text, column) : !own.some((name) => isSame(name, column)),
    ),
  }
}

function altered(column: ColumnText, {columnType, clauses}: ColumnAlteration): ColumnText {
  const replaced = clauses.reduce<readonly Clause[]>(
    (all, {keyword, sql}) => [
      ...all.filter((clause) => clause.keyword !== keyword),
      ...(sql === undefined ? [] : [{keyword, name: undefined, text: sql}]),
    ],
    column.clauses,
  )
  return {...column, type: columnType ?? column.type, clauses: replaced}
}

/**
 * Returns a table whose primary key counts, or no longer does; undefined when the column alone is not the key. The key
 * that counts is a clause of its column.
 */
function countedBy(table: TableText, name: string, counts: boolean): TableText | undefined {
  const column = table.columns.find((candidate) => isSame(candidate.name, name))
  const key = table.constraints.find(({type}) => type === 'PRIMARY')
  const inline = column?.clauses.find(({keyword}) => keyword === 'PRIMARY')
  const isKey = inline !== undefined || (key?.columns.length === 1 && isSame(key.columns[0] ?? '', name))
  if (column === undefined || (counts && !isKey)) return undefined
  if (!counts && inline === undefined) return table
  const {columns} = withoutClauses(table, (clause) => clause === inline)
  if (!counts)
    return {...table, columns, constraints: [constraintText(`primary key (${column.quoted})`), ...table.constraints]}
  const clause = {keyword: 'PRIMARY', name: undefined, text: 'primary key autoincrement'} as const
  return {
    ...table,
    columns: columns.map((other) =>
      isSame(other.name, name) ? {...other, clauses: [...other.clauses, clause]} : other,
    ),
    constraints: table.constraints.filter((constraint) => constraint !== key),
  }
}

/** Returns the table without a constraint; undefined when it has no such constraint. */
function dropConstraint(
  table: TableText,
  {name, columns}: {readonly name: string; readonly columns: readonly string[]},
): TableText | undefined {
  const isNamed = (part: {readonly name: string | undefined}): boolean =>
    part.name !== undefined && isSame(part.name, name)
  const kept = withoutClauses(table, isNamed)
  const constraints = table.constraints.filter((constraint) => !isNamed(constraint))
  if (constraints.length < table.constraints.length || kept !== table) return {...kept, constraints}
  // An unnamed foreign key is identified by its columns.
  const isOf = (own: readonly string[]): boolean => columns.length > 0 && own.join() === columns.join()
  const others = table.constraints.filter((constraint) => !(constraint.type === 'FOREIGN' && isOf(constraint.columns)))
  if (others.length < table.constraints.length) return {...table, constraints: others}
  const [only] = columns.length === 1 ? columns : []
  const inline = table.columns.find((column) => only !== undefined && isSame(column.name, only))
  return inline?.clauses.some(({keyword}) => keyword === 'REFERENCES')
    ? withoutClauses(table, ({keyword}, column) => keyword === 'REFERENCES' && column === inline)
    : undefined
}

/** Returns the table without the unique constraints on some columns; undefined if there are none. */
function dropUnique(table: TableText, names: readonly string[]): TableText | undefined {
  const isOf = (columns: readonly string[]): boolean =>
    columns.length === names.length && columns.every((column, i) => isSame(column, names[i] ?? ''))
  const kept = withoutClauses(table, ({keyword}, column) => keyword === 'UNIQUE' && isOf([column.name]))
  const constraints = table.constraints.filter(({type, columns}) => type !== 'UNIQUE' || !isOf(columns))
  return kept === table && constraints.length === table.constraints.length ? undefined : {...kept, constraints}
}

/** Returns the same table object when no column has a matching clause. */
function withoutClauses(table: TableText, isGone: (clause: Clause, column: ColumnText) => boolean): TableText {
  if (!table.columns.some((column) => column.clauses.some((clause) => isGone(clause, column)))) return table
  const columns = table.columns.map((column) => ({
    ...column,
    clauses: column.clauses.filter((clause) => !isGone(clause, column)),
  }))
  return {...table, columns}
}

export const isSame = (name: string, other: string): boolean => name.toLowerCase() === other.toLowerCase()
