import type {DatabaseKind} from '../databases.ts'

/**
 * Returns the lines of a catalogue without the order of columns, which a column added later cannot have, without the name
 * of the database, and on SQLite without what depends on who wrote the definition.
 */
export function comparable(catalogue: readonly string[], kind: DatabaseKind, url: string): readonly string[] {
  switch (kind) {
    case 'postgresql':
    case 'pglite':
      return catalogue.map(comparablePostgres).toSorted()
    case 'sqlite':
      return catalogue.flatMap(comparableSqlite).toSorted()
    case 'mariadb':
    case 'mysql':
      return catalogue.flatMap((text) => linesOf(text, new URL(url).pathname.slice(1))).toSorted()
  }
}

/**
 * Returns a line of PostgreSQL's catalogue without the position of a column, without the names that a renamed table keeps
 * for its sequence, its primary key, its constraints and the parts of its partitions, and without the last semicolon of a function.
 */
function comparablePostgres(line: string): string {
  return (
    line
      .replace(/^(column (?:"(?:[^"]|"")*"|[^\s"])+) \d+ /, '$1 ')
      // The catalogue does not quote these names.
      .replace(/^(sequence \S+ ).*_(id_seq)(?= (?:smallint|integer|bigint) )/, '$1$2')
      .replace(/^(constraint (?:"(?:[^"]|"")*"|[^\s"])+ ).*_(pkey|not_null|fkey)\d*(?= [tf] )/, '$1$2')
      .replaceAll(/(?:(?<![\w"])"(?:[^"]|"")*|\b\w+)_(pkey|id_seq|not_null|fkey|idx)\b"?/g, '$1')
      .replace(/\bend;? \$function\$$/, 'end $function$')
  )
}

/**
 * Returns a line of SQLite's catalogue without the position of a column. Of the words of a definition, only those remain
 * that no pragma reports: expressions, collations, `autoincrement`. Whether a constraint belongs to a column or to the
 * table, and whether it has a name, depends on who wrote it.
 */
function comparableSqlite(line: string): readonly string[] {
  if (line.startsWith('column ')) return [line.replace(/^(column .*?) \d+ /, '$1 ').replaceAll(', ', ',')]
  const [, head, definition] = /^(words of .*?: )(.*)$/.exec(line) ?? []
  if (head === undefined || definition === undefined) return [line]
  const {groups, rest} = split(definition)
  const words = rest.split(' ').filter((word) => word !== '' && word !== 'check')
  const isReported = ['foreign', 'primary', 'unique'].some((word) => words.includes(word)) && !words.includes('integer')
  return [
    ...(isReported && !words.includes('default') ? [] : groups.map((group) => `${head}${group}`)),
    ...(words.includes('collate') || words.includes('autoincrement') ? [`${head}${words.join(' ')}`] : []),
  ]
}

/** Separates what is in parentheses from the rest. */
function split(text: string): {readonly groups: readonly string[]; readonly rest: string} {
  const groups: string[] = []
  let rest = ''
  let depth = 0
  let start = 0
  for (const [at, letter] of [...text].entries()) {
    if (letter === '(' && depth++ === 0) start = at
    else if (letter === ')' && --depth === 0) groups.push(text.slice(start, at + 1))
    else if (depth === 0) rest += letter
  }
  return {groups, rest}
}

/** Returns the lines of a definition, each with the object it is a part of, without rules that are the default. */
function linesOf(text: string, database: string): readonly string[] {
  const [head = '', ...rest] = text
    .replaceAll(`\`${database}\`.`, '')
    .replaceAll(/ ON (?:UPDATE|DELETE) (?:NO ACTION|RESTRICT)\b/g, '')
    .split('\n')
  return [head, ...rest.map((line) => `${head} ${line.trim().replace(/,$/, '')}`)]
}

/** Returns the lines that only one of two catalogues has. */
export function differenceOf(actual: readonly string[], expected: readonly string[]): readonly string[] {
  return [
    ...without(actual, expected).map((line) => `+ ${line}`),
    ...without(expected, actual).map((line) => `- ${line}`),
  ]
}

function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others]
  return lines.filter((line) => {
    const at = left.indexOf(line)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}
