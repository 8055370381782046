import type {DatabaseSchema, IndexDef} from '@mikro-orm/sql'
import {spellType} from './definitions/types.ts'
import {nextTo} from '../operations/names.ts'
import {detachedSequences, exactTypes, sequences} from './definitions/column.ts'
import type {DetachedSequence} from './definitions/column.ts'
import {nullsNotDistinct} from './definitions/index.ts'
import {tableNameOf} from './definitions/table.ts'
import type {ComparedDatabase} from './compared-database.ts'

interface ColumnRow {
  readonly schema: string
  readonly table: string
  readonly column: string
  readonly type: string
  readonly generated: string
  readonly default: string | null
  readonly sequence: string | null
  readonly detached: DetachedSequence | null
}

/**
 * Corrects the schema that MikroORM reads from a PostgreSQL database: types lose modifiers, such as lengths in an
 * array; a default from any sequence is mistaken for autoincrement; schemas without tables and indexes of materialized
 * views are missing.
 */
export async function correctPostgres(
  schema: DatabaseSchema,
  database: ComparedDatabase,
  schemas: readonly string[],
): Promise<void> {
  const quoted = (names: readonly string[]): string =>
    names.map((name) => database.platform.quoteValue(name)).join(', ')
  // MikroORM reads the tables of all schemas.
  const others = schema.getTables().flatMap((table) => table.schema ?? [])
  const list = quoted([...new Set([...schemas, ...others])])
  const rows = await database.query<ColumnRow>(
    `select n.nspname as schema, c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as type,
       a.attgenerated::text as generated, pg_get_expr(d.adbin, d.adrelid) as "default",
       case when d.adbin is not null and a.attgenerated = '' then (
         select s.relname from pg_depend o join pg_class s on s.oid = o.objid and s.relkind = 'S'
         where o.refclassid = 'pg_class'::regclass and o.refobjid = c.oid and o.refobjsubid = a.attnum
           and o.classid = 'pg_class'::regclass limit 1) end as sequence,
       (select json_build_object('type', format_type(q.seqtypid, null), 'isOwned', o.objid is not null)
         from pg_class s join pg_sequence q on q.seqrelid = s.oid
         left join pg_depend o on o.classid = 'pg_class'::regclass and o.objid = s.oid and o.deptype in ('a', 'i')
         where s.relnamespace = c.relnamespace and s.relname = c.relname || '_' || a.attname || '_seq'
           and (o.objid is null or o.deptype = 'a' and o.refobjid = c.oid and o.refobjsubid = a.attnum)) as detached
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
     where c.relkind in ('r', 'p') and n.nspname in (${list})`,
  )
  const columns = new Map(rows.map((row) => [JSON.stringify([row.schema, row.table, row.column]), row]))
  for (const table of schema.getTables())
    for (const column of table.getColumns()) {
      const row = columns.get(JSON.stringify([table.schema, table.name, column.name]))
      if (row === undefined) continue
      if (column.nativeEnumName === undefined) exactTypes.set(column, spellType(row.type, database.dialect))
      if (row.generated === 'v' && column.generated) column.generated = column.generated.replace(/stored$/, 'virtual')
      if (column.autoincrement && row.default?.startsWith('nextval(') && row.sequence === null) {
        column.autoincrement = false
        column.unsigned = false
        column.default = row.default
      }
      if (!column.autoincrement && row.detached !== null) detachedSequences.set(column, row.detached)
      if (column.autoincrement && row.sequence !== null)
        sequences.set(column, nextTo(tableNameOf(table, {platform: database.platform}), row.sequence))
    }
  const found = await database.query<{readonly name: string}>(
    `select nspname as name from pg_namespace where nspname in (${quoted(schemas)})`,
  )
  await correctQuoted(schema, database, list)
  await correctIndexes(schema, database, list)
  await addChecks(schema, database, list)
  await addIndexesOfViews(schema, database, list)
  schema.setNamespaces(new Set([...schema.getNamespaces(), ...found.map(({name}) => name)]))
}

