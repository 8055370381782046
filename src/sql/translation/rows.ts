import {Untranslated} from './cursor.ts'
import type {Cursor} from './cursor.ts'
import {written} from './expressions.ts'
import type {TranslatedStatement} from './statement.ts'
import type {Token} from './tokens.ts'
import {quoted} from './tokens.ts'

const modifiers = ['low_priority', 'delayed', 'high_priority', 'quick'] as const

/** Translates INSERT and REPLACE after the first word. */
export function insert(cursor: Cursor, isReplace: boolean): readonly TranslatedStatement[] {
  cursor.skip(...modifiers)
  let handling = ''
  let isReplacing = isReplace
  if (cursor.take('ignore')) handling = ' on conflict do nothing'
  else if (cursor.take('or')) {
    const action = cursor.next().text
    if (action === 'ignore') handling = ' on conflict do nothing'
    else if (action === 'replace') isReplacing = true
    else if (action !== 'abort') throw new Untranslated(`INSERT OR ${action.toUpperCase()}`)
  }
  cursor.take('into')
  const name = cursor.qualifiedName()
  if (isReplacing) return [{unclear: 'rows that replace others', changes: name}]
  const table = quoted(name)
  if (cursor.take('set')) throw new Untranslated('INSERT with SET')
  const body = cursor.rest.map((token) =>
    token.kind === 'word' && token.text === 'value' ? {...token, text: 'values'} : token,
  )
  const at = body.findIndex((_, i) => isDuplicateClause(body, i))
  const conflict = at === -1 ? '' : ` on conflict do update set ${written(withExcluded(body.slice(at + 4)))}`
  const values = written(at === -1 ? body : body.slice(0, at))
  return [{sql: `insert into ${table} ${values}${conflict}${handling}`}]
}

function isDuplicateClause(tokens: readonly Token[], at: number): boolean {
  return ['on', 'duplicate', 'key', 'update'].every((word, i) => tokens[at + i]?.text === word)
}

/** Writes `values(column)` of ON DUPLICATE KEY UPDATE as PostgreSQL does. */
function withExcluded(tokens: readonly Token[]): readonly Token[] {
  const found: Token[] = []
  for (let at = 0; at < tokens.length; at++) {
    const [word, open, column, close] = tokens.slice(at, at + 4)
    if (word?.text === 'values' && open?.text === '(' && column !== undefined && close?.text === ')') {
      found.push({kind: 'word', text: 'excluded'}, {kind: 'symbol', text: '.'}, column)
      at += 3
    } else if (word !== undefined) found.push(word)
  }
  return found
}
