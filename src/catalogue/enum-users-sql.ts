export interface ColumnRow {
  readonly schema: string
  readonly table: string
  readonly column: string
  /** The type, unless it is the enum itself. */
  readonly type: string | null
  readonly value: string | null
}

/** A domain, once for each of its checks. */
export interface DomainRow {
  readonly oid: number
  readonly schema: string
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
  readonly value: string | null
  readonly check: string | null
  readonly expression: string | null
}

export interface DependentRow {
  readonly kind:
    | ('view' | 'materialized view' | 'index' | 'column' | 'constraint')
    | ('default' | 'trigger' | 'policy' | 'function' | 'procedure')
  readonly schema: string
  readonly table: string
  readonly name: string
  readonly definition: string
  /** Options of a view; the whole definition of a routine, whose `definition` is its parameters. */
  readonly options: string
  /** Statements that restore comments and privileges. */
  readonly more: readonly string[]
}

/** A type with its arrays, the domains over it, and their arrays. */
const typesOf = (type: string): string => `type(oid, level) as (
  select ${type}::regtype::oid, 0
  union select t.oid, level + 1 from pg_type t
    join type on t.typbasetype = type.oid or (t.typelem = type.oid and t.typcategory = 'A'))`

/** Inherited columns follow the column of their parent. */
export const columnsOfType = (type: string): string => `with recursive ${typesOf(type)}
  select n.nspname as schema, c.relname as "table", a.attname as "column",
    case when type.level > 0 then format_type(a.atttypid, a.atttypmod) end as type, pg_get_expr(d.adbin, d.adrelid) as value
  from type join pg_attribute a on a.atttypid = type.oid
  join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where c.relkind in ('r', 'p', 'f') and not a.attisdropped and a.attgenerated = '' and a.attinhcount = 0
  order by n.nspname, c.relname, a.attnum`

export const domainsOfType = (type: string): string => `with recursive ${typesOf(type)}
  select t.oid::integer as oid, n.nspname as schema, t.typname as name, format_type(t.typbasetype, t.typtypmod) as type,
    t.typnotnull as "isRequired", pg_get_expr(t.typdefaultbin, 0) as value,
    c.conname as check, pg_get_constraintdef(c.oid) as expression
  from type join pg_type t on t.oid = type.oid and t.typtype = 'd' join pg_namespace n on n.oid = t.typnamespace
  left join pg_constraint c on c.contypid = t.oid and c.contype = 'c'
  order by type.level, n.nspname, t.typname, c.conname`

/**
 * Objects whose definitions mention the type or one of its columns, and the objects that depend on those. Plain indexes
 * and keys on columns of the type are rebuilt by PostgreSQL.
 */
