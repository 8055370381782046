import type {SqlContext} from '../../operations/definition.ts'
import {joinName} from '../../operations/names.ts'
import type {Session} from '../../runner/connection/session.ts'
import {sqlContext} from '../../sql/context.ts'
import type {InsertSyntax} from './insert.ts'
import {partitionTests} from './postgres-partitions.ts'
import type {PartitionRow} from './postgres-partitions.ts'
import {postgresTypes} from './postgres-types.ts'
import type {TypeRow} from './postgres-types.ts'
import type {Catalogue, Column, Reference, Table} from './table.ts'

/** PostgreSQL's syntax; explicit numbers, because a rollback does not reset a sequence. */
export function postgresSyntax({literal}: SqlContext): InsertSyntax {
  return {
    insert: 'insert into',
    overriding: ' overriding system value',
    empty: 'default values',
    leavesCounters: false,
    literal,
  }
}

interface TableRow {
  readonly oid: number
  readonly kind: string
  readonly schema: string
  readonly name: string
  readonly isDefault: boolean
}

interface ColumnRow {
  readonly table: number
  readonly name: string
  readonly type: number
  readonly modifier: number
  readonly notNull: boolean
  readonly identity: string
  readonly generated: string
  readonly value: string | null
}

interface ConstraintRow {
  readonly table: number
  readonly type: string
  readonly name: string
  readonly schema: string
  readonly columns: readonly string[]
  readonly definition: string | null
  readonly isDeferred: boolean
  readonly parent: number
  readonly parentSchema: string | null
  readonly parentName: string | null
  readonly parentIsDefault: boolean
  readonly parentColumns: readonly string[] | null
}

interface KeyRow {
  readonly table: number
  readonly columns: readonly (string | null)[]
}

interface WantedRow {
  /** The requested name; null for a table that another references. */
  readonly name: string | null
  readonly oid: string | null
}

interface Rows {
  readonly tables: readonly TableRow[] | null
  readonly columns: readonly ColumnRow[] | null
  readonly types: readonly TypeRow[] | null
  readonly constraints: readonly ConstraintRow[] | null
  readonly keys: readonly KeyRow[] | null
  readonly partitions: readonly PartitionRow[] | null
}

/** Reads tables and those they must reference. */
export async function readPostgresTables(session: Session, names: readonly string[]): Promise<Catalogue> {
  const {quote, literal} = sqlContext(session.dialect, session.platform)
  const given = names.map((name) => `(${literal(name)}, to_regclass(${literal(quote(name))})::oid)`).join(', ')
  const wanted = await session.query<WantedRow>(wantedQuery(given))
  const nameOf = new Map(wanted.map(({oid, name}) => [Number(oid), name]))
  const oids = new Set(wanted.flatMap(({oid}) => oid ?? []))
  const missing: Catalogue = {tables: new Map(), requested: new Map(names.map((name) => [name, undefined]))}
  if (oids.size === 0) return missing
  const [row] = await session.query<{readonly rows: Rows}>(catalogueQuery([...oids]))
  const rows = row?.rows
  if (rows === undefined) return missing
  const typeOf = postgresTypes(rows.types ?? [])
  const columnsOf = Map.groupBy(rows.columns ?? [], ({table}) => table)
  const constraintsOf = Map.groupBy(rows.constraints ?? [], ({table}) => table)
  const keysOf = Map.groupBy(rows.keys ?? [], ({table}) => table)
  const named = (schema: string, name: string, isDefault: boolean, oid: number): string =>
    nameOf.get(oid) ?? joinName(isDefault ? undefined : schema, name)
  const tables = new Map<string, Table>()
  for (const {oid, kind, schema, name, isDefault} of rows.tables ?? []) {
    const constraints = constraintsOf.get(oid) ?? []
    const partitions = partitionTests(oid, kind === 'p', rows.partitions ?? [])
    const refusal = kind === 'r' || kind === 'p' ? partitions.refusal : 'it is not a table'
    tables.set(String(oid), {
      id: String(oid),
      name: named(schema, name, isDefault, oid),
      columns: (columnsOf.get(oid) ?? []).map((column) =>
        columnOf(column, typeOf(column.type, column.modifier), partitions.tests.get(column.name) ?? []),
      ),
      keys: (keysOf.get(oid) ?? []).map(({columns}) => columns.flatMap((column) => column ?? [])),
      references: constraints.filter(({type}) => type === 'f').map((constraint) => referenceOf(constraint, named)),
      checks: constraints.flatMap(({type, definition}) => (type === 'c' && definition !== null ? [definition] : [])),
      afterInsert: flushOf(constraints, quote),
      refusal,
    })
  }
  return {
    tables,
    requested: new Map(names.map((name) => [name, tables.get(String(wanted.find((one) => one.name === name)?.oid))])),
  }
}

