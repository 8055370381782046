const isOwn = (catalogue: string, id: string): string =>
  `not exists (select from pg_depend e where e.classid = '${catalogue}'::regclass and e.objid = ${id} and e.deptype = 'e')`

const relation = `format('%I.%I', n.nspname, c.relname)`
const relations = 'pg_class c join pg_namespace n on n.oid = c.relnamespace'
const isHere = `n.nspname in (:schemas) and ${isOwn('pg_class', 'c.oid')}`

/** A function that mig's own operations create with a trigger. */
const isOfTrigger = `p.proname = c.relname || '_' || g.tgname || '_fn'`

/** The clauses of a sequence. */
const sequenceClauses = `format('increment by %s minvalue %s maxvalue %s start with %s cache %s%s',
  s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache, case when s.seqcycle then ' cycle' else '' end)`

const column = `format('%I %s%s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
  case when a.attcollation <> t.typcollation then ' collate ' || a.attcollation::regcollation::text else '' end,
  case when a.attidentity <> '' then format(' generated %s as identity (sequence name %s %s)',
    case a.attidentity when 'a' then 'always' else 'by default' end, q.name, q.clauses) else '' end,
  case when a.attgenerated <> '' then format(' generated always as (%s) %s', pg_get_expr(d.adbin, d.adrelid),
      case a.attgenerated when 'v' then 'virtual' else 'stored' end)
    when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end,
  case when a.attnotnull and a.attidentity = '' then ' not null' else '' end)`

/** The columns of a table and, within the statement, its constraints: all but foreign keys and those that are not valid. */
const columns = (which: string): string => `(select string_agg(${column}, E',\\n  ' order by a.attnum)
  from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  left join lateral (select format('%I.%I', m.nspname, r.relname) as name, ${sequenceClauses} as clauses
    from pg_depend o join pg_class r on r.oid = o.objid and r.relkind = 'S' join pg_namespace m on m.oid = r.relnamespace
    join pg_sequence s on s.seqrelid = r.oid
    where o.classid = 'pg_class'::regclass and o.refclassid = 'pg_class'::regclass and o.refobjid = c.oid
      and o.refobjsubid = a.attnum and o.deptype = 'i' limit 1) q on true
  where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and ${which})`

const columnNames = (table: string): string =>
  `(select string_agg(a.attname, ', ' order by a.attnum) from pg_attribute a
    where a.attrelid = ${table} and a.attnum > 0 and not a.attisdropped)`

/** A partition that was created as a table of its own. */
const isAttached = `exists (select from pg_inherits i where i.inhrelid = c.oid
  and ${columnNames('i.inhrelid')} <> ${columnNames('i.inhparent')})`
const parent = '(select i.inhparent::regclass::text from pg_inherits i where i.inhrelid = c.oid)'

const constraints = `(select string_agg(format('constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), E',\\n  '
    order by k.contype <> 'p', k.contype <> 'u', k.conname)
  from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'c', 'x') and k.conislocal and k.convalidated)`

const comment = (kind: string, name: string, text: string): string =>
  `format('comment on ${kind} %s is %L', ${name}, ${text})`
const uncomment = (kind: string, name: string): string => `format('comment on ${kind} %s is null', ${name})`

const signature = `format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))`
const routineName = `p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'`
const routineKind = `case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end`
const aggregate = `format(E'create aggregate %s (\\n  %s\\n)', ${signature}, concat_ws(E',\\n  ',
  'sfunc = ' || ag.aggtransfn::regproc, 'stype = ' || format_type(ag.aggtranstype, null),
  'sspace = ' || nullif(ag.aggtransspace, 0),
  'finalfunc = ' || nullif(ag.aggfinalfn::oid, 0)::regproc, case when ag.aggfinalextra then 'finalfunc_extra' end,
  'combinefunc = ' || nullif(ag.aggcombinefn::oid, 0)::regproc,
  'serialfunc = ' || nullif(ag.aggserialfn::oid, 0)::regproc, 'deserialfunc = ' || nullif(ag.aggdeserialfn::oid, 0)::regproc,
  'initcond = ' || quote_literal(ag.agginitval),
  'msfunc = ' || nullif(ag.aggmtransfn::oid, 0)::regproc, 'minvfunc = ' || nullif(ag.aggminvtransfn::oid, 0)::regproc,
  'mstype = ' || format_type(nullif(ag.aggmtranstype, 0), null), 'mfinalfunc = ' || nullif(ag.aggmfinalfn::oid, 0)::regproc,
  'minitcond = ' || quote_literal(ag.aggminitval),
  'sortop = ' || (select format('operator(%I.%s)', m.nspname, o.oprname) from pg_operator o
    join pg_namespace m on m.oid = o.oprnamespace where o.oid = ag.aggsortop),
  case p.proparallel when 's' then 'parallel = safe' when 'r' then 'parallel = restricted' end))`

