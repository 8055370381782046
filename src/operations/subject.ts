/** The types of objects that an operation can change. */
export type SubjectType =
  | 'schema'
  | 'extension'
  | 'sequence'
  | 'type'
  | 'table'
  | 'comment'
  | 'parameters'
  | 'row security'
  | 'rows'
  | 'column'
  | 'index'
  | 'constraint'
  | 'primary key'
  | 'partition'
  | 'view'
  | 'routine'
  | 'trigger'
  | 'policy'
  | 'sql'
  | 'custom'

/** The object that an operation changes. Operations that drop and recreate an object have the same subject. */
export interface Subject {
  readonly type: SubjectType
  /** The table itself, or the table that contains the object. */
  readonly table?: string | undefined
  readonly name?: string | undefined
}

/** Returns the name of a subject, qualified by its table. */
export function nameOfSubject({table, name}: Subject): string {
  return [table, name].filter((part) => part !== undefined).join('.')
}

/** The subject of operations on a table as a whole. */
export const tableSubject = ({table}: {readonly table: string}): Subject => ({type: 'table', table})

/** The subject of operations on a column. */
export const columnSubject = ({table, column}: {readonly table: string; readonly column: string}): Subject => ({
  type: 'column',
  table,
  name: column,
})

/** Returns a function that returns the subject of operations on a named object, in a table or not. */
export const subjectOf =
  (type: SubjectType) =>
  ({table, name}: {readonly table?: string; readonly name?: string}): Subject => ({type, table, name})
