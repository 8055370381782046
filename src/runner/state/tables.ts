import type {AbstractSqlPlatform} from '@mikro-orm/sql'
import {newTable} from '../../sql/mikro-sql.ts'
import {lockTableOf} from './lock-table.ts'

/** The names of mig's tables. */
export interface TableNames {
  readonly versionTable: string
  readonly logTable: string
  /** Undefined for the default schema of the connection. */
  readonly schema: string | undefined
}

interface ColumnSketch {
  readonly name: string
  readonly type: keyof typeof columnTypes
  readonly nullable?: boolean
  readonly autoincrement?: boolean
}

/** The SQL type of each column kind. */
const columnTypes = {
  name: (platform: AbstractSqlPlatform) => platform.getVarcharTypeDeclarationSQL({length: 255}),
  text: (platform: AbstractSqlPlatform) => platform.getTextTypeDeclarationSQL({}),
  boolean: (platform: AbstractSqlPlatform) => platform.getBooleanTypeDeclarationSQL(),
  integer: (platform: AbstractSqlPlatform) => platform.getIntegerTypeDeclarationSQL({}),
  moment: (platform: AbstractSqlPlatform) => platform.getDateTimeTypeDeclarationSQL({length: 3}),
} as const

/** Columns of the version table, which has one row per applied revision. */
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
  {name: 'operations_id', type: 'name', nullable: true},
  /** JSON: the revisions that a squash replaces. */
  {name: 'replaces', type: 'text', nullable: true},
]

/** Columns of the version table that mig 0.1.0 did not have; they are nullable, because older versions leave them out. */
export const laterColumns = ['operations_id', 'replaces'] as const

export type LaterColumn = (typeof laterColumns)[number]

/** Columns of the log, which has one row per action; a row without outcome is a partially applied revision. */
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

/** Columns of the lock table, which has one row during a run. */
const lockColumns: readonly ColumnSketch[] = [
  {name: 'id', type: 'integer'},
  {name: 'owner', type: 'name'},
  {name: 'name', type: 'name'},
  {name: 'host', type: 'name'},
  {name: 'pid', type: 'integer'},
  {name: 'since', type: 'name'},
  {name: 'beats', type: 'integer'},
]

/** Returns the quoted name of a table with its schema. MikroORM leaves out a schema that is usually the default. */
export function qualifiedName({schema}: TableNames, table: string, platform: AbstractSqlPlatform): string {
  const mark = platform.quoteIdentifier('x').charAt(0)
  const quoted = (name: string): string => `${mark}${name.replaceAll(mark, mark + mark)}${mark}`
  return [...(schema === undefined ? [] : [schema]), table].map(quoted).join('.')
}

/** Returns the statement that creates the version table if it does not exist. */
export function createVersionTable(names: TableNames, platform: AbstractSqlPlatform): string {
  return createTable(platform, names, names.versionTable, 'revision', versionColumns)
}

/** Returns the statement that adds a nullable column to the version table. */
export function addVersionColumn(names: TableNames, platform: AbstractSqlPlatform, name: string): string {
  const column = versionColumns.find((sketch) => sketch.name === name)
  if (!column?.nullable) throw new RangeError(`the version table has no nullable column ${name}`)
  const definition = `${platform.quoteIdentifier(name)} ${columnTypes[column.type](platform)} null`
  return `alter table ${qualifiedName(names, names.versionTable, platform)} add column ${definition}`
}

/** Returns the statement that creates the log table if it does not exist. */
export function createLogTable(names: TableNames, platform: AbstractSqlPlatform): string {
  return createTable(platform, names, names.logTable, 'id', logColumns)
}

/** Returns the statement that creates the lock table if it does not exist. */
export function createLockTable(names: TableNames, platform: AbstractSqlPlatform): string {
  return createTable(platform, names, lockTableOf(names), 'id', lockColumns)
}

/** The name of a table until its qualified name replaces it. */
const placeholder = 'mig_table'

function createTable(
  platform: AbstractSqlPlatform,
  names: TableNames,
  name: string,
  primaryKey: string,
  columns: readonly ColumnSketch[],
): string {
  const table = newTable(platform, placeholder)
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
  const beginning = `create table ${platform.quoteIdentifier(placeholder)} `
  if (!create.startsWith(beginning)) throw new RangeError(`unexpected statement: ${create}`)
  const rest = create.slice(beginning.length).replace(/;\s*$/, '')
  return `create table if not exists ${qualifiedName(names, name, platform)} ${rest}`
}
