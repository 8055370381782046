import type {DatabaseSchema, DatabaseTable, DatabaseView} from '@mikro-orm/sql'
import type {SqlContext} from '../operations/definition.ts'
import {without} from '../util/objects.ts'
import {requiredExtensions, requiredSequences} from './requirements.ts'
import {tableNameOf} from './definitions/table.ts'

/** The statements by which MikroORM creates one object of the entities' schema. */
export interface CreationUnit {
  /** The table; undefined for schemas, types, views and routines. */
  readonly table: string | undefined
  /** The tables that its foreign keys refer to. */
  readonly references: readonly string[]
  /** Statements, each possibly with several parts, as MikroORM groups them. */
  readonly statements: readonly string[]
}

/** All statements by which MikroORM creates the entities' schema in an empty database, in order. */
export interface Creation {
  /** The names of all types, tables, views and routines that the statements create. */
  readonly names: ReadonlySet<string>
  /** Extensions and sequences that the columns need, which MikroORM does not create. */
  readonly required: readonly string[]
  /** Schemas and types, before the tables. */
  readonly before: readonly string[]
  readonly tables: readonly CreationUnit[]
  /** Foreign keys and row-level security, after all tables, by table. */
  readonly links: ReadonlyMap<string, readonly string[]>
  /** Views and routines. */
  readonly after: readonly string[]
}

/**
 * Returns the statements that create a schema, as `SqlSchemaGenerator.getCreateSchemaSQL` of MikroORM 7.2 combines them,
 * but object by object, and with the indexes of materialized views without data. Generating them modifies the schema.
 */
export function creationOf(schema: DatabaseSchema, context: SqlContext): Creation {
  const {helper, platform, capabilities} = context
  const own = platform.getDefaultSchemaName()
  const before: string[] = []
  for (const name of schema.getNamespaces()) if (name !== own) before.push(helper.getCreateNamespaceSQL(name))
  if (capabilities.enumTypes)
    for (const {name, schema: place, items} of Object.values(schema.getNativeEnums()))
      before.push(helper.getCreateNativeEnumSQL(name, items, place === '*' ? undefined : (place ?? own)))
  const tables = schema.getTables().map((table) => unitOf(table, context))
  const links = new Map<string, readonly string[]>()
  for (const table of schema.getTables()) {
    const keys = helper.supportsSchemaConstraints()
      ? Object.values(table.getForeignKeys()).map((key) => helper.createForeignKey(table, key))
      : []
    const statements = [...keys, ...helper.getRlsCreateSQL(table)].filter((sql) => sql !== '')
    if (statements.length > 0) links.set(tableNameOf(table, context), statements)
  }
  const after = [
    ...inOrder(schema.getViews()).flatMap((view) => createView(view, context)),
    ...schema.getRoutines().map((routine) => helper.createRoutine(routine)),
  ]
  const objects = [
    ...Object.values(schema.getNativeEnums()),
    ...schema.getTables(),
    ...schema.getViews(),
    ...schema.getRoutines(),
  ].map((object) => tableNameOf({name: object.name, schema: object.schema}, context))
  const required = capabilities.extensions
    ? [
        ...[...requiredExtensions(schema)].map((name) => `create extension if not exists ${context.list([name])}`),
        ...[...requiredSequences(schema, context)].map(
          (name) => `create sequence if not exists ${context.quote(name)}`,
        ),
      ]
    : []
  return {names: new Set(objects), required, before, tables, links, after}
}

function unitOf(table: DatabaseTable, context: SqlContext): CreationUnit {
  // MikroORM writes the check of a column without its name where a table is one statement.
  if (context.capabilities.rebuildsTables)
    table.setChecks(table.getChecks().map((check) => without(check, 'columnName')))
  // MariaDB rejects the clause that MikroORM writes for a nullable generated column.
  if (!context.capabilities.nullableGenerated)
    for (const column of table.getColumns()) if (column.generated !== undefined) column.nullable = false
  const name = tableNameOf(table, context)
  const references = Object.values(table.getForeignKeys()).map((key) =>
    key.referencedTableName.replace(/^public\./, ''),
  )
  return {
    table: name,
    references: references.filter((other) => other !== name),
    statements: context.helper.createTable(table).filter((sql) => sql !== ''),
  }
}

function createView(
  {name, schema, definition, materialized, withData, indexes}: DatabaseView,
  {helper}: SqlContext,
): readonly string[] {
  if (!materialized) return [helper.createView(name, schema, definition)]
  const created = helper.createMaterializedView(name, schema, definition, withData ?? true)
  const view = helper.getTableName(name, schema)
  return [created, ...(indexes ?? []).map((index) => helper.getCreateIndexSQL(view, index))]
}

/** Returns views ordered so that each follows the views that it mentions. */
export function inOrder(views: readonly DatabaseView[]): readonly DatabaseView[] {
  const waiting = new Set(views.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
  const placed: DatabaseView[] = []
  while (waiting.size > 0) {
    const isReady = (view: DatabaseView): boolean =>
      [...waiting].every((other) => other === view || !mentions(view.definition, other.name))
    const ready = [...waiting].filter(isReady)
    for (const view of ready.length > 0 ? ready : [...waiting].slice(0, 1)) {
      placed.push(view)
      waiting.delete(view)
    }
  }
  return placed
}

/** Returns whether a text has a name as one of its words; a name that is no word, anywhere. */
export function mentions(sql: string, name: string): boolean {
  if (!/^[\p{L}\p{N}_$]+$/u.test(name)) return sql.toLowerCase().includes(name.toLowerCase())
  return sql.split(/[^\p{L}\p{N}_$]+/u).some((word) => word.toLowerCase() === name.toLowerCase())
}
