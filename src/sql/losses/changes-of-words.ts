import type {DataChange} from './data-change.ts'
import {qualifiedName} from './qualified-name.ts'

const literal = /'(?:[^'\\]|\\.|'')*'/gs
const identifier = '(?:`(?:[^`]|``)+`|"(?:[^"]|"")+"|\\[[^\\]]+\\]|[\\p{L}_][\\p{L}\\p{N}_$]*)'
const qualified = `${identifier}(?:\\s*\\.\\s*${identifier})?`
const only = (pattern: string): RegExp => new RegExp(`^\\s*${pattern}\\s*;?\\s*$`, 'isu')

const replaceTable = new RegExp(`^\\s*create\\s+or\\s+replace\\s+table\\s+(?<table>${qualified})`, 'isu')
const createTable = new RegExp(`^\\s*create\\s+(?:temp(?:orary)?\\s+)?table\\s+(?!if\\s)(?<table>${qualified})`, 'isu')
const query = `select\\b(?!\\s*distinct\\b)\\s*(?<list>.*?)\\bfrom\\b\\s*(?<from>${qualified})(?<rest>.*)`
const createFilled = only(`create\\s+(?:temp(?:orary)?\\s+)?table\\s+(?<table>${qualified})\\s+(?:as\\b\\s*)?${query}`)
const insert = only(`insert\\s+into\\s+(?<table>${qualified})\\s*(?:\\([^()]*\\)\\s*)?${query}`)
/** The parts of a query that return less than one row for each row of its table, or that drop rows on conflicts. */
const restriction =
  /,|\b(?:where|having|limit|group|(?<!left\s+(?:outer\s+)?)join|union|except|intersect|on\s+conflict|on\s+duplicate)\b/i
const aggregate = /\b(?:count|sum|min|max|avg|group_concat|total)\s*\(/i
const dropTables = only(
  `drop\\s+tables?\\s+(?:if\\s+exists\\s+)?(?<tables>${qualified}(?:\\s*,\\s*${qualified})*)(?:\\s+(?:cascade|restrict))?`,
)
const dropSchema = only(`drop\\s+(?:database|schema)\\s+(?:if\\s+exists\\s+)?(?<schema>${identifier})`)
const empty = only(`(?:truncate\\s+(?:table\\s+)?|delete\\s+from\\s+)(?<table>${qualified})`)
const deleteRows = new RegExp(`^\\s*delete\\s+(?:from\\s+)?(?<table>${qualified})`, 'isu')
const renameTables = only(`rename\\s+tables?\\s+(?<pairs>.*)`)
const alterTable = only(`alter\\s+table\\s+(?:if\\s+exists\\s+)?(?<table>${qualified})\\s+(?<clauses>.*)`)
const pair = new RegExp(`(?<table>${qualified})\\s+to\\s+(?<to>${qualified})`, 'giu')
const clause = new RegExp(
  [
    `\\bdrop\\s+(?:column\\s+)?(?:if\\s+exists\\s+)?(?!(?:column|if|constraint|index|key|primary|foreign|check|partition|default)\\b)(?<dropped>${identifier})`,
    `\\brename\\s+(?:column\\s+)?(?<column>${identifier})\\s+to\\s+(?<name>${identifier})`,
    `\\brename\\s+(?!column\\b|index\\b|key\\b)(?:to\\s+|as\\s+)?(?<to>${qualified})\\s*$`,
    `\\bchange\\s+(?:column\\s+)?(?<changed>${identifier})\\s+(?<changedTo>${identifier})`,
    `\\badd\\s+(?:column\\s+)?(?!(?:column|if|constraint|index|key|unique|primary|foreign|check|fulltext|spatial|partition)\\b)(?<added>${identifier})\\s+[a-z]`,
  ].join('|'),
  'giu',
)

/** Returns the changes of a statement of SQLite, MariaDB or MySQL, for which there is no parser. */
export function changesOfWords(statement: string): readonly DataChange[] {
  const sql = statement.replaceAll(literal, "''")
  const created = createTable.exec(sql)?.groups?.['table']
  if (created !== undefined)
    return [{kind: 'create table', table: read(created)}, ...copiedRows(createFilled.exec(sql))]
  const replaced = replaceTable.exec(sql)?.groups?.['table']
  if (replaced !== undefined)
    return [
      {kind: 'drop table', table: read(replaced)},
      {kind: 'create table', table: read(replaced)},
    ]
  const inserted = insert.exec(sql)
  if (inserted !== null) return copiedRows(inserted)
  const schema = dropSchema.exec(sql)?.groups?.['schema']
  if (schema !== undefined) return [{kind: 'drop schema', schema: read(schema)}]
  const truncated = empty.exec(sql)?.groups?.['table']
  if (truncated !== undefined) return [{kind: 'empty table', table: read(truncated)}]
  const deleted = deleteRows.exec(sql)?.groups?.['table']
  if (deleted !== undefined) return [{kind: 'delete rows', table: read(deleted)}]
  const dropped = dropTables.exec(sql)?.groups?.['tables']
  if (dropped !== undefined)
    return [...dropped.matchAll(new RegExp(qualified, 'giu'))].map(([table]) => ({
      kind: 'drop table',
      table: read(table),
    }))
  const pairs = renameTables.exec(sql)?.groups?.['pairs']
  if (pairs !== undefined)
    return [...pairs.matchAll(pair)].map(({groups = {}}) => ({
      kind: 'rename table',
      table: read(groups['table']),
      to: read(groups['to']),
    }))
  const {table: written, clauses = ''} = alterTable.exec(sql)?.groups ?? {}
  if (written === undefined) return []
  const table = read(written)
  return [...clauses.matchAll(clause)].flatMap(({groups = {}}): readonly DataChange[] => {
    const {dropped: column, column: former, name, to, changed, changedTo, added} = groups
    if (column !== undefined) return [{kind: 'drop column', table, column: bare(column)}]
    if (added !== undefined) return [{kind: 'add column', table, column: bare(added)}]
    if (to !== undefined) return [{kind: 'rename table', table, to: read(to)}]
    const [from, target] = [former ?? changed, name ?? changedTo]
    if (from === undefined || target === undefined || bare(from) === bare(target)) return []
    return [{kind: 'rename column', table, column: bare(from), to: bare(target)}]
  })
}

/** Returns the change of a query that copies every row of a table into another one. */
function copiedRows(found: RegExpExecArray | null): readonly DataChange[] {
  const {table, list = '', from, rest = ''} = found?.groups ?? {}
  if (table === undefined || from === undefined || restriction.test(rest) || aggregate.test(list)) return []
  const names = [...list.replaceAll(/\w+\s*\(/g, '(').matchAll(new RegExp(identifier, 'giu'))].map(([name]) =>
    bare(name),
  )
  return [
    {
      kind: 'copy rows',
      table: read(table),
      from: read(from),
      columns: /(?:^|[,.])\s*\*/.test(list) ? 'all' : names,
    },
  ]
}

/** Returns a written name, which may be qualified, as operations name it. */
function read(written = ''): string {
  return qualifiedName([...written.matchAll(new RegExp(identifier, 'giu'))].map(([part]) => bare(part)))
}

/** Returns an identifier without its quotes. */
function bare(part: string): string {
  const quote = part.charAt(0)
  if (quote === '[') return part.slice(1, -1)
  return quote === '`' || quote === '"' ? part.slice(1, -1).replaceAll(quote + quote, quote) : part
}
