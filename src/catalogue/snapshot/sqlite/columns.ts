import type {Clause} from '../../../sql/sqlite/table-text.ts'
import {nameOf, tokensOf} from '../../../sql/sqlite/tokens.ts'
import type {CatalogueObject} from '../snapshot.ts'
import type {ColumnRow} from './catalogue.ts'
import {conflictOf} from './conflict.ts'
import {folded, normalForm, parenthesised, stringText} from './expressions.ts'
import {keyColumns} from './table.ts'
import type {Table} from './table.ts'

/** Returns the columns of a table. */
export function columnsOf(table: Table): readonly CatalogueObject[] {
  const counts = hasCounter(table)
  return table.columns.map((column, i) => {
    const clauses = table.text.columns[i]?.clauses ?? []
    const isKey = isRowid(table, column)
    return {
      kind: 'column',
      table: table.name,
      name: column.name,
      definition: {
        type: typeOf(column),
        nullable: String(column.notNull === 0 && !isKey),
        default: defaultOf(column),
        autoincrement: isKey && counts ? 'true' : null,
        generated: generatedOf(column, clauses, table.names),
        collation: table.collations.get(folded(column.name)) ?? null,
        onConflict: conflictOf(clauses.find(({keyword}) => keyword === 'NOT')?.text),
      },
    }
  })
}

/** Whether a column is another name of the rowid, and so never null. */
function isRowid({columns, indexes, row}: Table, {key, type}: ColumnRow): boolean {
  const isSingle = key > 0 && keyColumns(columns).length === 1
  return (
    isSingle && folded(type) === 'integer' && row?.withoutRowid !== 1 && indexes.every(({origin}) => origin !== 'pk')
  )
}

function hasCounter({text: {columns, constraints}}: Table): boolean {
  const parts = [
    ...columns.flatMap(({clauses}) => clauses.filter(({keyword}) => keyword === 'PRIMARY')),
    ...constraints.filter(({type}) => type === 'PRIMARY'),
  ]
  return parts.some(
    ({text}) => /autoincrement/i.test(text) && tokensOf(text).some(({word}) => word === 'AUTOINCREMENT'),
  )
}

function typeOf({type}: ColumnRow): string {
  return /^\w*$/.test(type) ? folded(type) : normalForm(tokensOf(type))
}

const words: ReadonlySet<string> = new Set([
  'NULL',
  'TRUE',
  'FALSE',
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
])

/** Returns a default; a name is a string, since a default refers to no column. */
function defaultOf({default: sql}: ColumnRow): string | null {
  if (sql === null) return null
  const tokens = tokensOf(sql)
  const [first] = tokens
  const isName = tokens.length === 1 && first !== undefined && /^[A-Za-z_"`[\u0080-\uffff]/.test(first.text)
  if (isName && !words.has(first.word)) return stringText(nameOf(first))
  const text = normalForm(tokens, new Set())
  return text === 'null' ? null : text
}

function generatedOf({hidden}: ColumnRow, clauses: readonly Clause[], names: ReadonlySet<string>): string | null {
  const clause = clauses.find(({keyword}) => keyword === 'GENERATED')
  if (clause === undefined || hidden === 0) return null
  return `${normalForm(parenthesised(tokensOf(clause.text), 'AS'), names)} ${hidden === 3 ? 'stored' : 'virtual'}`
}
