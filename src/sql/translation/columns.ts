import {Cursor} from './cursor.ts'
import type {Grammar} from './grammars.ts'
import {written} from './expressions.ts'
import {literal, quoted} from './tokens.ts'
import type {Token} from './tokens.ts'

/** The definition of a column, as far as it is one of PostgreSQL, and what comes with it. */
export interface ColumnText {
  readonly name: string
  /** The type, with options of which PostgreSQL has none. */
  readonly type: string
  readonly isNotNull: boolean
  readonly default: string | undefined
  readonly generated: string | undefined
  readonly isPrimaryKey: boolean
  readonly isUnique: boolean
  readonly check: string | undefined
  /** A reference to another table, as a clause. */
  readonly references: string | undefined
  /** The column after which it is placed. */
  readonly after: string | undefined
}

/** Reads the definition of a column. */
export function readColumn(cursor: Cursor, grammar: Grammar, name = cursor.name()): ColumnText {
  const type = typeAt(cursor)
  const options: string[] = []
  const column = {
    isNotNull: false,
    default: undefined as string | undefined,
    generated: undefined as string | undefined,
    isPrimaryKey: false,
    isUnique: false,
    check: undefined as string | undefined,
    references: undefined as string | undefined,
    after: undefined as string | undefined,
  }
  while (!cursor.isAtEnd) {
    if (cursor.take('constraint')) {
      if (!cursor.sees('check') && !cursor.sees('unique') && !cursor.sees('primary')) cursor.name()
    } else if (cursor.take('not', 'null')) column.isNotNull = true
    else if (cursor.take('null')) column.isNotNull = false
    else if (cursor.take('default')) column.default = defaultAt(cursor)
    else if (cursor.take('auto_increment') || cursor.take('autoincrement')) options.push('counts')
    else if (cursor.take('primary', 'key') || cursor.take('key')) column.isPrimaryKey = true
    else if (cursor.take('unique')) {
      cursor.take('key')
      column.isUnique = true
    } else if (cursor.take('generated', 'always', 'as') || cursor.take('as')) {
      const expression = written(cursor.group())
      const kind = ['stored', 'persistent', 'virtual'].find((word) => cursor.take(word)) ?? 'virtual'
      column.generated = expression
      options.push(kind === 'virtual' ? 'virtual' : 'stored')
    } else if (cursor.take('check')) column.check = written(cursor.group())
    else if (cursor.take('references')) column.references = referencesAt(cursor)
    else if (grammar.capabilities.columnPositions && cursor.take('first')) column.after = undefined
    else if (grammar.capabilities.columnPositions && cursor.take('after')) column.after = cursor.name()
    else if (cursor.take('on', 'update')) options.push(`on update ${textOf(cursor.operand())}`)
    else if (cursor.take('on', 'conflict')) options.push(`on conflict ${cursor.next().text}`)
    else if (cursor.take('comment')) options.push(`comment ${cursor.next().text}`)
    else if (cursor.take('collate')) options.push(`collate ${cursor.name()}`)
    else if (cursor.take('character', 'set') || cursor.take('charset')) options.push(`charset ${cursor.name()}`)
    else if (cursor.take('asc') || cursor.take('desc')) continue
    else if (['invisible', 'visible'].some((word) => cursor.sees(word))) options.push(cursor.next().text)
    else cursor.end()
  }
  return {name, type: typeWith(type, options), ...column}
}

/** Words that end the type of a column: its constraints and options. */
const afterType: ReadonlySet<string> = new Set(
  (
    'constraint not null default auto_increment autoincrement primary key unique generated as check references first ' +
    'after on comment collate character charset invisible virtual stored'
  ).split(' '),
)

function typeAt(cursor: Cursor): readonly Token[] {
  const found: Token[] = []
  for (let token = cursor.peek(); token !== undefined; token = cursor.peek()) {
    if (token.kind === 'symbol' && token.text === '(') {
      const tokens = cursor.group()
      found.push(token, ...tokens, {kind: 'symbol', text: ')'})
      continue
    }
    if (token.kind === 'word' && afterType.has(token.text)) break
    found.push(cursor.next())
  }
  return found
}

