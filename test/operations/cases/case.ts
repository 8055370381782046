import type {Dialect} from '../../../src/operations/operation.ts'
import type {Operations} from '../../../src/operations/operations.ts'

/** An operation that is compiled for every dialect, run where that is possible, reverted, and read back from its source. */
export interface OperationCase {
  /** A title: the action, as an imperative. */
  readonly name: string
  /** Creates the objects that it needs. It is not run where a dialect refuses the case. */
  readonly before?: (op: Operations) => void
  readonly run: (op: Operations) => void
  readonly sql: Readonly<Record<Dialect, Expected>>
  /** The rows that it inserts: the schema stays as it is, and nothing reverts it. */
  readonly inserts?: {readonly query: string; readonly rows: readonly object[]}
  /** Nothing reverts it. */
  readonly isIrreversible?: true
  /** An extension that not every PostgreSQL server has. */
  readonly extension?: string
}

/** The code with which mig refuses an operation; instead of a list it means every operation of the case. */
export const NOT_SUPPORTED = 'OPERATION_NOT_SUPPORTED'

export type Expected = typeof NOT_SUPPORTED | readonly Written[] | ServerRefusal

/** The result of an operation: a statement, or NOT_SUPPORTED. */
export type Written = string | Alone | Rebuilt

/** A statement that runs outside of a transaction. */
export interface Alone {
  readonly alone: string
}

export const alone = (sql: string): Alone => ({alone: sql})

/** A rebuild on SQLite, which needs the database: the table that it creates, and the statements that follow. */
export interface Rebuilt {
  readonly rebuilt: readonly string[]
}

export const rebuilt = (createTable: string, ...others: readonly string[]): Rebuilt => ({
  rebuilt: [createTable, ...others],
})

/** Statements that mig writes, and the server refuses with a code. */
export interface ServerRefusal {
  readonly code: string
  readonly statements: readonly Written[]
}

export const refusedByServer = (code: string, ...statements: readonly Written[]): ServerRefusal => ({code, statements})

export const users = (op: Operations): void =>
  op.createTable('users', (t) => ({
    id: t.integer().primaryKey(),
    email: t.varchar(255).notNull().default('-'),
    age: t.integer(),
    bio: t.text(),
  }))

export const posts = (op: Operations): void => {
  users(op)
  op.createTable('posts', (t) => ({id: t.integer().primaryKey(), author_id: t.integer(), title: t.varchar(100)}))
}

export const isPostgres = (op: Operations): boolean => op.dialect === 'postgresql'
