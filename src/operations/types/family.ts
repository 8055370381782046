import {createDomain, dropDomain} from './domain.ts'
import type {CreateDomain, DropDomain} from './domain.ts'
import {addEnumValue, createEnum, dropEnum, renameEnum, renameEnumValue, replaceEnum} from './enum.ts'
import type {AddEnumValue, CreateEnum, DropEnum, RenameEnum, RenameEnumValue, ReplaceEnum} from './enum.ts'

export type TypeOperation =
  | CreateEnum
  | DropEnum
  | RenameEnum
  | AddEnumValue
  | RenameEnumValue
  | ReplaceEnum
  | CreateDomain
  | DropDomain

export const typeOperations = {
  createEnum,
  dropEnum,
  renameEnum,
  addEnumValue,
  renameEnumValue,
  replaceEnum,
  createDomain,
  dropDomain,
}

/** Type operations, on PostgreSQL. */
export interface TypeOperations {
  /** Creates an enum: `op.createEnum('mood', ['sad', 'ok'])`, for columns `(t) => t.type('mood')`. */
  createEnum(name: string, values: readonly string[]): void
  /** Drops an enum that no column uses. Reversible with `was`, its values. */
  dropEnum(name: string, options?: Pick<DropEnum, 'ifExists' | 'was'>): void
  /** Renames an enum within its schema; the columns that use it follow. */
  renameEnum(name: string, to: string): void
  /** Adds a value, at the end unless `before` or `after` is set. The value cannot be used before the commit. */
  addEnumValue(name: string, value: string, options?: Omit<AddEnumValue, 'kind' | 'name' | 'value'>): void
  renameEnumValue(name: string, value: string, to: string): void
  /** Replaces the values of an enum. Every table in `columns` is rewritten; `mapping` replaces old values. */
  replaceEnum(name: string, values: readonly string[], options?: Omit<ReplaceEnum, 'kind' | 'name' | 'values'>): void
  createDomain(name: string, type: string, options?: Omit<CreateDomain, 'kind' | 'name' | 'type'>): void
  /** Drops a domain. Reversible with `was`. */
  dropDomain(name: string, options?: Omit<DropDomain, 'kind' | 'name'>): void
}
