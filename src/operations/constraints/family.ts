import {renameConstraint, validateConstraint} from './change-constraint.ts'
import type {RenameConstraint, ValidateConstraint} from './change-constraint.ts'
import type {Check, Exclude, ExcludeElement, ForeignKey, PrimaryKey, Unique} from './constraint.ts'
import {
  createCheckConstraint,
  createExcludeConstraint,
  createForeignKey,
  createUniqueConstraint,
} from './create-constraint.ts'
import type {
  CreateCheckConstraint,
  CreateExcludeConstraint,
  CreateForeignKey,
  CreateUniqueConstraint,
} from './create-constraint.ts'
import {dropConstraint} from './drop-constraint.ts'
import type {DropConstraint} from './drop-constraint.ts'
import {createPrimaryKey, dropPrimaryKey} from './primary-key.ts'
import type {CreatePrimaryKey, DropPrimaryKey} from './primary-key.ts'

export type ConstraintOperation =
  | CreatePrimaryKey
  | DropPrimaryKey
  | CreateUniqueConstraint
  | CreateForeignKey
  | CreateCheckConstraint
  | CreateExcludeConstraint
  | DropConstraint
  | ValidateConstraint
  | RenameConstraint

export const constraintOperations = {
  createPrimaryKey,
  dropPrimaryKey,
  createUniqueConstraint,
  createForeignKey,
  createCheckConstraint,
  createExcludeConstraint,
  dropConstraint,
  validateConstraint,
  renameConstraint,
}

type OneOrMore<T> = T | readonly T[]

/** Constraint operations. A constraint without a name gets MikroORM's conventional name. */
export interface ConstraintOperations {
  createPrimaryKey(
    table: string,
    columns: OneOrMore<string>,
    options?: Pick<CreatePrimaryKey, 'name' | 'deferrable'>,
  ): void
  /** Drops the primary key. Reversible with `was`, its columns. */
  dropPrimaryKey(table: string, options?: {readonly name?: string; readonly was?: OneOrMore<string> | PrimaryKey}): void
  createUniqueConstraint(table: string, columns: OneOrMore<string>, options?: Omit<Unique, 'columns'>): void
  /** Creates a foreign key: `op.createForeignKey('posts', 'author_id', 'users', 'id', {onDelete: 'cascade'})`. */
  createForeignKey(
    table: string,
    columns: OneOrMore<string>,
    references: string,
    referencedColumns: OneOrMore<string>,
    options?: Omit<ForeignKey, 'columns' | 'references' | 'referencedColumns'>,
  ): void
  /** Creates a check: `op.createCheckConstraint('users', 'age >= 0')`. */
  createCheckConstraint(table: string, expression: string, options?: Omit<Check, 'expression'>): void
  /** Creates an exclusion constraint, on PostgreSQL. */
  createExcludeConstraint(table: string, elements: OneOrMore<ExcludeElement>, options?: Omit<Exclude, 'elements'>): void
  /** Drops a constraint. `type` is required on MySQL and SQLite. Reversible with `was`. */
  dropConstraint(table: string, name: string, options?: Omit<DropConstraint, 'kind' | 'table' | 'name'>): void
  /** Checks existing rows against a constraint created with `notValid`, on PostgreSQL. */
  validateConstraint(table: string, name: string): void
  renameConstraint(table: string, name: string, to: string): void
}