/** MikroORM takes an index on a column that has to be quoted for one on an expression. */
async function correctQuoted(schema: DatabaseSchema, database: ComparedDatabase, schemas: string): Promise<void> {
  const tables = schema.getTables().filter((table) => table.getIndexes().some(hasExpression))
  if (tables.length === 0) return
  const rows = await database.query<{
    readonly schema: string
    readonly table: string
    readonly name: string
    readonly columns: readonly string[]
  }>(
    `select n.nspname as schema, c.relname as "table", i.relname as name, to_json(array(
       select a.attname from unnest(x.indkey::int2[]) with ordinality k(number, place)
       join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
       where k.place <= x.indnkeyatts order by k.place)) as columns
     from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
     join pg_am m on m.oid = i.relam join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in (${schemas}) and x.indexprs is null and (
       exists (select from pg_constraint k where k.conindid = i.oid and k.contype = 'u')
       or (x.indpred is null and m.amname = 'btree' and x.indnatts = x.indnkeyatts
         and not exists (select from unnest(x.indoption::int2[]) o where o <> 0)))`,
  )
  for (const table of tables)
    for (const index of table.getIndexes().filter(hasExpression)) {
      const row = rows.find(
        (found) => found.schema === table.schema && found.table === table.name && found.name === index.keyName,
      )
      if (row === undefined) continue
      delete index.expression
      index.columnNames = [...row.columns]
    }
}

const hasExpression = ({expression}: IndexDef): boolean => expression !== undefined

/** Some parts of an index are not read by MikroORM; then the server's own statement is the definition. */
async function correctIndexes(schema: DatabaseSchema, database: ComparedDatabase, schemas: string): Promise<void> {
  const rows = await database.query<{
    readonly schema: string
    readonly table: string
    readonly name: string
    readonly sql: string
    readonly isConstraint: boolean
  }>(
    `select n.nspname as schema, c.relname as "table", i.relname as name, pg_get_indexdef(i.oid) as sql,
       exists (select from pg_constraint k where k.conindid = i.oid and k.contype = 'u') as "isConstraint"
     from pg_index x join pg_class c on c.oid = x.indrelid and c.relkind in ('r', 'p')
     join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in (${schemas}) and not x.indisprimary and (
       to_jsonb(x) ->> 'indnullsnotdistinct' = 'true'
       or exists (select from unnest(i.reloptions) o where o not like 'fillfactor=%')
       or exists (select from unnest(x.indclass) u join pg_opclass o on o.oid = u where not o.opcdefault)
       or exists (select from unnest(x.indkey::int2[], x.indcollation::oid[]) u (number, coll)
         join pg_attribute a on a.attrelid = c.oid and a.attnum = u.number
         where u.coll <> 0 and u.coll <> a.attcollation))`,
  )
  for (const {schema: place, table: name, name: index, sql, isConstraint} of rows) {
    const table = schema.getTables().find((one) => one.name === name && one.schema === place)
    const found = table?.getIndexes().find(({keyName}) => keyName === index)
    if (found === undefined) continue
    if (isConstraint) nullsNotDistinct.add(found)
    else found.expression = sql
  }
}

/** MikroORM misses checks that use no column. */
async function addChecks(schema: DatabaseSchema, database: ComparedDatabase, schemas: string): Promise<void> {
  const rows = await database.query<{
    readonly schema: string
    readonly table: string
    readonly name: string
    readonly sql: string
  }>(
    `select n.nspname as schema, c.relname as "table", k.conname as name, pg_get_constraintdef(k.oid) as sql
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
     where k.contype = 'c' and coalesce(cardinality(k.conkey), 0) = 0 and n.nspname in (${schemas})`,
  )
  for (const {schema: place, table: name, name: check, sql} of rows) {
    const table = schema.getTables().find((one) => one.name === name && one.schema === place)
    if (table === undefined || table.getChecks().some((one) => one.name === check)) continue
    table.setChecks([...table.getChecks(), {name: check, expression: sql, definition: sql}])
  }
}

/** Indexes of a view are dropped with it and have to be recreated. */
async function addIndexesOfViews(schema: DatabaseSchema, database: ComparedDatabase, schemas: string): Promise<void> {
  const views = schema.getViews().filter(({materialized}) => materialized)
  if (views.length === 0) return
  const rows = await database.query<{
    readonly schema: string
    readonly view: string
    readonly name: string
    readonly sql: string
  }>(
    `select n.nspname as schema, c.relname as view, i.relname as name, pg_get_indexdef(i.oid) as sql
     from pg_index x join pg_class c on c.oid = x.indrelid and c.relkind = 'm' join pg_class i on i.oid = x.indexrelid
     join pg_namespace n on n.oid = c.relnamespace where n.nspname in (${schemas}) order by i.relname`,
  )
  for (const view of views)
    view.indexes = rows
      .filter((row) => row.view === view.name && row.schema === (view.schema ?? row.schema))
      .map(({name, sql}) => ({
        keyName: name,
        columnNames: [],
        expression: sql,
        unique: false,
        primary: false,
        constraint: false,
      }))
}
