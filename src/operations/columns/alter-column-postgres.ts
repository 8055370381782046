import {unsupported} from '../definition.ts'
import type {SqlContext, SqlResult} from '../definition.ts'
import type {AlterColumn} from './alter-column.ts'
import {columnCommentSql} from './column-comment.ts'
import {identityOptions} from './column-sql.ts'
import {convertedSql} from './conversion.ts'

/**
 * Alters a column on PostgreSQL in one statement, so that the table is rewritten at most once. MikroORM's own
 * alteration needs the whole column on both sides and cannot express a conversion.
 */
export function alterPostgres(record: AlterColumn, context: SqlContext): SqlResult {
  const {table, column, set, was, using} = record
  const {quote, list} = context
  if (set.generated && was?.generated === null) return generateColumn(record, context)
  if (set.unsigned || set.onUpdate) return unsupported('`unsigned` and `onUpdate` are only supported on MySQL')
  if (set.autoincrement !== undefined)
    return unsupported('`autoincrement` cannot be changed on PostgreSQL; use `identity` or a sequence as default')
  const name = list([column])
  const statements: string[][] = [[]]
  const alter = (what: string): void => void statements.at(-1)?.push(`alter column ${name} ${what}`)
  // The type of an identity or generated column is checked before anything in the same statement is executed.
  const endStatement = (): void => void statements.push([])
  const isTyped = set.type !== undefined || set.collation !== undefined
  // PostgreSQL cannot convert a default between incompatible types, so it is dropped first.
  const hadDefault = isTyped && was?.default !== undefined && was.default !== null
  if (set.identity === null) alter('drop identity')
  if (set.identity === null && isTyped) endStatement()
  if (hadDefault || set.default === null) alter('drop default')
  if (set.generated === null) alter('drop expression')
  if (set.generated === null && isTyped) endStatement()
  if (isTyped) {
    const type = set.type ?? was?.type
    if (type === undefined)
      return unsupported('the collation can only be changed together with the type; pass `type` as well')
    const collation = set.collation === undefined || set.collation === null ? '' : ` collate ${quote(set.collation)}`
    const conversion = using ?? (set.type === undefined ? undefined : convertedSql(name, was?.type, context.type(type)))
    alter(`type ${context.type(type)}${collation}${conversion === undefined ? '' : ` using ${conversion}`}`)
  }
  if (set.generated) alter(`set expression as (${set.generated.as})`)
  const value = set.default === undefined && hadDefault ? was.default : set.default
  if (value !== undefined && value !== null) alter(`set default ${context.default(value)}`)
  if (set.nullable !== undefined) alter(set.nullable ? 'drop not null' : 'set not null')
  if (set.identity) {
    if (isTyped && !was?.identity) endStatement()
    const {generated} = set.identity
    alter(
      was?.identity
        ? `set generated ${generated}`
        : `add generated ${generated} as identity${identityOptions(set.identity)}`,
    )
  }
  return [
    ...statements.filter((parts) => parts.length > 0).map((parts) => `alter table ${quote(table)} ${parts.join(', ')}`),
    ...columnCommentSql(table, column, set.comment, context),
  ]
}

/** PostgreSQL cannot compute an existing column, so another one takes its place. */
function generateColumn({table, column, set, was}: AlterColumn, context: SqlContext): SqlResult {
  const {type, nullable, collation, generated} = {...was, ...set}
  const {quote, list} = context
  if (type === undefined || nullable === undefined || !generated)
    return unsupported('the column is replaced by a generated one; pass its `type` and `nullable` in `was`')
  const definition = {type, nullable, generated, ...(collation && {collation})}
  return [
    `alter table ${quote(table)} drop column ${list([column])}`,
    `alter table ${quote(table)} add column ${context.column(column, definition)}`,
    ...columnCommentSql(table, column, set.comment ?? was?.comment ?? undefined, context),
  ]
}
