import {createExtension, dropExtension} from '../extensions/extension.ts'
import type {CreateExtension, DropExtension} from '../extensions/extension.ts'
import {alterSequence, createSequence, dropSequence, renameSequence} from '../sequences/sequence.ts'
import type {AlterSequence, CreateSequence, DropSequence, RenameSequence} from '../sequences/sequence.ts'
import {createSchema, dropSchema, renameSchema} from './schema.ts'
import type {CreateSchema, DropSchema, RenameSchema} from './schema.ts'

export type SchemaOperation =
  | CreateSchema
  | DropSchema
  | RenameSchema
  | CreateSequence
  | AlterSequence
  | DropSequence
  | RenameSequence
  | CreateExtension
  | DropExtension

export const schemaOperations = {
  createSchema,
  dropSchema,
  renameSchema,
  createSequence,
  alterSequence,
  dropSequence,
  renameSequence,
  createExtension,
  dropExtension,
}

/** Operations for schemas, sequences and extensions on PostgreSQL, and sequences on MariaDB. */
export interface SchemaOperations {
  createSchema(name: string, options?: Pick<CreateSchema, 'ifNotExists'>): void
  dropSchema(name: string, options?: Pick<DropSchema, 'ifExists' | 'cascade'>): void
  renameSchema(name: string, to: string): void
  createSequence(name: string, options?: Omit<CreateSequence, 'kind' | 'name'>): void
  /** Changes the given properties of a sequence. */
  alterSequence(name: string, set: AlterSequence['set'], options?: Pick<AlterSequence, 'was'>): void
  /** Drops a sequence. Reversible with `was`. */
  dropSequence(name: string, options?: Omit<DropSequence, 'kind' | 'name'>): void
  renameSequence(name: string, to: string): void
  createExtension(name: string, options?: Omit<CreateExtension, 'kind' | 'name'>): void
  dropExtension(name: string, options?: Omit<DropExtension, 'kind' | 'name'>): void
}
