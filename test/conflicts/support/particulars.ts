import type {Client} from 'pg'

const identity = (catalogue: string, id: string): string =>
  `(select i.type || ' ' || i.identity from pg_identify_object('${catalogue}'::regclass, ${id}, 0) i)`

const grants = (acl: string, kind: string, owner: string): string =>
  `(select json_agg(array[x.grantor::regrole::text, x.grantee::regrole::text, x.privilege_type, x.is_grantable::text]
      order by x.grantor, x.grantee, x.privilege_type) from aclexplode(coalesce(${acl}, acldefault('${kind}', ${owner}))) x)`

const isOwn = `not in ('pg_catalog', 'information_schema', 'pg_toast')`

/** Catalogue columns that a snapshot omits: owners, privileges, labels and settings of each object. */
const parts: readonly string[] = [
  `select ${identity('pg_class', 'c.oid')} as name, json_build_array(c.relowner::regrole, ${grants('c.relacl', 'r', 'c.relowner')},
     c.reltablespace, array(select o from unnest(c.reloptions) o order by o),
     array(select o from pg_class x, unnest(x.reloptions) o where x.oid = c.reltoastrelid order by o), c.relpersistence, c.relreplident, c.reloftype::regtype, c.relam,
     (select relname from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and i.indisclustered),
     (select relname from pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = c.oid and i.indisreplident)) as definition
   from pg_class c where c.relnamespace::regnamespace::text ${isOwn}`,
  `select ${identity('pg_class', 'a.attrelid')} || '.' || a.attname, json_build_array(a.attstattarget, array(select o from unnest(a.attoptions) o where o like 'n\\_distinct%' order by o), a.attcompression,
     a.attstorage, a.attfdwoptions, case when a.attacl is not null then ${grants('a.attacl', 'c', 'c.relowner')} end,
     a.attnum - (select count(*) from pg_attribute b where b.attrelid = a.attrelid and b.attnum < a.attnum and b.attisdropped and b.attnum > 0))
   from pg_attribute a join pg_class c on c.oid = a.attrelid
   where a.attnum > 0 and not a.attisdropped and c.relnamespace::regnamespace::text ${isOwn} and c.relkind in ('r', 'p', 'v', 'm', 'c', 'i')`,
  `select ${identity('pg_proc', 'p.oid')}, json_build_array(p.proowner::regrole, ${grants('p.proacl', 'f', 'p.proowner')}, p.proconfig,
     p.provolatile, p.proparallel, p.prosecdef, p.proleakproof, p.procost, p.prosrc)
   from pg_proc p where p.pronamespace::regnamespace::text ${isOwn}`,
  `select ${identity('pg_type', 't.oid')}, json_build_array(t.typowner::regrole, ${grants('t.typacl', 'T', 't.typowner')})
   from pg_type t where t.typnamespace::regnamespace::text ${isOwn}`,
  `select ${identity('pg_namespace', 'n.oid')}, json_build_array(n.nspowner::regrole, ${grants('n.nspacl', 'n', 'n.nspowner')})
   from pg_namespace n where n.nspname::text ${isOwn} and n.nspname not like 'pg\\_%'`,
  `select 'extension ' || extname, json_build_array(extversion, extnamespace::regnamespace) from pg_extension`,
  `select ${identity('pg_trigger', 'g.oid')}, to_json(g.tgenabled) from pg_trigger g where not g.tgisinternal`,
  `select 'internal trigger of ' || g.tgrelid::regclass || ' ' || coalesce((select conname from pg_constraint k where k.oid = g.tgconstraint), '') || g.tgtype::text,
     json_agg(g.tgenabled) from pg_trigger g where g.tgisinternal group by 1`,
  `select ${identity('pg_rewrite', 'r.oid')}, json_build_array(r.ev_enabled, pg_get_ruledef(r.oid))
   from pg_rewrite r join pg_class c on c.oid = r.ev_class where c.relnamespace::regnamespace::text ${isOwn}`,
  `select ${identity('pg_statistic_ext', 's.oid')}, json_build_array(s.stxowner::regrole, s.stxstattarget, pg_get_statisticsobjdef(s.oid))
   from pg_statistic_ext s`,
  `select coalesce((select i.type || ' ' || i.identity from pg_identify_object(d.classoid, d.objoid, d.objsubid) i), '') || ' comment',
     to_json(d.description) from pg_description d where d.objoid >= 16384`,
  `select 'defaults of ' || d.defaclrole::regrole || coalesce(d.defaclnamespace::regnamespace::text, '') || d.defaclobjtype::text,
     ${grants('d.defaclacl', 'r', 'd.defaclrole')} from pg_default_acl d`,
  `select 'sequence ' || s.schemaname || '.' || s.sequencename, json_build_array(s.data_type, s.start_value, s.min_value, s.max_value,
     s.increment_by, s.cycle, s.cache_size, s.last_value) from pg_sequences s`,
  `select 'owner of ' || d.objid::regclass, json_build_array(d.refobjid::regclass, d.refobjsubid) from pg_depend d
   join pg_class c on c.oid = d.objid and c.relkind = 'S' where d.classid = 'pg_class'::regclass and d.deptype = 'a'`,
  `select ${identity('pg_operator', 'o.oid')}, json_build_array(o.oprowner::regrole) from pg_operator o where o.oid >= 16384`,
  `select 'publication ' || p.pubname, json_build_array(p.pubowner::regrole, p.puballtables, p.pubinsert, p.pubupdate,
     (select json_agg(r.prrelid::regclass order by 1) from pg_publication_rel r where r.prpubid = p.oid)) from pg_publication p`,
]

/** Returns each of them as text, by object. */
export async function particularsOf(client: Client): Promise<string> {
  const query = parts.map((sql) => `select * from (${sql}) q(name, definition)`)
  const {rows} = await client.query<{readonly all: string}>(
    `select json_agg(json_build_array(name, definition) order by name, definition::text)::text as all from (${query
      .map((sql) => sql.replace('select *', 'select name::text, definition::json'))
      .join(' union all ')}) q`,
  )
  return rows[0]?.all ?? ''
}