export const dependentsOfType = (
  type: string,
): string => `with recursive ${typesOf(type)}, root(classid, objid, objsubid) as (
  select 'pg_type'::regclass::oid, oid, 0 from type
  union all select 'pg_class'::regclass, a.attrelid, a.attnum::int from type
  join pg_attribute a on a.atttypid = type.oid join pg_class c on c.oid = a.attrelid
  where c.relkind in ('r', 'p', 'f') and not a.attisdropped and a.attgenerated = ''
), found(classid, objid, objsubid, depth, is_deep) as (
  select classid, objid, objsubid, 0, false from root
  union
  select o.classid, o.objid, o.objsubid, f.depth + 1,
    not exists (select from root r where (r.classid, r.objid, r.objsubid) = (f.classid, f.objid, f.objsubid))
  from found f
  join pg_depend d on d.refclassid = f.classid and d.refobjid = f.objid and (f.objsubid = 0 or d.refobjsubid = f.objsubid)
    and d.deptype in ('n', 'a')
  left join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
  left join pg_attrdef e on d.classid = 'pg_attrdef'::regclass and e.oid = d.objid
  left join pg_attribute g on g.attrelid = e.adrelid and g.attnum = e.adnum and g.attgenerated <> ''
  left join pg_class v on d.classid = 'pg_class'::regclass and v.oid = d.objid and v.relkind in ('v', 'm')
  cross join lateral (select
    case when r.oid is not null or g.attrelid is not null then 'pg_class'::regclass else d.classid end::oid as classid,
    coalesce(r.ev_class, g.attrelid, d.objid) as objid,
    case when r.oid is not null or v.oid is not null then 0 else coalesce(g.attnum::int, d.objsubid) end as objsubid
  ) o
  where f.depth < 20 and (o.classid, o.objid, o.objsubid) <> (f.classid, f.objid, f.objsubid)
), dependent as (
  select classid, objid, objsubid, max(depth) as depth, bool_or(is_deep) as is_deep from found
  where (classid, objid, objsubid) not in (select classid, objid, objsubid from root)
  group by classid, objid, objsubid
), described as (
  select depth, case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else 'index' end as kind,
    c.relnamespace as namespace, '' as "table", c.relname as name,
    case when c.relkind = 'i' then pg_get_indexdef(c.oid)
      else rtrim(pg_get_viewdef(c.oid), '; ') || case when c.relispopulated then '' else ' with no data' end end as definition,
    case when c.relkind = 'i' or c.reloptions is null then '' else ' with (' || array_to_string(c.reloptions, ', ') || ')' end as options,
    'pg_class'::regclass as class, c.oid as id, 0 as sub, case when c.relkind = 'i' then null else c.relacl end as acl, c.relowner as owner
  from dependent d join pg_class c on d.classid = 'pg_class'::regclass and c.oid = d.objid and d.objsubid = 0
  left join pg_index i on i.indexrelid = c.oid
  where c.relkind in ('v', 'm') or (c.relkind = 'i' and (d.is_deep or i.indpred is not null or i.indexprs is not null))
  union all
  select depth, 'column', c.relnamespace, c.relname, a.attname,
    format_type(a.atttypid, a.atttypmod) || case when a.attcollation <> t.typcollation then ' collate ' || a.attcollation::regcollation else '' end
      || ' generated always as (' || pg_get_expr(e.adbin, e.adrelid) || ') stored' || case when a.attnotnull then ' not null' else '' end,
    '', 'pg_class'::regclass, c.oid, a.attnum, null, null
  from dependent d join pg_class c on d.classid = 'pg_class'::regclass and c.oid = d.objid
  join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid and a.attgenerated <> '' and a.attinhcount = 0
  join pg_type t on t.oid = a.atttypid join pg_attrdef e on e.adrelid = c.oid and e.adnum = a.attnum
  union all
  select depth, 'constraint', c.relnamespace, c.relname, o.conname, pg_get_constraintdef(o.oid), '',
    'pg_constraint'::regclass, o.oid, 0, null, null
  from dependent d join pg_constraint o on d.classid = 'pg_constraint'::regclass and o.oid = d.objid
  join pg_class c on c.oid = o.conrelid
  where o.coninhcount = 0 and (d.is_deep or o.contype in ('c', 'f', 'x'))
  union all
  select depth, 'default', c.relnamespace, c.relname, a.attname, pg_get_expr(e.adbin, e.adrelid), '',
    'pg_attrdef'::regclass, e.oid, 0, null, null
  from dependent d join pg_attrdef e on d.classid = 'pg_attrdef'::regclass and e.oid = d.objid
  join pg_class c on c.oid = e.adrelid and c.relkind in ('r', 'p', 'f') join pg_attribute a on a.attrelid = c.oid and a.attnum = e.adnum
  where a.attgenerated = '' and a.atttypid not in (select oid from type)
  union all
  select depth, 'trigger', c.relnamespace, c.relname, t.tgname, pg_get_triggerdef(t.oid), '',
    'pg_trigger'::regclass, t.oid, 0, null, null
  from dependent d join pg_trigger t on d.classid = 'pg_trigger'::regclass and t.oid = d.objid and not t.tgisinternal
  join pg_class c on c.oid = t.tgrelid where t.tgparentid = 0
  union all
  select depth, 'policy', c.relnamespace, c.relname, p.polname,
    case when p.polpermissive then '' else 'as restrictive ' end || 'for '
      || case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end
      || ' to ' || (select string_agg(case when role = 0 then 'public' else role::regrole::text end, ', ') from unnest(p.polroles) role)
      || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
      || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''),
    '', 'pg_policy'::regclass, p.oid, 0, null, null
  from dependent d join pg_policy p on d.classid = 'pg_policy'::regclass and p.oid = d.objid
  join pg_class c on c.oid = p.polrelid
  union all
  select depth, case p.prokind when 'p' then 'procedure' else 'function' end, p.pronamespace, '', p.proname,
    pg_get_function_identity_arguments(p.oid), case when p.prokind = 'a' then '' else pg_get_functiondef(p.oid) end,
    'pg_proc'::regclass, p.oid, 0, p.proacl, p.proowner
  from dependent d join pg_proc p on d.classid = 'pg_proc'::regclass and p.oid = d.objid and p.prokind in ('f', 'p', 'w')
)
select kind, n.nspname as schema, "table", name, definition, options,
  to_json(array(
    select case class when 'pg_proc'::regclass then format('grant %s on %s %s to %s', lower(privilege_type), kind, id::regprocedure, g.grantee)
      else format('grant %s on %s to %s', lower(privilege_type), id::regclass, g.grantee) end || case when is_grantable then ' with grant option' else '' end
    from aclexplode(acl) cross join lateral (select case aclexplode.grantee when 0 then 'public' else aclexplode.grantee::regrole::text end as grantee, aclexplode.grantee as role) g
    where g.role <> owner and (class <> 'pg_proc'::regclass or g.role <> 0)
    union all
    select format('comment on %s %s is %L', kind, case kind when 'column' then format('%s.%I', id::regclass, name)
      when 'index' then id::regclass::text when 'view' then id::regclass::text when 'materialized view' then id::regclass::text
      when 'function' then id::regprocedure::text when 'procedure' then id::regprocedure::text
      else format('%I on %I.%I', name, n.nspname, "table") end, c.description)
    from pg_description c where c.classoid = class and c.objoid = id and c.objsubid = sub
  )) as more
from described join pg_namespace n on n.oid = namespace
order by depth desc, kind, n.nspname, "table", name`
