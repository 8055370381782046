import type {Session} from '../../src/runner/connection/session.ts'
import {sqliteCatalogue} from './sqlite-catalogue.ts'

/** Returns all that a database's own catalogue says about its schema, one thing a line. */
export async function catalogueOf(session: Session): Promise<readonly string[]> {
  switch (session.dialect) {
    case 'postgresql':
      return lines(session, postgres)
    case 'sqlite':
      return sqliteCatalogue(session)
    case 'mysql':
    case 'mariadb':
      return mysql(session)
  }
}

const own = (column: string): string => `${column}::regnamespace::text !~ '^pg_|^information_schema$'`

/** Each query gives lines of text. */
const postgres: readonly string[] = [
  `select 'schema ' || nspname as line from pg_namespace where nspname !~ '^pg_|^information_schema$'`,
  `select concat_ws(' ', 'class', relkind, oid::regclass, relpersistence, reloptions, relrowsecurity, relforcerowsecurity, pg_get_expr(relpartbound, oid), obj_description(oid, 'pg_class')) as line from pg_class where ${own('relnamespace')}`,
  `select concat_ws(' ', 'column', attrelid::regclass, row_number() over (partition by attrelid order by attnum), attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, attcollation::regcollation, pg_get_expr(adbin, adrelid), col_description(attrelid, attnum)) as line from pg_attribute join pg_class c on c.oid = attrelid left join pg_attrdef on adrelid = attrelid and adnum = attnum where attnum > 0 and not attisdropped and relkind not in ('i', 'I') and ${own('relnamespace')}`,
  `select concat_ws(' ', 'constraint', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid)) as line from pg_constraint where ${own('connamespace')}`,
  `select concat_ws(' ', 'index', pg_get_indexdef(indexrelid), indisvalid) as line from pg_index join pg_class c on c.oid = indexrelid where ${own('relnamespace')}`,
  `select concat_ws(' ', 'type', oid::regtype, typtype, typnotnull, pg_get_expr(typdefaultbin, 0), (select string_agg(enumlabel, ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid)) as line from pg_type t where typtype in ('e', 'd') and ${own('typnamespace')}`,
  `select concat_ws(' ', 'sequence', schemaname, sequencename, data_type, start_value, min_value, max_value, increment_by, cycle, cache_size) as line from pg_sequences`,
  `select concat_ws(' ', 'trigger', pg_get_triggerdef(oid)) as line from pg_trigger where not tgisinternal`,
  `select concat_ws(' ', 'function', pg_get_functiondef(oid), obj_description(oid, 'pg_proc')) as line from pg_proc where ${own('pronamespace')} and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')`,
  `select concat_ws(' ', 'view', oid::regclass, pg_get_viewdef(oid)) as line from pg_class where relkind in ('v', 'm') and ${own('relnamespace')}`,
  `select concat_ws(' ', 'policy', p) as line from pg_policies p`,
  `select concat_ws(' ', 'extension', extname) as line from pg_extension`,
]

async function lines(session: Session, queries: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const query of queries) {
    const rows = await session.query<{readonly line: string}>(query)
    found.push(...rows.map(({line}) => line.replaceAll(/\s+/g, ' ').trim()))
  }
  return found.toSorted()
}

async function mysql(session: Session): Promise<readonly string[]> {
  const found: string[] = []
  const show = async (what: string, list: string, column: string): Promise<void> => {
    for (const {name} of await session.query<{readonly name: string}>(list)) {
      const [row = {}] = await session.query<Record<string, unknown>>(`show create ${what} \`${name}\``)
      found.push(String(row[column]).replaceAll(/ (?:AUTO_INCREMENT=\d+|DEFINER=\S+)/g, ''))
    }
  }
  const inDatabase = (table: string, column: string, schema: string): string =>
    `select ${column} as name from information_schema.${table} where ${schema} = database()`
  await show(
    'table',
    `${inDatabase('tables', 'table_name', 'table_schema')} and table_type = 'BASE TABLE'`,
    'Create Table',
  )
  await show(
    'sequence',
    `${inDatabase('tables', 'table_name', 'table_schema')} and table_type = 'SEQUENCE'`,
    'Create Table',
  )
  await show('view', inDatabase('views', 'table_name', 'table_schema'), 'Create View')
  await show('trigger', inDatabase('triggers', 'trigger_name', 'trigger_schema'), 'SQL Original Statement')
  await show(
    'function',
    `${inDatabase('routines', 'routine_name', 'routine_schema')} and routine_type = 'FUNCTION'`,
    'Create Function',
  )
  await show(
    'procedure',
    `${inDatabase('routines', 'routine_name', 'routine_schema')} and routine_type = 'PROCEDURE'`,
    'Create Procedure',
  )
  return found.toSorted()
}
