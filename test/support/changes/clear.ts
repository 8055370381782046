import type {DatabaseKind, TestDatabase} from '../databases.ts'

/** Drops everything in a database that no session uses. */
export async function clearDatabase(database: TestDatabase, kind: DatabaseKind): Promise<void> {
  switch (kind) {
    case 'postgresql':
    case 'pglite':
      await database.query(dropSchemas)
      return
    case 'mariadb':
    case 'mysql': {
      const name = new URL(database.url).pathname.slice(1)
      await database.query(`drop database ${name}`, `create database ${name}`)
      return
    }
    case 'sqlite':
      await database.drop()
  }
}

const dropSchemas = `do $$
declare one text;
begin
  set local client_min_messages = warning;
  for one in select nspname from pg_namespace where nspname !~ '^pg_|^information_schema$' loop
    execute format('drop schema %I cascade', one);
  end loop;
  create schema public;
end $$`