const domain = `format('create domain %I.%I as %s%s%s%s%s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
  case when t.typcollation <> b.typcollation then ' collate ' || t.typcollation::regcollation::text else '' end,
  coalesce(' default ' || t.typdefault, ''), case when t.typnotnull then ' not null' else '' end,
  coalesce((select string_agg(format(' constraint %I %s', k.conname, pg_get_constraintdef(k.oid)), '' order by k.conname)
    from pg_constraint k where k.contypid = t.oid and k.contype = 'c' and k.convalidated), ''))`

/** Kind, schema and name of an object, the stage of a statement, the statement, and the one that reverts it. */
const select = (kind: string, name: string, stage: string, sql: string, inverse: string): string =>
  `select '${kind}' as kind, n.nspname::text as schema, (${name})::text as name, '${stage}' as stage, ${sql} as sql, ${inverse} as inverse`

/** Objects other than tables and views. */
export const statementsSql: readonly string[] = [
  `select 'schema' as kind, '' as schema, n.nspname::text as name, 'createSchema' as stage,
     format('create schema %I', n.nspname) as sql, format('drop schema %I', n.nspname) as inverse
   from pg_namespace n where n.nspname in (:schemas) and n.nspname <> 'public'`,
  `select 'schema', '', n.nspname::text, 'comment', ${comment('schema', 'quote_ident(n.nspname)', 'd.description')},
     ${uncomment('schema', 'quote_ident(n.nspname)')}
   from pg_namespace n join pg_description d on d.classoid = 'pg_namespace'::regclass and d.objoid = n.oid
   where n.nspname in (:schemas) and (n.nspname <> 'public' or d.description <> 'standard public schema')`,
  `select 'extension', '', x.extname::text, 'createExtension',
     format('create extension if not exists %I schema %I', x.extname, n.nspname), format('drop extension %I', x.extname)
   from pg_extension x join pg_namespace n on n.oid = x.extnamespace where x.extname <> 'plpgsql'`,
  `${select(
    'type',
    't.typname',
    'createEnum',
    `format('create type %I.%I as enum (%s)', n.nspname, t.typname,
       (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid))`,
    `format('drop type %I.%I', n.nspname, t.typname)`,
  )}
   from pg_type t join pg_namespace n on n.oid = t.typnamespace
   where t.typtype = 'e' and n.nspname in (:schemas) and ${isOwn('pg_type', 't.oid')}`,
  `${select('type', 't.typname', 'createEnum', domain, `format('drop domain %I.%I', n.nspname, t.typname)`)}
   from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_type b on b.oid = t.typbasetype
   where t.typtype = 'd' and n.nspname in (:schemas) and ${isOwn('pg_type', 't.oid')}`,
  `${select('type', 't.typname', 'createEnum', `format('alter domain %I.%I add constraint %I %s', n.nspname, t.typname, k.conname, pg_get_constraintdef(k.oid))`, `format('alter domain %I.%I drop constraint %I', n.nspname, t.typname, k.conname)`)}
   from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_constraint k on k.contypid = t.oid
   where t.typtype = 'd' and k.contype = 'c' and not k.convalidated and n.nspname in (:schemas) and ${isOwn('pg_type', 't.oid')}`,
  `${select(
    'type',
    't.typname',
    'createEnum',
    `format('create type %I.%I as (%s)', n.nspname, t.typname,
       (select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum)
        from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped))`,
    `format('drop type %I.%I', n.nspname, t.typname)`,
  )}
   from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_class c on c.oid = t.typrelid and c.relkind = 'c'
   where n.nspname in (:schemas) and ${isOwn('pg_type', 't.oid')}`,
  `${select(
    'type',
    't.typname',
    'createEnum',
    `format('create type %I.%I as range (%s)', n.nspname, t.typname, concat_ws(', ',
       'subtype = ' || format_type(r.rngsubtype, null),
       'subtype_diff = ' || nullif(r.rngsubdiff::oid, 0)::regproc,
       'multirange_type_name = ' || (select quote_ident(x.typname) from pg_type x where x.oid = r.rngmultitypid)))`,
    `format('drop type %I.%I', n.nspname, t.typname)`,
  )}
   from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_range r on r.rngtypid = t.oid
   where n.nspname in (:schemas) and ${isOwn('pg_type', 't.oid')}`,
  `${select('type', 't.typname', 'comment', comment(`' || case t.typtype when 'd' then 'domain' else 'type' end || '`, `format('%I.%I', n.nspname, t.typname)`, 'd.description'), uncomment(`' || case t.typtype when 'd' then 'domain' else 'type' end || '`, `format('%I.%I', n.nspname, t.typname)`))}
   from pg_type t join pg_namespace n on n.oid = t.typnamespace
   join pg_description d on d.classoid = 'pg_type'::regclass and d.objoid = t.oid
   where n.nspname in (:schemas) and ${isOwn('pg_type', 't.oid')}
     and not exists (select from pg_class c where c.oid = t.typrelid and c.relkind <> 'c')`,
  `${select('sequence', 'c.relname', 'createSequence', `format('create sequence %s as %s %s', ${relation}, format_type(s.seqtypid, null), ${sequenceClauses})`, `format('drop sequence %s', ${relation})`)}
   from ${relations} join pg_sequence s on s.seqrelid = c.oid
   where ${isHere} and not exists (select from pg_depend o where o.objid = c.oid and o.classid = 'pg_class'::regclass
     and o.refobjsubid > 0 and o.deptype in ('a', 'i'))`,
  `${select('sequence', 'c.relname', 'comment', comment('sequence', relation, 'd.description'), uncomment('sequence', relation))}
   from ${relations} join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = c.oid and d.objsubid = 0
   where c.relkind = 'S' and ${isHere} and not exists (select from pg_depend o where o.objid = c.oid
     and o.classid = 'pg_class'::regclass and o.refobjsubid > 0 and o.deptype in ('a', 'i'))`,
  `${select('routine', routineName, 'createRoutine', `rtrim(pg_get_functiondef(p.oid), E' \\n')`, `format('drop %s %s', ${routineKind}, ${signature})`)}
   from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where p.prokind in ('f', 'p', 'w') and n.nspname in (:schemas) and ${isOwn('pg_proc', 'p.oid')}
     and not exists (select from pg_depend o where o.classid = 'pg_proc'::regclass and o.objid = p.oid and o.deptype = 'i')
     and not exists (select from pg_trigger g join pg_class c on c.oid = g.tgrelid where g.tgfoid = p.oid and ${isOfTrigger})`,
  `${select('aggregate', routineName, 'createRoutine', aggregate, `format('drop aggregate %s', ${signature})`)}
   from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_aggregate ag on ag.aggfnoid = p.oid
   where n.nspname in (:schemas) and ag.aggkind = 'n' and ${isOwn('pg_proc', 'p.oid')}`,
  `select case p.prokind when 'a' then 'aggregate' else 'routine' end, n.nspname::text, ${routineName}, 'createRoutine',
     format('comment on %s %s is %L', ${routineKind}, ${signature}, d.description),
     format('comment on %s %s is null', ${routineKind}, ${signature})
   from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   join pg_description d on d.classoid = 'pg_proc'::regclass and d.objoid = p.oid
   where n.nspname in (:schemas) and ${isOwn('pg_proc', 'p.oid')}
     and not exists (select from pg_trigger g join pg_class c on c.oid = g.tgrelid where g.tgfoid = p.oid and ${isOfTrigger})`,
]

