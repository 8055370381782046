import {DatabaseTable} from '@mikro-orm/sql'
import type {AbstractSqlPlatform} from '@mikro-orm/sql'

/** How the tables of mig are called. */
export interface TableNames {
  readonly versionTable: string
  readonly logTable: string
  /** Undefined for the schema that the connection has by default. */
  readonly schema: string | undefined
}

interface ColumnSketch {
  readonly name: string
  readonly type: keyof typeof columnTypes
  readonly nullable?: boolean
  readonly autoincrement?: boolean
}

/** What each kind of column is called in the language of the database. */
const columnTypes = {
  name: (platform: AbstractSqlPlatform) => platform.getVarcharTypeDeclarationSQL({length: 255}),
  text: (platform: AbstractSqlPlatform) => platform.getTextTypeDeclarationSQL({}),
  boolean: (platform: AbstractSqlPlatform) => platform.getBooleanTypeDeclarationSQL(),
  integer: (platform: AbstractSqlPlatform) => platform.getIntegerTypeDeclarationSQL({}),
  moment: (platform: AbstractSqlPlatform) => platform.getDateTimeTypeDeclarationSQL({length: 3}),
} as const

/** One row for each applied revision. */
const versionColumns: readonly ColumnSketch[] = [
  {name: 'revision', type: 'name'},
  {name: 'is_head', type: 'boolean'},
  /** JSON: down revisions and dependencies. */
  {name: 'down_revisions', type: 'text'},
  {name: 'message', type: 'text'},
  {name: 'content_id', type: 'name'},
  {name: 'git_commit', type: 'name', nullable: true},
  {name: 'applied_at', type: 'moment'},
  {name: 'applied_by', type: 'text'},
  {name: 'duration_ms', type: 'integer'},
  {name: 'downgrade_sql', type: 'text', nullable: true},
]

/** One row for each thing that was done. One without an outcome is of a partially applied revision. */
const logColumns: readonly ColumnSketch[] = [
  {name: 'id', type: 'integer', autoincrement: true},
  {name: 'action', type: 'name'},
  {name: 'revision', type: 'name'},
  {name: 'at', type: 'moment'},
  {name: 'by', type: 'text'},
  {name: 'mig', type: 'name'},
  {name: 'duration_ms', type: 'integer'},
  {name: 'outcome', type: 'name', nullable: true},
  {name: 'reason', type: 'text', nullable: true},
  {name: 'tag', type: 'text', nullable: true},
  {name: 'statements_done', type: 'integer', nullable: true},
  {name: 'statements_total', type: 'integer', nullable: true},
  {name: 'statement', type: 'text', nullable: true},
  {name: 'digest', type: 'name', nullable: true},
]

/** One row while a run goes on. */
const lockColumns: readonly ColumnSketch[] = [
  {name: 'id', type: 'integer'},
  {name: 'owner', type: 'name'},
  {name: 'name', type: 'name'},
  {name: 'host', type: 'name'},
  {name: 'pid', type: 'integer'},
  {name: 'since', type: 'name'},
  {name: 'beats', type: 'integer'},
]

/** Returns the statement that creates the version table unless it is there. */
export function createVersionTable(names: TableNames, platform: AbstractSqlPlatform): string {
  return createTable(platform, names.versionTable, names.schema, 'revision', versionColumns)
}

/** Returns the statement that creates the log unless it is there. */
export function createLogTable(names: TableNames, platform: AbstractSqlPlatform): string {
  return createTable(platform, names.logTable, names.schema, 'id', logColumns)
}

/** Returns the name of the table that a run locks where sessions cannot hold a lock. */
export function lockTableOf({versionTable}: TableNames): string {
  return `${versionTable}_lock`
}

/** Returns the statement that creates the table of the lock unless it is there. */
export function createLockTable(names: TableNames, platform: AbstractSqlPlatform): string {
  return createTable(platform, lockTableOf(names), names.schema, 'id', lockColumns)
}

function createTable(
  platform: AbstractSqlPlatform,
  name: string,
  schema: string | undefined,
  primaryKey: string,
  columns: readonly ColumnSketch[],
): string {
  const table = new DatabaseTable(platform, name, schema)
  for (const column of columns) {
    const type = columnTypes[column.type](platform)
    table.addColumn({
      name: column.name,
      type,
      mappedType: platform.getMappedType(type),
      nullable: column.nullable ?? false,
      autoincrement: column.autoincrement ?? false,
      primary: column.name === primaryKey,
    })
  }
  const key = {keyName: `${name}_pkey`, columnNames: [primaryKey], primary: true, unique: true}
  table.setIndexes([{...key, constraint: true, composite: false}])
  const [create = '', ...others] = platform.getSchemaHelper()?.createTable(table) ?? []
  if (others.length > 0) throw new RangeError(`${name} takes more than one statement`)
  return create.replace(/^create table /, 'create table if not exists ').replace(/;\s*$/, '')
}
