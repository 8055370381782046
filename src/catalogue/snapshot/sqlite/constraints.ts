import {tokensOf} from '../../../sql/sqlite/tokens.ts'
import type {CatalogueObject} from '../snapshot.ts'
import type {IndexRow} from './catalogue.ts'
import {conflictOf} from './conflict.ts'
import {folded, listOfNames, nameText, normalForm, parenthesised} from './expressions.ts'
import {keyColumns} from './table.ts'
import type {Table} from './table.ts'

/** A constraint as written on a column or on the table. */
interface Written {
  readonly name: string | undefined
  readonly columns: readonly string[]
  readonly text: string
}

type Keyword = 'PRIMARY' | 'UNIQUE' | 'CHECK' | 'REFERENCES'

/** Returns the constraints of a kind, in the order of the text. */
function written({text: {columns, constraints}}: Table, keyword: Keyword): readonly Written[] {
  const type = keyword === 'REFERENCES' ? 'FOREIGN' : keyword
  return [
    ...columns.flatMap((column) =>
      column.clauses
        .filter((clause) => clause.keyword === keyword)
        .map(({name, text}) => ({name, columns: [column.name], text})),
    ),
    ...constraints.filter((constraint) => constraint.type === type),
  ]
}

/** Returns the primary key, if any. */
export function primaryKeyOf(table: Table): readonly CatalogueObject[] {
  const names = keyColumns(table.columns)
  if (names.length === 0) return []
  const [key] = written(table, 'PRIMARY')
  const parts = table.indexes.filter(({origin}) => origin === 'pk')
  return [
    {
      kind: 'primary key',
      table: table.name,
      name: '',
      definition: {
        columns: parts.length === 0 ? listOfNames(names) : elementsOf(parts, table),
        name: key?.name ?? null,
        onConflict: conflictOf(key?.text),
      },
    },
  ]
}

/** Returns the unique constraints, as opposed to unique indexes. */
export function uniquesOf(table: Table): readonly CatalogueObject[] {
  const texts = [...written(table, 'UNIQUE')]
  const indexes = Map.groupBy(
    table.indexes.filter(({origin}) => origin === 'u'),
    ({index}) => index,
  )
  return [...indexes.values()].map((parts) => {
    const names = parts.map(({column}) => column ?? '')
    const at = texts.findIndex(({columns}) => isSame(columns, names))
    const [text] = at < 0 ? [] : texts.splice(at, 1)
    return {
      kind: 'unique',
      table: table.name,
      name: text?.name ?? `(${listOfNames(names)})`,
      definition: {columns: elementsOf(parts, table), onConflict: conflictOf(text?.text)},
    }
  })
}

/** Returns the foreign keys. SQLite numbers them from the last one in the text to the first. */
export function foreignKeysOf(table: Table): readonly CatalogueObject[] {
  const texts = written(table, 'REFERENCES').toReversed()
  return [...Map.groupBy(table.keys, ({id}) => id).values()].map((parts, i) => {
    const {other = '', onUpdate = '', onDelete = ''} = parts[0] ?? {}
    const columns = listOfNames(parts.map(({from}) => from))
    const isPrimary = parts.every(({to}) => to === null)
    const references = isPrimary ? table.primaryKeyOf(other) : parts.map(({to}) => to ?? '')
    return {
      kind: 'foreign key',
      table: table.name,
      name: texts[i]?.name ?? `(${columns})`,
      definition: {
        columns,
        table: table.nameOf(other),
        references: listOfNames(references),
        onUpdate: actionOf(onUpdate),
        onDelete: actionOf(onDelete),
        deferrable: isDeferred(texts[i]?.text ?? '') ? 'initially deferred' : null,
      },
    }
  })
}

/** Returns the checks; one without a name is called like its expression. */
export function checksOf(table: Table): readonly CatalogueObject[] {
  return written(table, 'CHECK').map(({name, text}) => {
    const expression = normalForm(parenthesised(tokensOf(text), 'CHECK'), table.names)
    return {kind: 'check', table: table.name, name: name ?? `(${expression})`, definition: {expression}}
  })
}

/** Returns the columns of an index, with what differs from the column. */
export function elementsOf(parts: readonly IndexRow[], table: Table, expressions: readonly string[] = []): string {
  return parts.map((part, i) => elementOf(part, table, expressions[i] ?? '')).join(', ')
}

function elementOf(
  {column, collation, descending}: IndexRow,
  {collations}: Pick<Table, 'collations'>,
  expression: string,
): string {
  const own = column === null ? undefined : (collations.get(folded(column)) ?? 'binary')
  const isOther = own !== undefined && folded(collation) !== own
  const what = column === null ? expression : nameText(column)
  return `${what}${isOther ? ` collate ${folded(collation)}` : ''}${descending === 1 ? ' desc' : ''}`
}

function actionOf(rule: string): string | null {
  const action = rule.toLowerCase()
  return action === 'no action' ? null : action
}

/** Only `deferrable initially deferred` defers a key; all other forms are immediate. */
function isDeferred(text: string): boolean {
  const words = tokensOf(text).map(({word}) => word)
  const at = words.indexOf('DEFERRABLE')
  return at > 0 && words[at - 1] !== 'NOT' && words[at + 1] === 'INITIALLY' && words[at + 2] === 'DEFERRED'
}

function isSame(names: readonly string[], others: readonly string[]): boolean {
  return names.map(folded).join('\0') === others.map(folded).join('\0')
}
