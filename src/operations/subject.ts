/** The types of objects that an operation can be about. */
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

/** The object that an operation is about. Operations that drop it and create it again have the same one. */
export interface Subject {
  readonly type: SubjectType
  /** The table that it is, or is a part of. */
  readonly table?: string | undefined
  readonly name?: string | undefined
}

/** Returns the name of a subject, with that of its table. */
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

/** Returns what finds the subject of operations on an object with a name, in a table or not. */
export const subjectOf =
  (type: SubjectType) =>
  ({table, name}: {readonly table?: string; readonly name?: string}): Subject => ({type, table, name})
