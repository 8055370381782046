import {withoutSearchPath} from '../../catalogue/snapshot/postgres.ts'
import {readAgain} from '../../catalogue/snapshot/postgres/expressions.ts'
import {snapshotOf} from '../../catalogue/snapshot/snapshot.ts'
import type {CatalogueObject, Query} from '../../catalogue/snapshot/snapshot.ts'
import type {SqlContext} from '../../operations/definition.ts'
import {joinName} from '../../operations/names.ts'
import type {Stage} from '../../operations/stage.ts'
import {DefinitionList, ownerOf} from '../definitions.ts'
import type {ServerSource} from '../source.ts'
import {settingsSql} from './postgres-settings.ts'
import {furtherSql, omittedSql, statementsSql, tableStatementsSql} from './postgres-sql.ts'

/** A statement that creates an object or a part of it, and the one that drops it. */
interface StatementRow {
  /** `relation`, or the kind of another object. */
  readonly kind: 'relation' | CatalogueObject['kind']
  readonly schema: string
  readonly name: string
  readonly stage: Stage
  readonly sql: string
  readonly inverse: string
}

interface SettingRow {
  readonly schema: string
  readonly name: string
  readonly setting: string
  readonly stage: Stage
  readonly sql: string
  readonly inverse: string
}

interface FurtherRow {
  readonly kind: CatalogueObject['kind']
  readonly schema: string
  readonly table: string | null
  readonly name: string
  readonly definition: Readonly<Record<string, string | null>>
}

interface ParentRow {
  readonly schema: string
  readonly name: string
  readonly parentSchema: string
  readonly parent: string
}

/** Returns the names of all schemas of a PostgreSQL database that do not belong to the server or an extension. */
export async function schemasOf(query: Query): Promise<readonly string[]> {
  const rows = await query<{readonly name: string}>(
    String.raw`select nspname::text as name from pg_namespace n where nspname not like 'pg\_%' and nspname <> 'information_schema'
     and not exists (select from pg_depend e where e.classid = 'pg_namespace'::regclass and e.objid = n.oid and e.deptype = 'e')
     order by nspname`,
  )
  return rows.map(({name}) => name)
}

/** Reads a PostgreSQL database in the server's own words. */
export async function readPostgresSource(
  query: Query,
  {platform}: SqlContext,
  schemas: readonly string[],
): Promise<ServerSource> {
  const own = platform.getDefaultSchemaName()
  const qualified = (schema: string, name: string): string =>
    joinName(schema === own || schema === '' ? undefined : schema, name)
  const quote = (value: string): string => platform.quoteValue(value)
  const list = schemas.map(quote).join(', ')
  const run = async <Row>(parts: readonly string[]): Promise<readonly Row[]> =>
    query<Row>(parts.map((sql) => sql.replaceAll(':schemas', list)).join('\nunion all\n'))
  return withoutSearchPath(query, quote, async () => {
    const parents = new Map(
      (await query<ParentRow>(parentsSql)).map(({schema, name, parentSchema, parent}) => [
        qualified(schema, name),
        qualified(parentSchema, parent),
      ]),
    )
    const root = (name: string): string => {
      let found = name
      for (let next = parents.get(found); next !== undefined; next = parents.get(found)) found = next
      return found
    }
    const roots = new Map([...parents.keys()].map((name) => [name, root(name)]))
    const definitions = new DefinitionList()
    for (const row of [...(await run<StatementRow>(statementsSql)), ...(await run<StatementRow>(tableStatementsSql))]) {
      const name = qualified(row.schema, row.name)
      const owner = row.kind === 'relation' ? `relation ${root(name)}` : ownerOf({kind: row.kind, name})
      definitions.addSql(owner, row.stage, row.sql, row.inverse)
    }
    const settings = (await run<SettingRow>(settingsSql)).map(
      ({schema, name, setting, stage, sql, inverse}): CatalogueObject => {
        const table = qualified(schema, name)
        definitions.addSql(`relation ${root(table)}`, stage, sql, inverse)
        return {kind: 'setting', table, name: setting, definition: {sql}}
      },
    )
    const further = (await run<FurtherRow>(furtherSql)).map(
      ({kind, schema, table, name, definition}): CatalogueObject =>
        table === null
          ? {kind, name: qualified(schema, name), definition}
          : {kind, table: qualified(schema, table), name, definition},
    )
    const omitted = (await run<{readonly name: string}>(omittedSql)).map(({name}) => name)
    return {
      further: snapshotOf([...further, ...settings].map(readAgain)),
      definitions: definitions.all,
      parents: roots,
      omitted,
    }
  })
}

const parentsSql = `
  select n.nspname::text as schema, c.relname::text as name, m.nspname::text as "parentSchema", p.relname::text as parent
  from pg_inherits i join pg_class c on c.oid = i.inhrelid and c.relispartition join pg_namespace n on n.oid = c.relnamespace
  join pg_class p on p.oid = i.inhparent and p.relkind = 'p' join pg_namespace m on m.oid = p.relnamespace`
