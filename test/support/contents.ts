import type {DatabaseKind, TestDatabase} from './databases.ts'

type Row = Readonly<Record<string, unknown>>

/** What is not data: its rows say when things were done, and how often somebody tried. */
const withoutRows: readonly string[] = ['mig_log']

/** Returns all that is in a database, as lines: tables, columns, indexes, constraints, and rows, without times. */
export async function contentsOf(kind: DatabaseKind, database: TestDatabase): Promise<readonly string[]> {
  const [definitions = []] = await database.query(...definitionsIn[kind])
  const tables = [...new Set(definitions.map(({table}) => String(table)))].filter((name) => name !== 'null')
  const texts = kind === 'mariadb' || kind === 'mysql' ? await createTables(tables, database) : definitions.map(lineOf)
  const full = tables.filter((name) => !withoutRows.includes(name))
  const rows = full.length === 0 ? [] : await database.query(...full.map((name) => `select * from ${name}`))
  return [
    ...texts,
    ...rows.flatMap((list, i) => list.map((row) => `${full[i]}: ${lineOf(withoutTimes(row))}`)),
  ].toSorted()
}

const definitionsIn: Readonly<Record<DatabaseKind, readonly string[]>> = {
  postgresql: [inPostgres()],
  pglite: [inPostgres()],
  mariadb: ['select table_name as `table` from information_schema.tables where table_schema = database()'],
  mysql: ['select table_name as `table` from information_schema.tables where table_schema = database()'],
  sqlite: [`select tbl_name as "table", type, name, sql from sqlite_master where name not like 'sqlite_%'`],
}

function inPostgres(): string {
  return `select table_name as "table", 'column' as kind, column_name as name, concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default) as text
    from information_schema.columns where table_schema = 'public'
    union all select c.relname, 'index', i.indexrelid::regclass::text, concat(pg_get_indexdef(i.indexrelid), ' valid ', i.indisvalid)
    from pg_index i join pg_class c on c.oid = i.indrelid where c.relnamespace = 'public'::regnamespace
    union all select conrelid::regclass::text, 'constraint', conname, pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace`
}

async function createTables(tables: readonly string[], database: TestDatabase): Promise<readonly string[]> {
  if (tables.length === 0) return []
  const created = await database.query(...tables.map((name) => `show create table ${name}`))
  return created.flat().map((row) => lineOf(row).replace(/ AUTO_INCREMENT=\d+/, ''))
}

function withoutTimes({applied_at, duration_ms, ...row}: Row): Row {
  void [applied_at, duration_ms]
  return row
}

function lineOf(row: Row): string {
  return JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))
}
