import {joinName} from '../../operations/names.ts'
import {readAgain} from './postgres/expressions.ts'
import type {CatalogueObject, ObjectKind, Query} from './snapshot.ts'

/** The schemas to read, and the one whose name is omitted. */
export interface PostgresScope {
  readonly schemas: readonly string[]
  readonly defaultSchema: string
  readonly quote: (value: string) => string
}

interface Row {
  readonly kind: ObjectKind
  readonly schema: string
  readonly table: string | null
  readonly name: string
  readonly definition: Readonly<Record<string, string | null>>
}

/** Reads all objects of some schemas of a PostgreSQL database, in one query; objects of extensions are omitted. */
export async function readPostgres(
  query: Query,
  {schemas, defaultSchema, quote}: PostgresScope,
): Promise<readonly CatalogueObject[]> {
  const list = schemas.map(quote).join(', ')
  const rows = await withoutSearchPath(query, quote, async () =>
    query<Row>(parts.map((sql) => sql.replaceAll(':schemas', list)).join('\nunion all\n')),
  )
  const qualified = (schema: string, name: string): string =>
    joinName(schema === defaultSchema || schema === '' ? undefined : schema, name)
  return rows.map(({kind, schema, table, name, definition}) =>
    readAgain(
      table === null
        ? {kind, name: qualified(schema, name), definition}
        : {kind, table: qualified(schema, table), name, definition},
    ),
  )
}

/** PostgreSQL omits the schemas of the search path in definitions; without one, they are the same in every session. */
export async function withoutSearchPath<Result>(
  query: Query,
  quote: PostgresScope['quote'],
  read: () => Promise<Result>,
): Promise<Result> {
  const [{path} = {path: ''}] = await query<{readonly path: string}>(`select current_setting('search_path') as path`)
  await query(`select set_config('search_path', '', false)`)
  try {
    return await read()
  } finally {
    // In a failed transaction this fails as well; the rollback restores it.
    await query(`select set_config('search_path', ${quote(path)}, false)`).catch(() => {})
  }
}

const isOwn = (catalogue: string, id: string): string =>
  `not exists (select from pg_depend e where e.classid = '${catalogue}'::regclass and e.objid = ${id} and e.deptype = 'e')`

/** MikroORM writes the body of a function in one line. */
const oneLine = (sql: string): string => `trim(regexp_replace(${sql}, '\\s+', ' ', 'g'))`

/** Tables, and not partitions, whose parts belong to their parent. */
const isTable = `c.relkind in ('r', 'p') and n.nspname in (:schemas) and ${isOwn('pg_class', 'c.oid')}`
const tables = 'pg_class c join pg_namespace n on n.oid = c.relnamespace'

