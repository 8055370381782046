const table = `format('%I.%I', n.nspname, c.relname)`
const relations = 'pg_class c join pg_namespace n on n.oid = c.relnamespace'
const isHere = `n.nspname in (:schemas) and not exists (select from pg_depend e
  where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')`
const columns = `${relations} join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`

const parent = `lateral (select p.* from pg_inherits i join pg_attribute p on p.attrelid = i.inhparent and p.attname = a.attname
    where i.inhrelid = c.oid order by i.inhseqno limit 1) p on true`

/** Columns that a table has from the one that it inherits from or is a partition of. */
const inherited = `${columns} and not a.attislocal join ${parent}`
const defaultOf = (column: string): string =>
  `(select pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d where d.adrelid = ${column}.attrelid and d.adnum = ${column}.attnum)`

/** The schema and name of a relation, a setting of it, and the statements that make the setting and revert it. */
const select = (setting: string, stage: string, sql: string, inverse: string): string =>
  `select n.nspname::text as schema, c.relname::text as name, (${setting})::text as setting, '${stage}' as stage,
     ${sql} as sql, ${inverse} as inverse`

const ofTable = (setting: string, stage: string, sql: string, inverse: string): string =>
  select(
    setting,
    stage,
    `format('alter table only %s %s', ${table}, ${sql})`,
    `format('alter table only %s %s', ${table}, ${inverse})`,
  )

const ofColumn = (setting: string, sql: string, inverse: string): string =>
  ofTable(
    `a.attname || ' ${setting}'`,
    'comment',
    `format('alter column %I %s', a.attname, ${sql})`,
    `format('alter column %I %s', a.attname, ${inverse})`,
  )

const commentOn = (kind: string, name: string): string =>
  select(
    `'comment on ${kind} ' || ${name}`,
    'custom',
    `format('comment on ${kind} %I on %s is %L', ${name}, ${table}, d.description)`,
    `format('comment on ${kind} %I on %s is null', ${name}, ${table})`,
  )
const described = (catalogue: string, id: string): string =>
  `join pg_description d on d.classoid = '${catalogue}'::regclass and d.objoid = ${id}`

/** Columns of catalogues that older servers do not have. */
const optional = (row: string, column: string): string => `to_jsonb(${row})->>'${column}'`

const compressionOf = (row: string): string => `coalesce(${optional(row, 'attcompression')}, '')`

const enabled = (state: string): string =>
  `case ${state} when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end`

