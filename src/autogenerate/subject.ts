import type {DatabaseSchema} from '@mikro-orm/sql'
import type {SqlContext} from '../operations/definition.ts'
import type {Execute} from '../operations/execute.ts'
import type {Operation} from '../operations/operation.ts'
import {splitName} from '../operations/names.ts'
import {columnOf} from '../catalogue/definitions/column.ts'
import {checkOf, foreignKeyOf} from '../catalogue/definitions/constraints.ts'
import {describeTable} from '../catalogue/definitions/table.ts'

/** Returns the name of what an operation is about, of which there may be several operations: a check is dropped and made. */
export function subjectOf(operation: Operation): string {
  const {table, name, column} = operation as {
    readonly table?: string
    readonly name?: string
    readonly column?: string
  }
  if (operation.kind === 'execute') {
    const texts = textsOf(operation)
    // Whether an index is made or dropped, one of the two texts drops it.
    return texts.find((text) => text.startsWith('drop index ')) ?? texts.join(' ')
  }
  if (operation.kind === 'dropTable' || operation.kind === 'createTable') return `table ${table}`
  if (operation.kind === 'setTableComment') return `comment of ${table}`
  if (operation.kind === 'setRowLevelSecurity') return `row-level security of ${table}`
  if (column !== undefined) return `${table}.${column}`
  if (name === undefined) return `${operation.kind.replace(/^(?:create|drop)/, '')} of ${table}`
  return [table, name].filter((part) => part !== undefined).join('.')
}

/** Returns what a schema that was read from a database says of what an operation is about, as text to compare. */
export function definitionIn(schema: DatabaseSchema, operation: Operation, context: SqlContext): string {
  return JSON.stringify(definitionOf(schema, operation, context) ?? null)
}

function definitionOf(schema: DatabaseSchema, operation: Operation, context: SqlContext): unknown {
  const {
    table: owner,
    name,
    column,
  } = operation as {readonly table?: string; readonly name?: string; readonly column?: string}
  const table = owner === undefined ? undefined : tableIn(schema, owner)
  switch (operation.kind) {
    case 'createTable':
    case 'dropTable':
      return table && describeTable(table, context)
    case 'setTableComment':
      return table?.comment ?? ''
    case 'setRowLevelSecurity':
      return [table?.rlsEnabled, table?.rlsForced]
    case 'createView':
    case 'dropView':
    case 'createMaterializedView':
    case 'dropMaterializedView':
      return schema.getView(name ?? '')?.definition
    case 'createFunction':
    case 'dropFunction':
    case 'createProcedure':
    case 'dropProcedure':
      return schema.getRoutines().filter((one) => one.name === splitName(name ?? '').name)
    case 'createTrigger':
    case 'dropTrigger':
      return table?.getTrigger(name ?? '')
    case 'createPolicy':
    case 'dropPolicy':
      return table?.getPolicy(name ?? '')
    case 'execute':
      return indexesNamedIn(schema, textsOf(operation).join(' '))
    default: {
      if (table === undefined) return Object.entries(schema.getNativeEnums()).filter(([key]) => key === name)
      if (column !== undefined) {
        const found = table.getColumn(column)
        return found && columnOf(found, table, context.dialect)
      }
      const check = table.getChecks().find((one) => one.name === name)
      const key = Object.values(table.getForeignKeys()).find((one) => one.constraintName === name)
      return [
        name === undefined ? table.getPrimaryKey() : table.getIndexes().find(({keyName}) => keyName === name),
        check && checkOf(check),
        key && foreignKeyOf(key),
      ]
    }
  }
}

function tableIn(schema: DatabaseSchema, name: string): ReturnType<DatabaseSchema['getTable']> {
  const parts = splitName(name)
  return parts.schema === undefined
    ? (schema.getTable(`${schema.name}.${name}`) ?? schema.getTable(name))
    : schema.getTable(name)
}

/** What an index that only SQL describes is made and dropped by. */
function textsOf({sql, inverse = ''}: Execute): string[] {
  return [sql, inverse].map((text) => (typeof text === 'string' ? text : JSON.stringify(text)))
}

/** An index that is there only as SQL is found by its name. */
function indexesNamedIn(schema: DatabaseSchema, sql: string): unknown {
  const words = new Set(sql.split(/[^\p{L}\p{N}_$]+/u))
  return schema.getTables().flatMap((table) => table.getIndexes().filter(({keyName}) => words.has(keyName)))
}
