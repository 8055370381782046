import type {CatalogueObject} from '../snapshot.ts'
import {columnOf, columnsSql} from './columns.ts'
import type {ColumnRow} from './columns.ts'
import {readPartitions} from './partitions.ts'
import {readSequences} from './sequences.ts'
import {textOf} from './server.ts'
import type {Server} from './server.ts'

interface TableRow {
  readonly name: string
  readonly type: string
  readonly engine: string | null
  readonly collation: string | null
  readonly options: string | null
  readonly comment: string
}

/** The tables, columns and sequences of a database. */
export interface Tables {
  readonly objects: readonly CatalogueObject[]
  readonly tables: readonly string[]
  /** The columns of each view. */
  readonly views: ReadonlyMap<string, readonly string[]>
}

/** Reads tables with their columns, sequences, and the names of views and their columns. */
export async function readTables(server: Server): Promise<Tables> {
  const rows = await server.query<TableRow>(tablesSql)
  const columns = Map.groupBy(await server.query<ColumnRow>(columnsSql(server)), ({table}) => table)
  const tables = rows.filter(({type}) => isTable(type))
  const isPartitioned = tables.some(({options}) => /\bpartitioned\b/i.test(options ?? ''))
  const partitions = isPartitioned ? await readPartitions(server) : new Map<string, string>()
  const sequences = rows.filter(({type}) => type === 'SEQUENCE').map(({name}) => name)
  const views = rows.filter(({type}) => type === 'VIEW')
  return {
    tables: tables.map(({name}) => name),
    views: new Map(views.map(({name}) => [name, (columns.get(name) ?? []).map((column) => column.name)])),
    objects: [
      ...tables.flatMap((table) => [
        tableOf(table, partitions.get(table.name) ?? null, server),
        ...(columns.get(table.name) ?? []).map((column) => columnOf(column, table.collation, server)),
      ]),
      ...(await readSequences(sequences, server)),
    ],
  }
}

const tablesSql = `
  select table_name as \`name\`, table_type as \`type\`, engine as \`engine\`, table_collation as \`collation\`,
    create_options as \`options\`, table_comment as \`comment\`
  from information_schema.tables where table_schema = database()`

function isTable(type: string): boolean {
  return type === 'BASE TABLE' || type === 'SYSTEM VERSIONED'
}

function tableOf(
  {name, type, engine, collation, options, comment}: TableRow,
  partitions: string | null,
  server: Server,
): CatalogueObject {
  return {
    kind: 'table',
    name,
    definition: {
      engine,
      collation: collation === server.collation ? null : collation,
      options: textOf((options ?? '').replaceAll(/\bpartitioned\b/gi, '').trim()),
      comment: textOf(comment),
      versioned: type === 'SYSTEM VERSIONED' ? 'true' : null,
      partitions,
    },
  }
}
