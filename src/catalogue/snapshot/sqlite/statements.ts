import {tokensOf} from '../../../sql/sqlite/tokens.ts'
import type {Token} from '../../../sql/sqlite/tokens.ts'
import type {CatalogueObject} from '../snapshot.ts'
import type {Catalogue, ObjectRow} from './catalogue.ts'
import {normalForm} from './expressions.ts'

const heads: ReadonlySet<string> = new Set(['TABLE', 'VIEW', 'TRIGGER', 'INDEX'])

/** Returns what follows the name of the object in a `create` statement. */
export function restOf(sql: string): readonly Token[] {
  const tokens = tokensOf(sql)
  return tokens.slice(tokens.findIndex(({word}) => heads.has(word)) + 2)
}

/** Returns what follows the first occurrence of a word. */
export function tokensAfter(sql: string, word: string): readonly Token[] {
  const tokens = tokensOf(sql)
  return tokens.slice(tokens.findIndex((token) => token.word === word) + 1)
}

/** Returns a view. */
export function viewOf({name, sql}: ObjectRow, {views}: Catalogue): CatalogueObject {
  return {
    kind: 'view',
    name,
    definition: {
      sql: normalForm(tokensAfter(sql ?? '', 'AS')),
      // The case of these names is visible in rows.
      columns: views.get(name)?.join(', ') ?? null,
    },
  }
}

/** Returns a trigger; `before` and `for each row` are the defaults. */
export function triggerOf({name, table, sql}: ObjectRow): CatalogueObject {
  const text = normalForm(restOf(sql ?? ''))
    .replace(/^(?=(?:delete|insert|update)\b)/, 'before ')
    .replace(/ for each row(?= (?:when|begin)\b)/, '')
  return {kind: 'trigger', table, name, definition: {sql: text}}
}
