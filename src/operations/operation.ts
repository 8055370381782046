import type {BulkInsert} from './bulk-insert.ts'
import type {ColumnOperation} from './columns/family.ts'
import type {ConstraintOperation} from './constraints/family.ts'
import type {Execute} from './execute.ts'
import type {IndexOperation} from './indexes/family.ts'
import type {RoutineOperation} from './routines/family.ts'
import type {PolicyOperation} from './policies/family.ts'
import type {SchemaOperation} from './schemas/family.ts'
import type {TableOperation} from './tables/family.ts'
import type {TypeOperation} from './types/family.ts'

export type {Dialect} from '../dialects/dialect.ts'

/** An operation of a revision, as data; its SQL is generated when it is run. */
export type Operation =
  | Execute
  | BulkInsert
  | TableOperation
  | ColumnOperation
  | IndexOperation
  | ConstraintOperation
  | TypeOperation
  | SchemaOperation
  | RoutineOperation
  | PolicyOperation