const tableOf = (stage: string, sql: string, inverse: string): string =>
  select('relation', 'c.relname', stage, sql, inverse)

const commentOn = (catalogue: string, id: string): string =>
  `join pg_description d on d.classoid = '${catalogue}'::regclass and d.objoid = ${id}`

/** The kind of an object with a comment: a column, a view or a table. */
const commented = `case when d.objsubid > 0 then 'column' when c.relkind = 'v' then 'view'
  when c.relkind = 'm' then 'materialized view' else 'table' end`

/** Tables and views, and their parts. */
export const tableStatementsSql: readonly string[] = [
  `${tableOf('createSequence', `format('create sequence %I.%I as %s %s', m.nspname, r.relname, format_type(s.seqtypid, null), ${sequenceClauses})`, `format('drop sequence if exists %I.%I', m.nspname, r.relname)`)}
   from ${relations} join pg_depend o on o.refclassid = 'pg_class'::regclass and o.refobjid = c.oid and o.refobjsubid > 0
     and o.classid = 'pg_class'::regclass and o.deptype = 'a'
   join pg_class r on r.oid = o.objid and r.relkind = 'S' join pg_namespace m on m.oid = r.relnamespace
   join pg_sequence s on s.seqrelid = r.oid where ${isHere}`,
  `${tableOf(
    'createTable',
    `format(E'create %stable %s (\\n  %s\\n)%s%s%s', case c.relpersistence when 'u' then 'unlogged ' else '' end, ${relation},
       concat_ws(E',\\n  ', ${columns('a.attislocal')}, ${constraints}),
       (select ' inherits (' || string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno) || ')' from pg_inherits i
        where i.inhrelid = c.oid having count(*) > 0),
       ' partition by ' || pg_get_partkeydef(c.oid), ' with (' || array_to_string(c.reloptions, ', ') || ')')`,
    `format('drop table %s', ${relation})`,
  )}
   from ${relations} where c.relkind in ('r', 'p') and not c.relispartition and ${isHere}`,
  `${tableOf(
    'createTable',
    `format('create %stable %s %s%s%s', case c.relpersistence when 'u' then 'unlogged ' else '' end, ${relation},
       case when ${isAttached} then format(E'(\\n  %s\\n)', ${columns('true')})
         else format('partition of %s %s', ${parent}, pg_get_expr(c.relpartbound, c.oid)) end,
       ' partition by ' || pg_get_partkeydef(c.oid), ' with (' || array_to_string(c.reloptions, ', ') || ')')`,
    `format('drop table if exists %s', ${relation})`,
  )}
   from ${relations} where c.relkind in ('r', 'p') and c.relispartition and ${isHere}`,
  `${tableOf('addColumn', `format('alter table only %s attach partition %s %s', ${parent}, ${relation}, pg_get_expr(c.relpartbound, c.oid))`, `format('alter table only %s detach partition %s', ${parent}, ${relation})`)}
   from ${relations} where c.relkind in ('r', 'p') and c.relispartition and ${isAttached} and ${isHere}`,
  `${tableOf('comment', `format('alter sequence %I.%I owned by %s.%I', m.nspname, r.relname, ${relation}, a.attname)`, `format('alter sequence %I.%I owned by none', m.nspname, r.relname)`)}
   from ${relations} join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
   join pg_depend o on o.refclassid = 'pg_class'::regclass and o.refobjid = c.oid and o.refobjsubid = a.attnum
     and o.classid = 'pg_class'::regclass and o.deptype = 'a'
   join pg_class r on r.oid = o.objid and r.relkind = 'S' join pg_namespace m on m.oid = r.relnamespace where ${isHere}`,
  `${tableOf(
    'comment',
    `format('alter table %s alter column %I set storage %s', ${relation}, a.attname,
       case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended' else 'main' end)`,
    `format('alter table %s alter column %I set storage %s', ${relation}, a.attname,
       case t.typstorage when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended' else 'main' end)`,
  )}
   from ${relations} join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   join pg_type t on t.oid = a.atttypid where c.relkind in ('r', 'p') and a.attstorage <> t.typstorage and ${isHere}`,
  `${tableOf(
    'createView',
    `format('create %sview %s%s as %s%s', case c.relkind when 'm' then 'materialized ' else '' end, ${relation},
       ' with (' || array_to_string(c.reloptions, ', ') || ')', rtrim(pg_get_viewdef(c.oid), ';'),
       case when c.relkind = 'm' and not c.relispopulated then ' with no data' else '' end)`,
    `format('drop %sview %s', case c.relkind when 'm' then 'materialized ' else '' end, ${relation})`,
  )}
   from ${relations} where c.relkind in ('v', 'm') and ${isHere}`,
  `select 'relation', n.nspname::text, c.relname::text,
     case when c.relkind in ('v', 'm') then 'createView' else 'comment' end,
     format('comment on %s %s%s is %L', ${commented}, ${relation}, '.' || quote_ident(a.attname), d.description),
     format('comment on %s %s%s is null', ${commented}, ${relation}, '.' || quote_ident(a.attname))
   from ${relations} ${commentOn('pg_class', 'c.oid')}
   left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and d.objsubid > 0
   where c.relkind in ('r', 'p', 'v', 'm') and ${isHere}`,
  `select 'relation', n.nspname::text, c.relname::text, case k.contype when 'f' then 'createForeignKey' else 'createCheck' end,
     format('alter table %s add constraint %I %s', ${relation}, k.conname, pg_get_constraintdef(k.oid)),
     format('alter table %s drop constraint %I', ${relation}, k.conname)
   from ${relations} join pg_constraint k on k.conrelid = c.oid
   where k.contype in ('p', 'u', 'c', 'x', 'f') and k.conparentid = 0 and k.conislocal and c.relkind in ('r', 'p') and ${isHere}
     and (k.contype = 'f' or not k.convalidated or c.relispartition and k.coninhcount = 0)`,
  `select 'relation', n.nspname::text, c.relname::text, 'createForeignKey',
     format('comment on constraint %I on %s is %L', k.conname, ${relation}, d.description),
     format('comment on constraint %I on %s is null', k.conname, ${relation})
   from ${relations} join pg_constraint k on k.conrelid = c.oid ${commentOn('pg_constraint', 'k.oid')}
   where k.contype in ('p', 'u', 'c', 'x', 'f') and ${isHere}`,
  `select 'relation', n.nspname::text, c.relname::text, case c.relkind when 'm' then 'createView' else 'createIndex' end,
     case i.relkind when 'I' then replace(pg_get_indexdef(i.oid), ' ON ONLY ', ' ON ') else pg_get_indexdef(i.oid) end,
     format('drop index if exists %I.%I', n.nspname, i.relname)
   from ${relations} join pg_index x on x.indrelid = c.oid join pg_class i on i.oid = x.indexrelid
   where c.relkind in ('r', 'p', 'm') and not i.relispartition and ${isHere}
     and not exists (select from pg_constraint k where k.conindid = i.oid and k.contype in ('p', 'u', 'x'))`,
  `select 'relation', n.nspname::text, c.relname::text, case c.relkind when 'm' then 'createView' else 'createIndex' end,
     ${comment('index', `format('%I.%I', n.nspname, i.relname)`, 'd.description')},
     ${uncomment('index', `format('%I.%I', n.nspname, i.relname)`)}
   from ${relations} join pg_index x on x.indrelid = c.oid join pg_class i on i.oid = x.indexrelid ${commentOn('pg_class', 'i.oid')}
   where c.relkind in ('r', 'p', 'm') and not i.relispartition and ${isHere}
     and not exists (select from pg_constraint k where k.conindid = i.oid and k.contype in ('p', 'u', 'x'))`,
  `select 'relation', n.nspname::text, c.relname::text, 'createIndex', pg_get_statisticsobjdef(s.oid),
     format('drop statistics if exists %I.%I', m.nspname, s.stxname)
   from ${relations} join pg_statistic_ext s on s.stxrelid = c.oid join pg_namespace m on m.oid = s.stxnamespace where ${isHere}`,
  `select distinct 'relation', n.nspname::text, c.relname::text, 'createRoutine', rtrim(pg_get_functiondef(p.oid), E' \\n'),
     format('drop function if exists %I.%I()', f.nspname, p.proname)
   from ${relations} join pg_trigger g on g.tgrelid = c.oid and not g.tgisinternal and g.tgparentid = 0
   join pg_proc p on p.oid = g.tgfoid join pg_namespace f on f.oid = p.pronamespace where ${isOfTrigger} and ${isHere}`,
  `select 'relation', n.nspname::text, c.relname::text, 'createTrigger', pg_get_triggerdef(g.oid),
     format('drop trigger %I on %s', g.tgname, ${relation})
   from ${relations} join pg_trigger g on g.tgrelid = c.oid and not g.tgisinternal and g.tgparentid = 0 where ${isHere}`,
  `select 'relation', n.nspname::text, c.relname::text, 'createTrigger',
     format('alter table %s %s trigger %I', ${relation}, case g.tgenabled when 'D' then 'disable' when 'R' then 'enable replica' else 'enable always' end, g.tgname),
     format('alter table %s enable trigger %I', ${relation}, g.tgname)
   from ${relations} join pg_trigger g on g.tgrelid = c.oid and not g.tgisinternal and g.tgparentid = 0
   where g.tgenabled <> 'O' and ${isHere}`,
  `select 'relation', n.nspname::text, c.relname::text, 'createTrigger',
     format('comment on trigger %I on %s is %L', g.tgname, ${relation}, d.description),
     format('comment on trigger %I on %s is null', g.tgname, ${relation})
   from ${relations} join pg_trigger g on g.tgrelid = c.oid and not g.tgisinternal and g.tgparentid = 0
   ${commentOn('pg_trigger', 'g.oid')} where ${isHere}`,
  `select 'relation', n.nspname::text, c.relname::text, 'createTrigger', pg_get_ruledef(r.oid),
     format('drop rule %I on %s', r.rulename, ${relation})
   from ${relations} join pg_rewrite r on r.ev_class = c.oid and r.rulename <> '_RETURN' where ${isHere}`,
  `select 'relation', n.nspname::text, c.relname::text, 'createPolicy', format('alter table %s enable row level security', ${relation}),
     format('alter table %s disable row level security', ${relation}) from ${relations} where c.relrowsecurity and ${isHere}`,
  `select 'relation', n.nspname::text, c.relname::text, 'createPolicy', format('alter table %s force row level security', ${relation}),
     format('alter table %s no force row level security', ${relation}) from ${relations} where c.relforcerowsecurity and ${isHere}`,
  `select 'relation', n.nspname::text, c.relname::text, 'createPolicy',
     format('create policy %I on %s as %s for %s to %s%s%s', y.policyname, ${relation}, lower(y.permissive), lower(y.cmd),
       (select string_agg(case when r = 'public' then 'public' else quote_ident(r) end, ', ') from unnest(y.roles) r),
       ' using (' || y.qual || ')', ' with check (' || y.with_check || ')'),
     format('drop policy %I on %s', y.policyname, ${relation})
   from ${relations} join pg_policies y on y.schemaname = n.nspname and y.tablename = c.relname where ${isHere}`,
]

/** Objects that a snapshot of a PostgreSQL database does not include, and the schemas of extensions. */
export const furtherSql: readonly string[] = [
  `select 'extension' as kind, '' as schema, null::text as "table", x.extname::text as name,
     json_build_object('schema', n.nspname) as definition
   from pg_extension x join pg_namespace n on n.oid = x.extnamespace`,
  `select 'column order' as kind, n.nspname::text as schema, c.relname::text as "table", '' as name,
     json_build_object('columns', (select string_agg(a.attname, ', ' order by a.attnum) from pg_attribute a
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)) as definition
   from ${relations} where c.relkind in ('r', 'p') and ${isHere}`,
  `select 'inheritance', n.nspname, c.relname, i.inhparent::regclass::text, json_build_object('order', i.inhseqno::text)
   from ${relations} join pg_inherits i on i.inhrelid = c.oid where c.relkind = 'r' and not c.relispartition and ${isHere}`,
  `select 'sequence', n.nspname, c.relname, a.attname, json_build_object('name', format('%I.%I', m.nspname, r.relname),
     'type', format_type(s.seqtypid, null), 'options', ${sequenceClauses})
   from ${relations} join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
   join pg_depend o on o.refclassid = 'pg_class'::regclass and o.refobjid = c.oid and o.refobjsubid = a.attnum
     and o.classid = 'pg_class'::regclass and o.deptype in ('a', 'i')
   join pg_class r on r.oid = o.objid and r.relkind = 'S' join pg_namespace m on m.oid = r.relnamespace
   join pg_sequence s on s.seqrelid = r.oid where ${isHere}`,
  `select 'index', n.nspname, c.relname, i.relname, json_build_object('sql', pg_get_indexdef(i.oid))
   from ${relations} join pg_index x on x.indrelid = c.oid join pg_class i on i.oid = x.indexrelid
   where c.relispartition and not i.relispartition and ${isHere}
     and not exists (select from pg_constraint k where k.conindid = i.oid and k.contype in ('p', 'u', 'x'))`,
  `select 'check', n.nspname, c.relname, k.conname, json_build_object('sql', pg_get_constraintdef(k.oid))
   from ${relations} join pg_constraint k on k.conrelid = c.oid
   where c.relispartition and k.contype in ('p', 'u', 'c', 'x', 'f') and k.conislocal and k.conparentid = 0 and k.coninhcount = 0 and ${isHere}`,
  `select 'statistics', n.nspname, c.relname, s.stxname, json_build_object('sql', pg_get_statisticsobjdef(s.oid))
   from ${relations} join pg_statistic_ext s on s.stxrelid = c.oid where ${isHere}`,
  `select 'rule', n.nspname, c.relname, r.rulename, json_build_object('sql', pg_get_ruledef(r.oid))
   from ${relations} join pg_rewrite r on r.ev_class = c.oid and r.rulename <> '_RETURN' where ${isHere}`,
  `select 'aggregate', n.nspname, null, ${routineName}, json_strip_nulls(json_build_object('sql', ${aggregate}))
   from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_aggregate ag on ag.aggfnoid = p.oid
   where n.nspname in (:schemas) and ag.aggkind = 'n' and ${isOwn('pg_proc', 'p.oid')}`,
  `select 'type', n.nspname, null, t.typname, json_build_object('range', format_type(r.rngsubtype, null))
   from pg_type t join pg_namespace n on n.oid = t.typnamespace join pg_range r on r.rngtypid = t.oid
   where n.nspname in (:schemas) and ${isOwn('pg_type', 't.oid')}`,
  `select 'routine', n.nspname, null, ${routineName} || ' window', json_build_object('sql', pg_get_functiondef(p.oid))
   from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where p.prokind = 'w' and n.nspname in (:schemas) and ${isOwn('pg_proc', 'p.oid')}`,
]

/** Objects that a baseline cannot create. */
export const omittedSql: readonly string[] = [
  `select format('foreign table %s', ${relation}) as name from ${relations} where c.relkind = 'f' and ${isHere}`,
  `select format('aggregate %s', p.oid::regprocedure) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   join pg_aggregate ag on ag.aggfnoid = p.oid where n.nspname in (:schemas) and ag.aggkind <> 'n' and ${isOwn('pg_proc', 'p.oid')}`,
  `select format('collation %I.%I', n.nspname, o.collname) from pg_collation o join pg_namespace n on n.oid = o.collnamespace
   where n.nspname in (:schemas) and ${isOwn('pg_collation', 'o.oid')}`,
  `select format('operator %s', o.oid::regoperator) from pg_operator o join pg_namespace n on n.oid = o.oprnamespace
   where n.nspname in (:schemas) and ${isOwn('pg_operator', 'o.oid')}`,
  `select format('operator class %I.%I', n.nspname, o.opcname) from pg_opclass o join pg_namespace n on n.oid = o.opcnamespace
   where n.nspname in (:schemas) and ${isOwn('pg_opclass', 'o.oid')}`,
  `select format('base type %I.%I', n.nspname, t.typname) from pg_type t join pg_namespace n on n.oid = t.typnamespace
   where t.typtype = 'b' and t.typcategory <> 'A' and n.nspname in (:schemas) and ${isOwn('pg_type', 't.oid')}`,
  `select format('text search configuration %I.%I', n.nspname, o.cfgname) from pg_ts_config o join pg_namespace n on n.oid = o.cfgnamespace
   where n.nspname in (:schemas) and ${isOwn('pg_ts_config', 'o.oid')}`,
  `select format('text search dictionary %I.%I', n.nspname, o.dictname) from pg_ts_dict o join pg_namespace n on n.oid = o.dictnamespace
   where n.nspname in (:schemas) and ${isOwn('pg_ts_dict', 'o.oid')}`,
  `select format('cast from %s to %s', format_type(o.castsource, null), format_type(o.casttarget, null)) from pg_cast o
   where o.oid >= 16384 and not exists (select from pg_depend e
     where e.classid = 'pg_cast'::regclass and e.objid = o.oid and e.deptype in ('e', 'i'))`,
  `select format('event trigger %I', o.evtname) from pg_event_trigger o where ${isOwn('pg_event_trigger', 'o.oid')}`,
  `select format('publication %I', o.pubname) from pg_publication o`,
  `select format('foreign server %I', o.srvname) from pg_foreign_server o where ${isOwn('pg_foreign_server', 'o.oid')}`,
]
