import type {Session} from '../../src/runner/connection/session.ts'

const tables = "sqlite_master m where m.type = 'table' and m.name not like 'sqlite_%'"

/** Each query gives lines of text. */
const reports: readonly string[] = [
  `select concat_ws(' ', 'table', l.name, iif(l.strict, 'strict', ''), iif(l.wr, 'without rowid', '')) as line from pragma_table_list l where l.schema = 'main' and l.type in ('table', 'virtual') and l.name not like 'sqlite_%'`,
  `select concat_ws(' ', 'column', m.name, x.cid, x.name, x.type, x."notnull", x.dflt_value, 'key ' || x.pk, x.hidden) as line from pragma_table_xinfo(m.name) x, ${tables}`,
  `select concat_ws(' ', 'foreign key', m.name, f."table", group_concat(f."from" order by f.seq), group_concat(f."to" order by f.seq), f.on_update, f.on_delete, f.match) as line from pragma_foreign_key_list(m.name) f, ${tables} group by m.name, f.id`,
  `select concat_ws(' ', 'index', m.name, iif(i.origin = 'c', i.name, ''), i."unique", i.origin, i.partial, group_concat(coalesce(x.name, x.cid) || ' ' || x.coll || ' ' || x."desc" order by x.seqno)) as line from pragma_index_list(m.name) i, pragma_index_xinfo(i.name) x, ${tables} and x.key group by m.name, i.name`,
]

/**
 * Returns what a SQLite database reports about its schema, and the words of its definitions for what no pragma reports:
 * checks, collations, generated columns, names of constraints. Two definitions are alike if only quotes, comments, the
 * order of clauses or of constraints differ.
 */
export async function sqliteCatalogue(session: Session): Promise<readonly string[]> {
  const lines: string[] = []
  for (const report of reports)
    for (const {line} of await session.query<{readonly line: string}>(report)) lines.push(line)
  const definitions = await session.query<{readonly type: string; readonly name: string; readonly sql: string}>(
    "select type, name, sql from sqlite_master where sql is not null and name not like 'sqlite_%'",
  )
  for (const {type, name, sql} of definitions)
    if (type === 'table') lines.push(...tableLines(name, sql))
    else lines.push(wordsOf(sql).join(' '))
  return lines.map((line) => line.replaceAll(/\s+/g, ' ').trim()).toSorted()
}

/** A word, or all that is between two parentheses. */
type Part = string | readonly Part[]

/** A line for each column and constraint, and one for what follows them. */
function tableLines(name: string, sql: string): readonly string[] {
  const parts = partsOf(sql)
  const at = parts.findIndex((part) => typeof part !== 'string')
  const definitions: string[][] = [[]]
  for (const part of parts[at] ?? [])
    if (part === ',') definitions.push([])
    else definitions.at(-1)?.push(textOf(part))
  return [
    ...definitions.map((words) => `words of ${name}: ${withoutNull(words).toSorted().join(' ')}`),
    `words after ${name}: ${parts
      .slice(at + 1)
      .map(textOf)
      .join(' ')}`,
  ]
}

function partsOf(sql: string): readonly Part[] {
  const open: Part[][] = [[]]
  for (const one of wordsOf(sql))
    if (one === '(') open.push([])
    else if (one === ')') {
      const closed = open.pop() ?? []
      open.at(-1)?.push(closed)
    } else open.at(-1)?.push(one)
  return open[0] ?? []
}

function textOf(part: Part): string {
  return typeof part === 'string' ? part : `(${part.map(textOf).join(' ')})`
}

/** A column that says that it may be null is like one that says nothing. */
function withoutNull(words: readonly string[]): readonly string[] {
  return words.filter((one, i) => one !== 'null' || ['not', 'default', 'set'].includes(words[i - 1] ?? ''))
}

const word = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*.*?\*\/|[\w$.\u0080-\uffff]+|\S/gs

/** Returns the words of a text without comments, names without quotes. */
function wordsOf(sql: string): readonly string[] {
  return [...sql.matchAll(word)].flatMap(([text]) => {
    if (text.startsWith('--') || text.startsWith('/*')) return []
    const quote = text[0]
    if (quote === "'") return [text]
    if (quote === '[' && text.length > 1) return [text.slice(1, -1).toLowerCase()]
    if (text.length > 1 && (quote === '"' || quote === '`'))
      return [
        text
          .slice(1, -1)
          .replaceAll(quote + quote, quote)
          .toLowerCase(),
      ]
    return [text.toLowerCase()]
  })
}
