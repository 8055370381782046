import type {BulkInsert} from './bulk-insert.ts'
import type {Execute} from './execute.ts'

/** The databases that mig knows, by the language they speak. PGlite speaks PostgreSQL's. */
export type Dialect = 'postgresql' | 'sqlite' | 'mysql' | 'mariadb'

/** What a revision does, as data: SQL is made from it when it is run. */
export type Operation = Execute | BulkInsert
