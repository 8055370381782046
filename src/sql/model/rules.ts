import type {Dialect} from '../../dialects/dialect.ts'
import type {Item} from './items.ts'

/** The differences of databases in the names of a schema and in what they refuse. */
export interface SchemaRules {
  /** Whether index names are unique within a table, not within a schema. */
  readonly indexesPerTable: boolean
  /** The types of constraints whose names are unique within a schema, not within a table. */
  readonly schemaWide: ReadonlySet<string>
  /**
   * Whether an object keeps one from being dropped that it uses.
   *
   * @param isNamed whether the statement names what is used, and not a table with it
   */
  readonly guards: (user: Item, used: Item, isNamed: boolean) => boolean
  /** Whether a column cannot be dropped while a key, an index or a check of its table uses it. */
  readonly guardsColumns: (user: Item) => boolean
  /** Returns the name of a check that has none: those of a table are numbered. */
  readonly checkName?: (table: string, count: number) => string
  /** Whether a foreign key needs an index on its columns and on those that it refers to. */
  readonly keysNeedIndexes: boolean
  /** Whether foreign keys and views may refer to what does not exist. */
  readonly isLoose: boolean
  /** Whether types are converted and compared as PostgreSQL does. */
  readonly isTyped: boolean
}

const none: ReadonlySet<string> = new Set()

const postgresql: SchemaRules = {
  indexesPerTable: false,
  schemaWide: none,
  guards: () => true,
  guardsColumns: () => false,
  keysNeedIndexes: false,
  isLoose: false,
  isTyped: true,
}

const isForeign = ({properties}: Item): boolean => properties['type'] === 'foreign'

/** Views and the code of triggers keep nothing from being dropped; foreign keys do. */
const mariadb: SchemaRules = {
  indexesPerTable: true,
  schemaWide: new Set(['foreign']),
  guards: (user) => user.kind === 'constraint' || user.kind === 'trigger',
  guardsColumns: (user) => isForeign(user) || user.properties['type'] === 'check',
  checkName: (_, count) => `constraint_${count}`,
  keysNeedIndexes: true,
  isLoose: false,
  isTyped: false,
}

const mysql: SchemaRules = {
  ...mariadb,
  schemaWide: new Set(['foreign', 'check']),
  checkName: (table, count) => `${table}_chk_${count}`,
}

/** A table can be dropped whatever uses it, but a column only if nothing does. */
const sqlite: SchemaRules = {
  indexesPerTable: false,
  schemaWide: none,
  guards: ({kind}, used, isNamed) => kind === 'view' && used.kind === 'column' && isNamed,
  guardsColumns: ({kind}) => kind === 'index' || kind === 'constraint',
  keysNeedIndexes: false,
  isLoose: true,
  isTyped: false,
}

/** The rules of each database. */
export const schemaRules: Readonly<Record<Dialect, SchemaRules>> = {postgresql, mariadb, mysql, sqlite}
