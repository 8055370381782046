import {createDomain, dropDomain} from './domain.ts'
import type {CreateDomain, DropDomain} from './domain.ts'
import {addEnumValue, createEnum, dropEnum, renameEnumValue, replaceEnum} from './enum.ts'
import type {AddEnumValue, CreateEnum, DropEnum, RenameEnumValue, ReplaceEnum} from './enum.ts'

export type TypeOperation =
  | CreateEnum
  | DropEnum
  | AddEnumValue
  | RenameEnumValue
  | ReplaceEnum
  | CreateDomain
  | DropDomain

export const typeOperations = {
  createEnum,
  dropEnum,
  addEnumValue,
  renameEnumValue,
  replaceEnum,
  createDomain,
  dropDomain,
}

/** What `op` can do with types, on PostgreSQL. */
export interface TypeOperations {
  /** Creates an enum: `op.createEnum('mood', ['sad', 'ok'])`, for columns `(t) => t.type('mood')`. */
  createEnum(name: string, values: readonly string[]): void
  /** Drops an enum that no column has. With `was`, its values, it can be undone. */
  dropEnum(name: string, options?: Pick<DropEnum, 'ifExists' | 'was'>): void
  /** Adds a value, at the end unless `before` or `after` says where. No row can have it before the commit. */
  addEnumValue(name: string, value: string, options?: Omit<AddEnumValue, 'kind' | 'name' | 'value'>): void
  renameEnumValue(name: string, value: string, to: string): void
  /** Gives an enum other values. Every table in `columns` is rewritten; `mapping` says what old values become. */
  replaceEnum(name: string, values: readonly string[], options?: Omit<ReplaceEnum, 'kind' | 'name' | 'values'>): void
  createDomain(name: string, type: string, options?: Omit<CreateDomain, 'kind' | 'name' | 'type'>): void
  /** Drops a domain. With `was`, it can be undone. */
  dropDomain(name: string, options?: Omit<DropDomain, 'kind' | 'name'>): void
}
