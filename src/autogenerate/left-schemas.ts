import type {DatabaseSchema} from '@mikro-orm/sql'
import type {ComparedDatabase} from '../catalogue/compared-database.ts'
import {tableNameOf} from '../catalogue/definitions/table.ts'
import type {SqlContext} from '../operations/definition.ts'
import type {IsKnown} from './unknown.ts'

/** Returns whether a revision created a table in a schema that no entity uses. */
export async function hasTablesElsewhere(
  database: ComparedDatabase,
  schemas: readonly string[],
  isKnown: IsKnown,
  context: SqlContext,
): Promise<boolean> {
  if (!context.capabilities.schemas) return false
  const tables = await database.query<{readonly schema: string; readonly name: string}>(
    `select schemaname as schema, tablename as name from pg_tables
     where schemaname not in (${listOf(['information_schema', 'pg_catalog', ...schemas], database)})`,
  )
  for (const table of tables) if (await isKnown('table', tableNameOf(table, context))) return true
  return false
}

/**
 * Adds the schemas to those of a database that a revision created, that no entity uses any more, and in which nothing
 * remains once their tables are dropped or have moved; others that no entity uses are left alone.
 *
 * @param moved the schemas that tables have left
 */
export async function addLeftSchemas(
  live: DatabaseSchema,
  target: DatabaseSchema,
  database: ComparedDatabase,
  isKnown: IsKnown,
  moved: readonly string[],
): Promise<void> {
  const used = new Set([...target.getNamespaces(), database.platform.getDefaultSchemaName()])
  const left = new Set([...moved, ...live.getTables().flatMap(({schema}) => schema ?? [])])
  const namespaces = new Set(live.getNamespaces())
  for (const name of left.difference(used)) {
    const tables = live.getTables().filter(({schema}) => schema === name)
    const names = tables.map((table) => table.name)
    const isLeft = (await isKnown('schema', name)) && !(await holdsMore(name, names, database))
    if (isLeft) namespaces.add(name)
    else namespaces.delete(name)
  }
  live.setNamespaces(namespaces)
}

async function holdsMore(schema: string, tables: readonly string[], database: ComparedDatabase): Promise<boolean> {
  const place = `(select oid from pg_namespace where nspname = ${listOf([schema], database)})`
  const [{more} = {more: true}] = await database.query<{readonly more: boolean}>(
    `select exists (select from pg_class where relnamespace = ${place} and not relispartition
         and (relkind in ('v', 'm', 'f', 'c') or relkind in ('r', 'p') and relname not in (${listOf(['', ...tables], database)})))
       or exists (select from pg_proc p where pronamespace = ${place} and not exists (select from pg_trigger where tgfoid = p.oid))
       or exists (select from pg_type where typnamespace = ${place} and typtype in ('e', 'd')) as more`,
  )
  return more
}

function listOf(texts: readonly (string | undefined)[], {platform}: ComparedDatabase): string {
  return texts.flatMap((text) => (text === undefined ? [] : [platform.quoteValue(text)])).join(', ')
}