/** Settings of tables and views that their definitions do not include. */
export const settingsSql: readonly string[] = [
  `${ofColumn('default', `coalesce('set default ' || ${defaultOf('a')}, 'drop default')`, `coalesce('set default ' || ${defaultOf('p')}, 'drop default')`)}
   from ${inherited} where c.relkind in ('r', 'p') and a.attgenerated = '' and a.attidentity = '' and ${isHere}
     and ${defaultOf('a')} is distinct from ${defaultOf('p')}`,
  `${ofColumn('not null', `case when a.attnotnull then 'set not null' else 'drop not null' end`, `case when a.attnotnull then 'drop not null' else 'set not null' end`)}
   from ${inherited} where c.relkind in ('r', 'p') and a.attnotnull <> p.attnotnull and ${isHere}
     and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p' and a.attnum = any (k.conkey))`,
  `${ofColumn('statistics', `'set statistics ' || a.attstattarget`, `'set statistics -1'`)}
   from ${columns} where c.relkind in ('r', 'p', 'm') and a.attstattarget >= 0 and ${isHere}`,
  `${ofColumn('options', `format('set (%s)', o.options)`, `format('reset (%s)', o.names)`)}
   from ${columns} join lateral (select string_agg(o, ', ' order by o) as options, string_agg(split_part(o, '=', 1), ', ' order by o) as names
     from unnest(a.attoptions) o where o like 'n\\_distinct%') o on o.options is not null
   where c.relkind in ('r', 'p', 'm') and ${isHere}`,
  `${ofColumn(
    'compression',
    `'set compression ' || case ${compressionOf('a')} when 'p' then 'pglz' when 'l' then 'lz4' else 'default' end`,
    `'set compression default'`,
  )}
   from ${columns} left join ${parent} where c.relkind in ('r', 'p', 'm') and ${compressionOf('a')} <> ${compressionOf('p')} and ${isHere}`,
  `${select(`a.attname || ' default'`, 'createView', `format('alter view %s alter column %I set default %s', ${table}, a.attname, ${defaultOf('a')})`, `format('alter view %s alter column %I drop default', ${table}, a.attname)`)}
   from ${columns} where c.relkind = 'v' and a.atthasdef and ${isHere}`,
  `${ofTable(`'type'`, 'comment', `'of ' || format_type(c.reloftype, null)`, `'not of'`)}
   from ${relations} where c.relkind in ('r', 'p') and c.reloftype <> 0 and ${isHere}`,
  `${ofTable(`'toast options'`, 'comment', `format('set (%s)', (select string_agg('toast.' || o, ', ') from unnest(t.reloptions) o))`, `format('reset (%s)', (select string_agg('toast.' || split_part(o, '=', 1), ', ') from unnest(t.reloptions) o))`)}
   from ${relations} join pg_class t on t.oid = c.reltoastrelid where t.reloptions is not null and ${isHere}`,
  `${ofTable(
    `'replica identity'`,
    'createCheck',
    `'replica identity ' || case c.relreplident when 'n' then 'nothing' when 'f' then 'full'
       else 'using index ' || coalesce((select quote_ident(i.relname) from pg_index x join pg_class i on i.oid = x.indexrelid
         where x.indrelid = c.oid and x.indisreplident), '') end`,
    `'replica identity default'`,
  )}
   from ${relations} where c.relkind in ('r', 'p') and c.relreplident <> 'd' and ${isHere}`,
  `${ofTable(`'cluster'`, 'createCheck', `'cluster on ' || quote_ident(i.relname)`, `'set without cluster'`)}
   from ${relations} join pg_index x on x.indrelid = c.oid and x.indisclustered join pg_class i on i.oid = x.indexrelid
   where c.relkind = 'r' and ${isHere}`,
  `${select(`'statistics ' || s.stxname`, 'createCheck', `format('alter statistics %I.%I set statistics %s', m.nspname, s.stxname, ${optional('s', 'stxstattarget')})`, `format('alter statistics %I.%I set statistics -1', m.nspname, s.stxname)`)}
   from ${relations} join pg_statistic_ext s on s.stxrelid = c.oid join pg_namespace m on m.oid = s.stxnamespace
   where (${optional('s', 'stxstattarget')})::int >= 0 and ${isHere}`,
  `${select(`'comment on statistics ' || s.stxname`, 'custom', `format('comment on statistics %I.%I is %L', m.nspname, s.stxname, d.description)`, `format('comment on statistics %I.%I is null', m.nspname, s.stxname)`)}
   from ${relations} join pg_statistic_ext s on s.stxrelid = c.oid join pg_namespace m on m.oid = s.stxnamespace
   ${described('pg_statistic_ext', 's.oid')} where ${isHere}`,
  `${select(`'rule ' || r.rulename`, 'custom', `format('alter table %s %s rule %I', ${table}, ${enabled('r.ev_enabled')}, r.rulename)`, `format('alter table %s enable rule %I', ${table}, r.rulename)`)}
   from ${relations} join pg_rewrite r on r.ev_class = c.oid where r.ev_enabled <> 'O' and ${isHere}`,
  `${commentOn('rule', 'r.rulename')}
   from ${relations} join pg_rewrite r on r.ev_class = c.oid ${described('pg_rewrite', 'r.oid')} where ${isHere}`,
  `${commentOn('policy', 'y.polname')}
   from ${relations} join pg_policy y on y.polrelid = c.oid ${described('pg_policy', 'y.oid')} where ${isHere}`,
]
