import type {DatabaseSchema, DatabaseTable, SqlRoutineDef} from '@mikro-orm/sql'
import type {SqlContext} from '../operations/definition.ts'
import {splitName} from '../operations/names.ts'
import {nameOfSubject} from '../operations/subject.ts'
import type {Subject, SubjectType} from '../operations/subject.ts'
import {columnOf} from '../catalogue/definitions/column.ts'
import {checkOf, foreignKeyOf} from '../catalogue/definitions/constraints.ts'
import {describeTable} from '../catalogue/definitions/table.ts'

/** Returns the key that identifies a subject: a check that is dropped and recreated keeps the same key. */
export function keyOfSubject(subject: Subject): string {
  const {type, table, name} = subject
  switch (type) {
    case 'table':
      return `table ${table}`
    case 'comment':
    case 'parameters':
    case 'rows':
      return `${type} of ${table}`
    case 'row security':
      return `row-level security of ${table}`
    case 'primary key':
      return name === undefined ? `PrimaryKey of ${table}` : nameOfSubject(subject)
    case 'schema':
    case 'extension':
    case 'sequence':
    case 'type':
    case 'column':
    case 'index':
    case 'constraint':
    case 'partition':
    case 'view':
    case 'routine':
    case 'trigger':
    case 'policy':
    case 'sql':
    case 'custom':
      return nameOfSubject(subject)
  }
}

/** Returns the definition of a subject in a schema read from a database, as text to compare. */
export function definitionIn(schema: DatabaseSchema, subject: Subject, context: SqlContext): string {
  const table = subject.table === undefined ? undefined : tableIn(schema, subject.table)
  return JSON.stringify(readers[subject.type]({schema, table, name: subject.name ?? '', context}) ?? null)
}

interface Reading {
  readonly schema: DatabaseSchema
  readonly table: DatabaseTable | undefined
  readonly name: string
  readonly context: SqlContext
}

/** Definitions that cannot be read compare as equal. */
const nothing = (): undefined => undefined

/** Readers for each type of subject, returning data to compare. */
const readers: Readonly<Record<SubjectType, (reading: Reading) => unknown>> = {
  schema: nothing,
  extension: nothing,
  sequence: nothing,
  type: ({schema, name}) => Object.entries(schema.getNativeEnums()).filter(([key]) => key === name),
  table: ({table, context}) => table && describeTable(table, context),
  comment: ({table}) => table?.comment ?? '',
  parameters: nothing,
  'row security': ({table}) => [table?.rlsEnabled, table?.rlsForced],
  rows: nothing,
  column: ({table, name, context}) => {
    const found = table?.getColumn(name)
    return table && found && columnOf(found, table, context.dialect)
  },
  index: partOf,
  constraint: partOf,
  'primary key': ({table}) => table?.getPrimaryKey(),
  partition: nothing,
  view: ({schema, name}) => schema.getView(name)?.definition,
  routine: ({schema, name}): readonly SqlRoutineDef[] =>
    schema.getRoutines().filter((routine) => routine.name === splitName(name).name),
  trigger: ({table, name}) => table?.getTrigger(name),
  policy: ({table, name}) => table?.getPolicy(name),
  sql: ({schema, name}) => indexesNamedIn(schema, name),
  custom: partOf,
}

/** Returns an index, a check or a foreign key of a table by its name. */
function partOf({table, name}: Reading): unknown {
  if (table === undefined) return undefined
  const check = table.getChecks().find((found) => found.name === name)
  const key = Object.values(table.getForeignKeys()).find(({constraintName}) => constraintName === name)
  return [table.getIndexes().find(({keyName}) => keyName === name), check && checkOf(check), key && foreignKeyOf(key)]
}

function tableIn(schema: DatabaseSchema, name: string): DatabaseTable | undefined {
  const parts = splitName(name)
  return parts.schema === undefined
    ? (schema.getTable(`${schema.name}.${name}`) ?? schema.getTable(name))
    : schema.getTable(name)
}

/** An index defined only by SQL is found by its name. */
function indexesNamedIn(schema: DatabaseSchema, sql: string): unknown {
  const words = new Set(sql.split(/[^\p{L}\p{N}_$]+/u))
  return schema.getTables().flatMap((table) => table.getIndexes().filter(({keyName}) => words.has(keyName)))
}