/** Each part selects kind, schema, table, name and definition. */
const parts: readonly string[] = [
  `select 'schema' as kind, '' as schema, null::text as "table", n.nspname::text as name, '{}'::json as definition
   from pg_namespace n where n.nspname in (:schemas)`,

  `select 'extension', '', null, extname::text, '{}'::json from pg_extension`,

  `select 'table', n.nspname::text, null, c.relname::text, json_strip_nulls(json_build_object(
     'comment', obj_description(c.oid, 'pg_class'),
     'partitionBy', pg_get_partkeydef(c.oid),
     'partitionOf', (select inhparent::regclass::text from pg_inherits where inhrelid = c.oid and c.relispartition),
     'bound', pg_get_expr(c.relpartbound, c.oid),
     'persistence', nullif(c.relpersistence::text, 'p'),
     'options', array_to_string(c.reloptions, ', '),
     'rowLevelSecurity', nullif(c.relrowsecurity, false)::text,
     'forcesRowLevelSecurity', nullif(c.relforcerowsecurity, false)::text))
   from ${tables} where ${isTable}`,

  `select 'column', n.nspname, c.relname, a.attname, json_strip_nulls(json_build_object(
     'type', format_type(a.atttypid, a.atttypmod),
     'nullable', (not a.attnotnull)::text,
     'default', case when a.attgenerated = '' and s.sequence is null then pg_get_expr(d.adbin, d.adrelid) end,
     'autoincrement', case when a.attidentity = '' then s.type end,
     'identity', nullif(a.attidentity::text, ''),
     'generated', case a.attgenerated when '' then null
        else pg_get_expr(d.adbin, d.adrelid) || case a.attgenerated when 'v' then ' virtual' else ' stored' end end,
     'collation', case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end,
     'storage', case when a.attstorage <> t.typstorage then a.attstorage::text end,
     'comment', col_description(c.oid, a.attnum)))
   from ${tables} join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   join pg_type t on t.oid = a.atttypid
   left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   left join lateral (
     select s.oid::regclass::text as sequence, format_type(q.seqtypid, null) as type
     from pg_depend o join pg_class s on s.oid = o.objid and s.relkind = 'S' join pg_sequence q on q.seqrelid = s.oid
     where o.classid = 'pg_class'::regclass and o.refclassid = 'pg_class'::regclass and o.refobjid = c.oid
       and o.refobjsubid = a.attnum and o.deptype in ('a', 'i') and d.adbin is not null limit 1) s on true
   where ${isTable} and not c.relispartition`,

  `select case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key'
     when 'c' then 'check' else 'exclusion' end,
     n.nspname, c.relname, case k.contype when 'p' then '' else k.conname end,
     json_strip_nulls(json_build_object('sql', pg_get_constraintdef(k.oid),
       'name', case k.contype when 'p' then k.conname end,
       'options', (select array_to_string(i.reloptions, ', ') from pg_class i where i.oid = k.conindid and k.contype in ('p', 'u', 'x')),
       'comment', obj_description(k.oid, 'pg_constraint')))
   from ${tables} join pg_constraint k on k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c', 'x') and k.conparentid = 0
   where ${isTable} and not c.relispartition`,

  `select 'index', n.nspname, c.relname, i.relname, json_strip_nulls(json_build_object(
     'sql', pg_get_indexdef(i.oid), 'isValid', nullif(x.indisvalid, true)::text,
     'comment', obj_description(i.oid, 'pg_class')))
   from ${tables} join pg_index x on x.indrelid = c.oid join pg_class i on i.oid = x.indexrelid
   where c.relkind in ('r', 'p', 'm') and n.nspname in (:schemas) and not c.relispartition and not i.relispartition
     and ${isOwn('pg_class', 'c.oid')}
     and not exists (select from pg_constraint k where k.conindid = i.oid and k.contype in ('p', 'u', 'x'))`,

  `select 'trigger', n.nspname, c.relname, g.tgname, json_strip_nulls(json_build_object(
     'sql', pg_get_triggerdef(g.oid), 'enabled', nullif(g.tgenabled::text, 'O'),
     'function', case when p.proname = c.relname || '_' || g.tgname || '_fn' then ${oneLine('p.prosrc')} end))
   from ${tables} join pg_trigger g on g.tgrelid = c.oid and not g.tgisinternal and g.tgparentid = 0
   join pg_proc p on p.oid = g.tgfoid
   where n.nspname in (:schemas)`,

  `select 'policy', schemaname, tablename, policyname, json_strip_nulls(json_build_object(
     'command', cmd, 'type', permissive, 'roles', array_to_string(roles, ', '), 'using', qual, 'check', with_check))
   from pg_policies where schemaname in (:schemas)`,

  `select 'view', n.nspname, null, c.relname, json_strip_nulls(json_build_object(
     'sql', pg_get_viewdef(c.oid), 'materialized', nullif(c.relkind = 'm', false)::text,
     'options', array_to_string(c.reloptions, ', '), 'comment', obj_description(c.oid, 'pg_class')))
   from ${tables} where c.relkind in ('v', 'm') and n.nspname in (:schemas) and ${isOwn('pg_class', 'c.oid')}`,

  `select 'routine', n.nspname, null, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
     json_strip_nulls(json_build_object('sql', ${oneLine('pg_get_functiondef(p.oid)')}, 'comment', obj_description(p.oid, 'pg_proc')))
   from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where p.prokind in ('f', 'p') and n.nspname in (:schemas) and ${isOwn('pg_proc', 'p.oid')}
     and not exists (select from pg_trigger g join pg_class c on c.oid = g.tgrelid
       where g.tgfoid = p.oid and p.proname = c.relname || '_' || g.tgname || '_fn')`,

  `select 'type', n.nspname, null, t.typname, json_strip_nulls(json_build_object(
     'values', (select json_agg(e.enumlabel order by e.enumsortorder)::text from pg_enum e where e.enumtypid = t.oid),
     'domain', case t.typtype when 'd' then format_type(t.typbasetype, t.typtypmod) end,
     'notNull', nullif(t.typnotnull, false)::text, 'default', t.typdefault,
     'checks', (select string_agg(k.conname || ' ' || pg_get_constraintdef(k.oid), ', ' order by k.conname)
       from pg_constraint k where k.contypid = t.oid and k.contype = 'c'),
     'attributes', case t.typtype when 'c' then (select string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', '
       order by a.attnum) from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped) end,
     'comment', obj_description(t.oid, 'pg_type')))
   from pg_type t join pg_namespace n on n.oid = t.typnamespace
   where n.nspname in (:schemas) and ${isOwn('pg_type', 't.oid')}
     and (t.typtype in ('e', 'd') or t.typtype = 'c' and exists (select from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))`,

  `select 'sequence', n.nspname, null, c.relname, json_build_object('type', format_type(s.seqtypid, null),
     'start', s.seqstart::text, 'minimum', s.seqmin::text, 'maximum', s.seqmax::text, 'increment', s.seqincrement::text,
     'cycle', s.seqcycle::text, 'cache', s.seqcache::text)
   from ${tables} join pg_sequence s on s.seqrelid = c.oid
   where n.nspname in (:schemas) and ${isOwn('pg_class', 'c.oid')} and not exists (
     select from pg_depend o where o.objid = c.oid and o.classid = 'pg_class'::regclass and o.refobjsubid > 0 and o.deptype in ('a', 'i'))`,
]
