import type {ColumnInput} from '../columns/family.ts'
import type {ColumnTypes} from '../columns/column-builder.ts'
import type {PrimaryKey} from '../constraints/constraint.ts'
import type {IndexDefinition} from '../indexes/index-definition.ts'
import type {BatchAlterTable} from './batch-alter-table.ts'
import {moveTable, renameTable, setTableComment, setTableParameters} from './change-table.ts'
import type {MoveTable, RenameTable, SetTableComment, SetTableParameters} from './change-table.ts'
import {createTable} from './create-table.ts'
import type {CreateTable} from './create-table.ts'
import {dropTable} from './drop-table.ts'
import type {DropTable} from './drop-table.ts'
import type {ColumnsCallback, TableDefinition} from './table.ts'

export type TableOperation =
  | CreateTable
  | DropTable
  | RenameTable
  | MoveTable
  | SetTableComment
  | SetTableParameters
  | BatchAlterTable

export const tableOperations = {createTable, dropTable, renameTable, moveTable, setTableComment, setTableParameters}

type Columns = ColumnsCallback | Readonly<Record<string, ColumnInput | ReturnType<ColumnTypes['raw']>>>

/** The options of a new table. Names of constraints and indexes can be omitted. */
interface TableOptions extends Omit<TableDefinition, 'columns' | 'primaryKey' | 'indexes'> {
  readonly primaryKey?: PrimaryKey | readonly string[] | string
  readonly indexes?: readonly (Omit<IndexDefinition, 'name'> & {readonly name?: string})[]
}

/** Table operations. A table outside the default schema is named with its schema: `app.users`. */
export interface TableOperations {
  /** Creates a table: `op.createTable('users', (t) => ({id: t.serial().primaryKey()}), {indexes: [{columns: ['id']}]})`. */
  createTable(table: string, columns: Columns, options?: TableOptions & {readonly ifNotExists?: true}): void
  /** Drops a table. Reversible with `was`. */
  dropTable(
    table: string,
    options?: Pick<DropTable, 'ifExists' | 'cascade'> & {readonly was?: TableOptions & {readonly columns: Columns}},
  ): void
  /** Renames a table within its schema. */
  renameTable(table: string, to: string): void
  /** Moves a table to another schema, on PostgreSQL. */
  moveTable(table: string, to: string): void
  /** Sets the comment of a table; null removes it. Does nothing on SQLite, which has no comments. */
  setTableComment(table: string, comment: string | null, options?: Pick<SetTableComment, 'was'>): void
  /** Sets storage parameters, on PostgreSQL: `op.setTableParameters('log', {fillfactor: 70})`. */
  setTableParameters(
    table: string,
    set: SetTableParameters['set'],
    options?: Pick<SetTableParameters, 'reset' | 'was'>,
  ): void
}
