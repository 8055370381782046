import type {DatabaseKind, TestDatabase} from './databases.ts'

/** Returns everything that a database has, as lines: its tables with all that belongs to them, and what mig wrote down. */
export async function catalogueOf(kind: DatabaseKind, database: TestDatabase): Promise<string[]> {
  const results = await database.query(...queries[kind], ...state)
  return results.flatMap((rows) =>
    rows.map((row) =>
      Object.values(row)
        .map((value) => (typeof value === 'boolean' ? Number(value) : String(value).trim()))
        .join(' | '),
    ),
  )
}

const state = [
  'select revision, is_head, down_revisions, message, content_id, applied_by from mig_version order by revision',
  'select action, revision, outcome, tag, statements_done, statements_total, statement from mig_log order by id',
]

const postgresql = [
  `select table_schema, table_name, column_name, data_type, udt_name, is_nullable, column_default, character_maximum_length
   from information_schema.columns where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2, ordinal_position`,
  `select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint where conrelid <> 0 order by 1, 2`,
  `select schemaname, indexname, indexdef from pg_indexes where schemaname not in ('pg_catalog', 'information_schema') order by 1, 2`,
  `select indexrelid::regclass::text, indisvalid from pg_index where not indisvalid`,
  `select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal order by 1, 2`,
  `select proname, pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace order by 1`,
]

const mysql = [
  `select table_name, column_name, column_type, is_nullable, column_default, extra, collation_name
   from information_schema.columns where table_schema = database() order by 1, ordinal_position`,
  `select table_name, index_name, non_unique, seq_in_index, column_name from information_schema.statistics
   where table_schema = database() order by 1, 2, 4`,
  `select table_name, constraint_name, constraint_type from information_schema.table_constraints
   where table_schema = database() order by 1, 2`,
  `select event_object_table, trigger_name, action_statement from information_schema.triggers where trigger_schema = database() order by 1, 2`,
  `select routine_name, routine_definition from information_schema.routines where routine_schema = database() order by 1`,
]

const queries: Readonly<Record<DatabaseKind, readonly string[]>> = {
  postgresql,
  pglite: postgresql,
  sqlite: [
    "select type, name, tbl_name, sql from sqlite_master where name not like '%_lock' and name not like 'sqlite_%' order by 1, 2",
  ],
  mariadb: mysql,
  mysql,
}
