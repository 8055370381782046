import {addColumn} from './add-column.ts'
import type {AddColumn} from './add-column.ts'
import {alterColumn} from './alter-column.ts'
import type {AlterColumn, ColumnChange} from './alter-column.ts'
import type {ColumnBuilder, ColumnTypes} from './column-builder.ts'
import type {ColumnCallback, ColumnDefinition} from './column.ts'
import {dropColumn} from './drop-column.ts'
import type {DropColumn} from './drop-column.ts'
import {renameColumn} from './rename-column.ts'
import type {RenameColumn} from './rename-column.ts'

export type ColumnOperation = AddColumn | DropColumn | AlterColumn | RenameColumn

export const columnOperations = {addColumn, dropColumn, alterColumn, renameColumn}

/** A column, as a callback or as data. */
export type ColumnInput = ColumnCallback | ColumnDefinition

/** Column operations. A table outside the default schema is named with its schema: `app.users`. */
export interface ColumnOperations {
  /** Adds a column: `op.addColumn('users', 'email', (t) => t.varchar(255).notNull())`. */
  addColumn(
    table: string,
    column: string,
    definition: ColumnInput,
    options?: Pick<AddColumn, 'ifNotExists' | 'position' | 'after'>,
  ): void
  /** Drops a column. Reversible with `was`. */
  dropColumn(
    table: string,
    column: string,
    options?: Pick<DropColumn, 'ifExists' | 'cascade'> & {readonly was?: ColumnInput},
  ): void
  /** Changes the given properties of a column: `op.alterColumn('users', 'email', {nullable: false})`. */
  alterColumn(
    table: string,
    column: string,
    set: ColumnChangeInput,
    options?: Pick<AlterColumn, 'using'> & {readonly was?: ColumnChangeInput},
  ): void
  renameColumn(table: string, column: string, to: string): void
}

/** The changes to a column; a type can be given with a builder. */
interface ColumnChangeInput extends Omit<ColumnChange, 'type'> {
  readonly type?: string | ((t: ColumnTypes) => ColumnBuilder)
}
