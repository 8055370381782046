import {createIndex} from './create-index.ts'
import type {CreateIndex} from './create-index.ts'
import {dropIndex} from './drop-index.ts'
import type {DropIndex} from './drop-index.ts'
import type {IndexElement} from './index-definition.ts'
import {renameIndex} from './rename-index.ts'
import type {RenameIndex} from './rename-index.ts'

export type IndexOperation = CreateIndex | DropIndex | RenameIndex

export const indexOperations = {createIndex, dropIndex, renameIndex}

/** Index operations. */
export interface IndexOperations {
  /**
   * Creates an index: `op.createIndex('users', ['email'], {unique: true})`. Without a name it gets MikroORM's
   * conventional name.
   */
  createIndex(
    table: string,
    columns: IndexElement | readonly IndexElement[],
    options?: Partial<Omit<CreateIndex, 'kind' | 'table' | 'columns'>>,
  ): void
  /** Drops an index. Reversible with `table` and `was`. */
  dropIndex(name: string, options?: Omit<DropIndex, 'kind' | 'name'>): void
  renameIndex(name: string, to: string, options?: Pick<RenameIndex, 'table' | 'was'>): void
}
