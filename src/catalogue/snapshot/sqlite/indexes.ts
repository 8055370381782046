import {matching} from '../../../sql/sqlite/table-text.ts'
import {splitAtCommas, tokensOf} from '../../../sql/sqlite/tokens.ts'
import type {Token} from '../../../sql/sqlite/tokens.ts'
import type {CatalogueObject} from '../snapshot.ts'
import type {IndexRow, ObjectRow} from './catalogue.ts'
import {elementsOf} from './constraints.ts'
import {normalForm} from './expressions.ts'
import type {Table} from './table.ts'

/** Returns an index that a statement created; its definition is its text if that of its table is unreadable. */
export function indexOf({name, table, sql}: ObjectRow, owner: Table | undefined): CatalogueObject {
  const parts = owner?.indexes.filter(({index}) => index === name) ?? []
  return {kind: 'index', table, name, definition: owner ? definitionOf(sql ?? '', parts, owner) : {sql}}
}

function definitionOf(sql: string, parts: readonly IndexRow[], table: Table): CatalogueObject['definition'] {
  const tokens = tokensOf(sql)
  const open = tokens.findIndex(({text}) => text === '(')
  const close = matching(tokens, open)
  const expressions = splitAtCommas(tokens.slice(open + 1, close)).map((item) => expressionOf(item, table))
  const where = tokens[close + 1]?.word === 'WHERE' ? normalForm(tokens.slice(close + 2), table.names) : null
  return {
    columns: elementsOf(parts, table, expressions),
    unique: parts[0]?.unique === 1 ? 'true' : null,
    where,
  }
}

/** Returns the expression of an element without its direction, which SQLite reports. */
function expressionOf(tokens: readonly Token[], {names}: Table): string {
  const isDirected = ['ASC', 'DESC'].includes(tokens.at(-1)?.word ?? '')
  return normalForm(isDirected ? tokens.slice(0, -1) : tokens, names)
}
