import type {CatalogueObject} from '../snapshot.ts'
import {expressionOf} from './expressions.ts'
import {listOfNames, quoted, textOf} from './server.ts'
import type {Server} from './server.ts'

interface IndexRow {
  readonly table: string
  readonly name: string
  readonly nonUnique: number
  readonly column: string | null
  readonly direction: 'A' | 'D' | null
  readonly length: number | null
  readonly type: string
  readonly comment: string
  readonly visible: 'YES' | 'NO'
  readonly expression: string | null
}

/** Returns a reader of the primary keys, unique keys and indexes of tables. */
export function readIndexes(tables: readonly string[]): (server: Server) => Promise<readonly CatalogueObject[]> {
  return async (server) => {
    const isTable = new Set(tables)
    const rows = (await server.query<IndexRow>(indexesSql(server))).filter(({table}) => isTable.has(table))
    const fullText = new Set(rows.filter(({type}) => type === 'FULLTEXT').map(({table}) => table))
    const parsers = await readParsers([...fullText], server)
    return [...Map.groupBy(rows, keyOf).values()].map((parts) => indexOf(parts, parsers, server))
  }
}

function indexesSql({isMariadb}: Server): string {
  const visible = isMariadb ? `if(ignored = 'YES', 'NO', 'YES')` : 'is_visible'
  return `
    select table_name as \`table\`, index_name as \`name\`, non_unique as \`nonUnique\`, column_name as \`column\`,
      collation as \`direction\`, sub_part as \`length\`, index_type as \`type\`, index_comment as \`comment\`,
      ${visible} as \`visible\`, ${isMariadb ? 'null' : 'expression'} as \`expression\`
    from information_schema.statistics where table_schema = database()
    order by table_name, index_name, seq_in_index`
}

function indexOf(parts: readonly IndexRow[], parsers: ReadonlyMap<string, string>, server: Server): CatalogueObject {
  const {table, name, nonUnique, type, comment, visible} = parts[0] as IndexRow
  const isPrimary = name === 'PRIMARY'
  const isUnique = nonUnique === 0
  return {
    kind: isPrimary ? 'primary key' : isUnique ? 'unique' : 'index',
    table,
    name: isPrimary ? '' : name,
    definition: {
      columns: parts.map((part) => elementOf(part, server)).join(', '),
      type: type === 'BTREE' ? null : type.toLowerCase(),
      visible: visible === 'NO' ? 'false' : null,
      parser: parsers.get(keyOf({table, name})) ?? null,
      comment: textOf(comment),
    },
  }
}

function elementOf({column, expression, length, direction}: IndexRow, server: Server): string {
  const what = column === null ? `(${expressionOf(expression ?? '', server)})` : listOfNames([column])
  return `${what}${length === null ? '' : `(${length})`}${direction === 'D' ? ' desc' : ''}`
}

const parser = /^\s*FULLTEXT KEY `(?<name>(?:[^`]|``)*)` .* WITH PARSER `?(?<parser>\w+)/gm

/** Returns the parsers of full-text indexes, which information_schema does not know. */
async function readParsers(tables: readonly string[], {query}: Server): Promise<ReadonlyMap<string, string>> {
  const parsers = new Map<string, string>()
  for (const table of tables) {
    const [row = {}] = await query<Readonly<Record<string, string>>>(`show create table ${quoted(table)}`)
    for (const {groups = {}} of (row['Create Table'] ?? '').matchAll(parser))
      parsers.set(keyOf({table, name: (groups['name'] ?? '').replaceAll('``', '`')}), groups['parser'] ?? '')
  }
  return parsers
}

function keyOf({table, name}: Pick<IndexRow, 'table' | 'name'>): string {
  return JSON.stringify([table, name])
}