const constant = /^(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?|true|false|\(-?\d+(?:\.\d+)?\))(?:::[\w\s."()[\],]+)?$/

function columnOf(
  {name, notNull, identity, generated, value}: ColumnRow,
  {type, tests, isRequired}: ReturnType<ReturnType<typeof postgresTypes>>,
  partitions: Column['tests'],
): Column {
  return {
    name,
    type,
    isNullable: !notNull && !isRequired,
    isGenerated: generated !== '',
    isCounter: identity !== '' || /\bnextval\(/.test(value ?? ''),
    hasConstantDefault: value !== null && constant.test(value),
    tests: [...tests, ...partitions],
  }
}

function referenceOf(
  {columns, parent, parentSchema, parentName, parentIsDefault, parentColumns}: ConstraintRow,
  named: (schema: string, name: string, isDefault: boolean, oid: number) => string,
): Reference {
  return {
    columns,
    parent: String(parent),
    parentName: named(parentSchema ?? '', parentName ?? '', parentIsDefault, parent),
    parentColumns: parentColumns ?? [],
  }
}

/** A table with pending checks cannot be altered. */
function flushOf(constraints: readonly ConstraintRow[], quote: (name: string) => string): readonly string[] {
  const deferred = constraints
    .filter(({isDeferred}) => isDeferred)
    .map(({schema, name}) => quote(joinName(schema, name)))
    .join(', ')
  return deferred === '' ? [] : [`set constraints ${deferred} immediate`, `set constraints ${deferred} deferred`]
}

const columnNames = (relation: string, numbers: string): string =>
  `(select json_agg(a.attname order by u.i) from unnest(${numbers}) with ordinality u(n, i)
    left join pg_attribute a on a.attrelid = ${relation} and a.attnum = u.n and u.n > 0)`

/** A partitioned table lists a constraint again for each partition that it references. */
const isOwn = `not exists (select from pg_constraint o where o.oid = c.conparentid and o.conrelid = c.conrelid)`

function wantedQuery(given: string): string {
  return `
with recursive given(name, oid) as (values ${given}),
wanted(oid) as (
  select oid from given where oid is not null
  union
  select c.confrelid from wanted w join pg_constraint c on c.conrelid = w.oid and c.contype = 'f' and ${isOwn}
  where not exists (
    select from pg_attribute a where a.attrelid = c.conrelid and a.attnum = any (c.conkey) and not a.attnotnull)
)
select g.name, coalesce(g.oid, w.oid)::text as oid from given g full join wanted w on w.oid = g.oid`
}

/** The lists of types are joined: with subqueries, the estimate is so high that the server compiles the query first. */
function catalogueQuery(oids: readonly string[]): string {
  return `
with recursive wanted(oid) as (values ${oids.map((oid) => `(${oid}::oid)`).join(', ')}),
cols as (
  select a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull, a.attidentity, a.attgenerated,
    pg_get_expr(d.adbin, d.adrelid) as value
  from wanted w join pg_attribute a on a.attrelid = w.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
),
kinds(oid) as (
  select atttypid from cols
  union
  select n.oid from kinds k join pg_type t on t.oid = k.oid
  left join pg_range r on r.rngtypid = t.oid or r.rngmultitypid = t.oid
  cross join lateral (values (t.typbasetype), (case when t.typcategory = 'A' then t.typelem end), (r.rngsubtype)) n(oid)
  where n.oid <> 0
),
parts(oid, parent) as (
  select t.relid::oid, t.parentrelid::oid from wanted w cross join pg_partition_tree(w.oid::regclass) t
  where t.parentrelid is not null
  union
  select i.inhrelid, i.inhparent from wanted w cross join pg_partition_ancestors(w.oid::regclass) a(oid)
  join pg_inherits i on i.inhrelid = a.oid
)
select json_build_object(
  'tables', (select json_agg(json_build_object('oid', c.oid::bigint, 'kind', c.relkind, 'schema', n.nspname,
      'name', c.relname, 'isDefault', n.nspname = current_schema()) order by n.nspname, c.relname)
    from wanted w join pg_class c on c.oid = w.oid join pg_namespace n on n.oid = c.relnamespace),
  'columns', (select json_agg(json_build_object('table', attrelid::bigint, 'name', attname, 'type', atttypid::bigint,
      'modifier', atttypmod, 'notNull', attnotnull, 'identity', attidentity, 'generated', attgenerated, 'value', value)
      order by attrelid, attnum) from cols),
  'types', (select json_agg(json_build_object('oid', t.oid::bigint, 'name', t.typname, 'full', format_type(t.oid, null),
      'kind', t.typtype, 'category', t.typcategory, 'element', t.typelem::bigint, 'base', t.typbasetype::bigint,
      'modifier', t.typtypmod, 'notNull', t.typnotnull,
      'range', r.rngsubtype::bigint, 'labels', e.labels, 'fields', coalesce(f.count, 0), 'checks', d.checks))
    from kinds k join pg_type t on t.oid = k.oid
    left join pg_range r on r.rngtypid = t.oid or r.rngmultitypid = t.oid
    left join (select enumtypid, json_agg(enumlabel order by enumsortorder) as labels from pg_enum group by enumtypid) e
      on e.enumtypid = t.oid
    left join (select t.oid, count(*) as count from pg_type t join pg_attribute a on a.attrelid = t.typrelid
        and a.attnum > 0 and not a.attisdropped where t.typtype = 'c' and t.oid in (select oid from kinds) group by t.oid) f
      on f.oid = t.oid
    left join (select contypid, json_agg(pg_get_expr(conbin, 0) order by conname) as checks from pg_constraint
        where contype = 'c' and contypid <> 0 group by contypid) d on d.contypid = t.oid),
  'constraints', (select json_agg(json_build_object('table', c.conrelid::bigint, 'type', c.contype, 'name', c.conname,
      'schema', n.nspname, 'columns', coalesce(${columnNames('c.conrelid', 'c.conkey')}, '[]'),
      'definition', pg_get_expr(c.conbin, c.conrelid), 'isDeferred', c.condeferred, 'parent', c.confrelid::bigint,
      'parentSchema', pn.nspname, 'parentName', p.relname, 'parentIsDefault', coalesce(pn.nspname = current_schema(), false),
      'parentColumns', ${columnNames('c.confrelid', 'c.confkey')}) order by c.conrelid, c.conname)
    from wanted w join pg_constraint c on c.conrelid = w.oid and ${isOwn}
    join pg_namespace n on n.oid = c.connamespace
    left join pg_class p on p.oid = c.confrelid left join pg_namespace pn on pn.oid = p.relnamespace),
  'keys', (select json_agg(json_build_object('table', i.indrelid::bigint,
      'columns', ${columnNames('i.indrelid', '(i.indkey::smallint[])[0:i.indnkeyatts - 1]')})
      order by i.indrelid, i.indisprimary desc, i.indexrelid)
    from wanted w join pg_index i on i.indrelid = w.oid and i.indisunique),
  'partitions', (select json_agg(json_build_object('oid', c.oid::bigint, 'parent', p.parent::bigint,
      'isPartitioned', c.relkind = 'p', 'bound', pg_get_expr(c.relpartbound, c.oid), 'strategy', k.partstrat,
      'columns', ${columnNames('k.partrelid', 'k.partattrs::smallint[]')}) order by c.relname)
    from parts p join pg_class c on c.oid = p.oid join pg_partitioned_table k on k.partrelid = p.parent)
) as rows`
}