/** PostgreSQL's types of a family, by the first word of a type. */
const bases: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'int integer tinyint smallint mediumint bigint int2 int4 int8 boolean bool bit serial year'
      .split(' ')
      .map((word) => [word, 'int4']),
  ),
  ...Object.fromEntries(
    'decimal numeric dec fixed float double real number'.split(' ').map((word) => [word, 'numeric']),
  ),
  ...Object.fromEntries('date datetime timestamp time'.split(' ').map((word) => [word, 'timestamp'])),
  ...Object.fromEntries('blob tinyblob mediumblob longblob binary varbinary'.split(' ').map((word) => [word, 'bytea'])),
}

const synonyms: Readonly<Record<string, string>> = {
  integer: 'int',
  bool: 'tinyint ( 1 )',
  boolean: 'tinyint ( 1 )',
  dec: 'decimal',
  numeric: 'decimal',
}

/** PostgreSQL's parser cuts longer names, of which each character may have four bytes. */
const longest = 15

/** Writes a type as one of PostgreSQL's whose name has the full text, which tells it apart from others. */
function typeWith(type: readonly Token[], options: readonly string[]): string {
  const words = type.map(({text}) => text)
  const [first = ''] = words
  const text = [[synonyms[first] ?? first, ...words.slice(1)].join(' '), ...options.toSorted()].join(', ')
  const name = `${bases[first] ?? 'text'}(${text.replaceAll('"', "'")})`
  const parts = name.match(new RegExp(`.{1,${longest}}`, 'gsu')) ?? []
  return `pg_catalog.${parts.map(quoted).join('.')}`
}

function defaultAt(cursor: Cursor): string {
  const tokens = cursor.operand()
  const [only] = tokens
  // SQLite takes a name in quotes for a text where it has no such column.
  if (tokens.length === 1 && only?.kind === 'name') return literal(only.text)
  if (tokens.length === 1 && only?.kind === 'word' && only.text.startsWith('current_')) return only.text
  return written(tokens)
}

const textOf = (tokens: readonly Token[]): string => tokens.map(({text}) => text).join('')

const actions = ['cascade', 'restrict', 'set null', 'set default', 'no action'] as const

/** Reads the clause of a foreign key after `references`. */
export function referencesAt(cursor: Cursor): string {
  const table = cursor.qualifiedName()
  const columns = cursor.sees('(') ? ` (${namesIn(cursor.list())})` : ''
  let clause = `references ${quoted(table)}${columns}`
  for (;;) {
    if (cursor.take('on', 'delete')) clause += ` on delete ${actionAt(cursor)}`
    else if (cursor.take('on', 'update')) clause += ` on update ${actionAt(cursor)}`
    else if (cursor.take('match')) cursor.next()
    else if (cursor.take('not', 'deferrable')) cursor.skip('initially', 'immediate', 'deferred')
    else if (cursor.take('deferrable')) cursor.skip('initially', 'immediate', 'deferred')
    else return clause
  }
}

function actionAt(cursor: Cursor): string {
  const action = actions.find((words) => cursor.take(...words.split(' ')))
  // RESTRICT is the default of MySQL.
  return action === undefined ? cursor.next().text : action === 'restrict' ? 'no action' : action
}

/** Returns the names of columns in a list, without lengths and directions. */
export function namesIn(list: readonly (readonly Token[])[]): string {
  return list.map((tokens) => quoted(new Cursor(tokens).name())).join(', ')
}

/** Writes a column for CREATE TABLE and ADD COLUMN, without what needs a statement of its own. */
export function columnSql({name, type, isNotNull, default: value, generated, ...more}: ColumnText): string {
  return [
    quoted(name),
    type,
    ...(isNotNull ? ['not null'] : []),
    ...(value === undefined ? [] : [`default ${value}`]),
    ...(generated === undefined ? [] : [`generated always as (${generated}) stored`]),
    ...(more.check === undefined ? [] : [`check (${more.check})`]),
    ...(more.references === undefined ? [] : [more.references]),
  ].join(' ')
}
