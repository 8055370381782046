import type {Query} from '../snapshot.ts'

/** An object as `sqlite_schema` stores it. */
export interface ObjectRow {
  readonly type: 'table' | 'index' | 'view' | 'trigger'
  readonly name: string
  readonly table: string
  readonly sql: string | null
}

export interface TableRow {
  readonly name: string
  readonly type: 'table' | 'virtual' | 'shadow' | 'view'
  readonly withoutRowid: number
  readonly strict: number
}

export interface ColumnRow {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly notNull: number
  readonly default: string | null
  /** The position in the primary key; 0 for a column that is not in it. */
  readonly key: number
  /** 2 for a virtual generated column, 3 for a stored one. */
  readonly hidden: number
}

/** A column of an index. */
export interface IndexRow {
  readonly table: string
  readonly index: string
  readonly unique: number
  /** Created by a statement, a unique constraint, or the primary key. */
  readonly origin: 'c' | 'u' | 'pk'
  /** Null for an expression. */
  readonly column: string | null
  readonly descending: number
  readonly collation: string
}

/** A column of a foreign key. */
export interface KeyRow {
  readonly table: string
  readonly id: number
  readonly other: string
  readonly from: string
  /** Null if the key refers to the primary key. */
  readonly to: string | null
  readonly onUpdate: string
  readonly onDelete: string
}

/** Everything that SQLite reports about a database, by table where it belongs to one. */
export interface Catalogue {
  readonly objects: readonly ObjectRow[]
  readonly tables: ReadonlyMap<string, TableRow>
  readonly columns: ReadonlyMap<string, readonly ColumnRow[]>
  readonly indexes: ReadonlyMap<string, readonly IndexRow[]>
  readonly keys: ReadonlyMap<string, readonly KeyRow[]>
  /** The columns of each view whose query is valid. */
  readonly views: ReadonlyMap<string, readonly string[]>
}

/** Reads the catalogue of the main database. */
export async function readCatalogue(query: Query): Promise<Catalogue> {
  const objects = await query<ObjectRow>(
    `select type, name, tbl_name as "table", sql from sqlite_master where substr(name, 1, 7) <> 'sqlite_'`,
  )
  const tables = await query<TableRow>(
    `select name, type, wr as "withoutRowid", strict from pragma_table_list where schema = 'main'`,
  )
  const columns = await query<ColumnRow>(
    `select m.name as "table", x.name, x.type, x."notnull" as "notNull", x.dflt_value as "default", x.pk as "key",
       x.hidden from ${source}, pragma_table_xinfo(m.name, 'main') x where ${isTable} order by m.name, x.cid`,
  )
  const indexes = await query<IndexRow>(
    `select m.name as "table", i.name as "index", i."unique", i.origin, x.name as "column", x."desc" as "descending",
       x.coll as "collation"
     from ${source}, pragma_index_list(m.name, 'main') i, pragma_index_xinfo(i.name, 'main') x
     where ${isTable} and x.key = 1 order by m.name, i.seq, x.seqno`,
  )
  const keys = await query<KeyRow>(
    `select m.name as "table", f.id, f."table" as other, f."from", f."to", f.on_update as "onUpdate",
       f.on_delete as "onDelete"
     from ${source}, pragma_foreign_key_list(m.name, 'main') f where ${isTable} order by m.name, f.id, f.seq`,
  )
  return {
    objects,
    tables: new Map(tables.map((table) => [table.name, table])),
    columns: Map.groupBy(columns, ({table}) => table),
    indexes: Map.groupBy(indexes, ({table}) => table),
    keys: Map.groupBy(keys, ({table}) => table),
    views: await readViewColumns(objects, query),
  }
}

const source = 'sqlite_master m'
/** A virtual table fails if its module is not loaded. */
const isTable = `m.type = 'table' and m.sql not like 'create virtual%' and substr(m.name, 1, 7) <> 'sqlite_'`

/** A view with an invalid query fails, so that each has a query of its own. */
async function readViewColumns(
  objects: readonly ObjectRow[],
  query: Query,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const columns = new Map<string, readonly string[]>()
  for (const {name} of objects.filter(({type}) => type === 'view')) {
    const sql = `select name from pragma_table_info('${name.replaceAll("'", "''")}', 'main') order by cid`
    const rows = await query<{readonly name: string}>(sql).catch(() => undefined)
    if (rows !== undefined)
      columns.set(
        name,
        rows.map((row) => row.name),
      )
  }
  return columns
}
