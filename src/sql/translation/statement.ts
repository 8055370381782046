import type {Tree} from '../effects/tree.ts'

/** A statement that PostgreSQL's parser reads, and what it cannot say. */
export interface TranslatedSql {
  readonly sql: string
  /** The table of an index that is dropped or renamed, where a name is only unique within it. */
  readonly ofTable?: string
  /** The indexes that a table is created with, as statements. */
  readonly indexes?: readonly string[]
  /** Whether a function is that of the trigger that is created. */
  readonly isOwner?: true
}

/** A statement of which the effect is not known; only on the rows of a table, if that is named. */
interface UnclearStatement {
  readonly unclear: string
  readonly changes?: string
}

/** A statement in a form that the model of a schema reads. */
export type TranslatedStatement = TranslatedSql | {readonly tree: Tree} | UnclearStatement

/** A statement that changes nothing, and fails if a table lacks a column. */
export function namesColumn(table: string, column: string): TranslatedStatement {
  const command = {AlterTableCmd: {subtype: 'AT_NameColumn', name: column}}
  return {tree: {AlterTableStmt: {relation: {relname: table}, objtype: 'OBJECT_TABLE', cmds: [command]}}}
}
