import type {AlterColumn} from '../../operations/columns/alter-column.ts'
import {constraintOf} from '../../operations/constraints/create-constraint.ts'
import {constraintSql, primaryKeySql} from '../../operations/constraints/constraint-sql.ts'
import type {DropConstraint} from '../../operations/constraints/drop-constraint.ts'
import type {SqlContext} from '../../operations/definition.ts'
import {OperationNotSupportedError} from '../../operations/errors.ts'
import type {Operation} from '../../operations/operation.ts'
import {columnText, constraintText} from './table-text.ts'
import type {Clause, ColumnText, TableText} from './table-text.ts'
import {isName, tokensOf} from './tokens.ts'

/** Returns what a table is after an operation that SQLite can do only by making the table anew. */
export function changeTable(table: TableText, operation: Operation, context: SqlContext): TableText {
  switch (operation.kind) {
    case 'addColumn': {
      const added = columnText(context.column(operation.column, operation.definition))
      return {...table, columns: [...table.columns, added]}
    }
    case 'dropColumn':
      return dropColumn(table, operation.column)
    case 'alterColumn':
      return alterColumn(table, operation, context)
    case 'createForeignKey':
    case 'createCheckConstraint': {
      const sql = constraintSql(constraintOf(operation), context)
      if (typeof sql !== 'string')
        throw new OperationNotSupportedError(operation.kind, context.dialect, sql.unsupported)
      return {...table, constraints: [...table.constraints, constraintText(sql)]}
    }
    case 'createPrimaryKey':
      return {...table, constraints: [...table.constraints, constraintText(primaryKeySql(operation, context))]}
    case 'dropPrimaryKey':
      return {
        ...withoutClauses(table, ({keyword}) => keyword === 'PRIMARY'),
        constraints: table.constraints.filter(({type}) => type !== 'PRIMARY'),
      }
    case 'dropConstraint':
      return dropConstraint(table, operation, context)
    default:
      throw new OperationNotSupportedError(operation.kind, context.dialect, 'a table is not made anew for it')
  }
}

/** Whether a part of a table, or the text of an index, names a column. */
export function mentions(sql: string, column: string): boolean {
  return tokensOf(sql).some((one) => isName(one, column))
}

/** With a column goes what stands on it, as on PostgreSQL. */
function dropColumn({columns, constraints, options}: TableText, column: string): TableText {
  return {
    options,
    columns: columns.filter(({name}) => !isSame(name, column)),
    constraints: constraints.filter(({type, columns: own, text}) =>
      type === 'CHECK' ? !mentions(text, column) : !own.some((name) => isSame(name, column)),
    ),
  }
}

function alterColumn(table: TableText, {column, set}: AlterColumn, context: SqlContext): TableText {
  const found = table.columns.find(({name}) => isSame(name, column))
  if (found === undefined)
    throw new OperationNotSupportedError('alterColumn', context.dialect, `the table has no column ${column}`)
  const {type, nullable, default: value, collation, generated} = set
  let {clauses} = found
  const replace = (keyword: Clause['keyword'], text: string | undefined): void => {
    clauses = clauses.filter((clause) => clause.keyword !== keyword)
    if (text !== undefined) clauses = [...clauses, {keyword, name: undefined, text}]
  }
  if (nullable !== undefined) {
    replace('NULL', undefined)
    replace('NOT', nullable ? undefined : 'not null')
  }
  if (value !== undefined) replace('DEFAULT', value === null ? undefined : `default ${context.default(value)}`)
  if (collation !== undefined) replace('COLLATE', collation === null ? undefined : `collate ${collation}`)
  if (generated !== undefined) {
    const kind = generated?.stored ? 'stored' : 'virtual'
    replace('GENERATED', generated === null ? undefined : `generated always as (${generated.as}) ${kind}`)
  }
  const changed: ColumnText = {...found, type: type === undefined ? found.type : context.type(type), clauses}
  return {...table, columns: table.columns.map((one) => (one === found ? changed : one))}
}

function dropConstraint(
  table: TableText,
  {name, was, table: tableName}: DropConstraint,
  {dialect}: SqlContext,
): TableText {
  const isNamed = (one: {readonly name: string | undefined}): boolean =>
    one.name !== undefined && isSame(one.name, name)
  const kept = withoutClauses(table, isNamed)
  const constraints = table.constraints.filter((one) => !isNamed(one))
  if (constraints.length < table.constraints.length || kept !== table) return {...kept, constraints}
  // A foreign key that was written without a name is known by its columns.
  const columns = was?.type === 'foreignKey' ? was.columns : []
  const isOf = (own: readonly string[]): boolean => columns.length > 0 && own.join() === columns.join()
  const others = table.constraints.filter((one) => !(one.type === 'FOREIGN' && isOf(one.columns)))
  if (others.length < table.constraints.length) return {...table, constraints: others}
  const [only] = columns.length === 1 ? columns : []
  const inline = table.columns.find((one) => only !== undefined && isSame(one.name, only))
  if (inline?.clauses.some(({keyword}) => keyword === 'REFERENCES'))
    return withoutClauses(table, ({keyword}, column) => keyword === 'REFERENCES' && column === inline)
  throw new OperationNotSupportedError('dropConstraint', dialect, `${tableName} has no constraint ${name}`)
}

/** Returns the same table when no column has such a clause. */
function withoutClauses(table: TableText, isGone: (clause: Clause, column: ColumnText) => boolean): TableText {
  if (!table.columns.some((column) => column.clauses.some((clause) => isGone(clause, column)))) return table
  const columns = table.columns.map((column) => ({
    ...column,
    clauses: column.clauses.filter((clause) => !isGone(clause, column)),
  }))
  return {...table, columns}
}

export const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
