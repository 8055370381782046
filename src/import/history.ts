import type {Dialect} from '../dialects/dialect.ts'

/** A migration of another tool. */
export interface ForeignMigration {
  /** The name under which the tool knows it; unique in a history. */
  readonly name: string
  /** The tool's own identifier, which becomes the revision id if it can. */
  readonly id: string
  /** The record of the tool, where it is another than the name. */
  readonly key?: string
  readonly message: string
  /** Names of the migrations it follows; undefined for the one before it. */
  readonly parents?: readonly string[]
  /** Names of migrations that must be applied before it without being its parents. */
  readonly dependsOn?: readonly string[]
  readonly labels?: readonly string[]
  /** The file or folder, relative to the imported folder. */
  readonly file: string
  /** The text it was read from; a later import notices when it changes. */
  readonly source: string
  readonly body: Body
}

/** The statements of a migration, or why they are not known. */
export type Body =
  | {
      readonly kind: 'sql'
      readonly up: string
      /** Undefined if the migration cannot be reverted. */
      readonly down: string | undefined
      /** False when it must not run in a transaction; undefined if its statements decide. */
      readonly transactional?: boolean | undefined
      /** A sentence about a part that was not imported. */
      readonly note?: string | undefined
    }
  /** Left for the user to write; fails when it is run. */
  | {readonly kind: 'open'; readonly reason: string; readonly code: string}

/** The folder of a history. */
export interface HistoryFolder {
  /** The absolute path. */
  readonly path: string
  /** The path in messages. */
  readonly shown: string
  /** The absolute path of the folder of the configuration. */
  readonly root: string
  /** The dialect of the project's database. */
  readonly dialect: Dialect
}

/** A row of another tool's table. */
export type Row = Readonly<Record<string, unknown>>

/** A migration that the tool has recorded as applied. */
export interface AppliedMigration {
  readonly name: string
  /** The end of a sentence about it, if its record does not allow to stamp it. */
  readonly fault?: string | undefined
}

/** A tool whose histories can be imported. */
export interface Tool {
  /** The name of the product. */
  readonly title: string
  /** The name of the table in which it records what was applied. */
  readonly table: string
  /** The files by which a folder of migrations is known. */
  readonly files: {
    /** Matches paths in the folder, of files in it and in its folders. */
    readonly pattern: RegExp
    /** The end of a sentence about a folder without them. */
    readonly described: string
  }
  /** Returns the migrations of a folder in the order in which the tool applies them. */
  readonly read: (folder: HistoryFolder) => Promise<readonly ForeignMigration[]>
  /** Returns the applied migrations from the rows of the table. */
  readonly applied: (rows: readonly Row[], migrations: readonly ForeignMigration[]) => readonly AppliedMigration[]
}
