import {unsupported} from '../definition.ts'
import type {SqlContext, Unsupported} from '../definition.ts'
import {nextTo, splitName} from '../names.ts'
import type {IndexDefinition, IndexElement} from './index-definition.ts'

export interface IndexOptions {
  readonly concurrently?: true
  readonly ifNotExists?: true
}

/**
 * Writes `create index`. MikroORM's statement does not support `concurrently`, `if not exists`, expressions beside
 * columns, operator classes, `nulls not distinct` and storage parameters.
 */
export function createIndexSql(
  table: string,
  index: IndexDefinition,
  options: IndexOptions,
  context: SqlContext,
): string | Unsupported {
  const {dialect, capabilities, quote, list} = context
  switch (dialect) {
    case 'postgresql':
      return postgres(table, index, options, context)
    case 'sqlite': {
      const refused = refusal(index, ['using', 'include', 'nullsNotDistinct', 'with', 'tablespace', 'invisible'])
      if (refused !== undefined) return refused
      if (options.concurrently) return unsupported('`concurrently` is only supported on PostgreSQL')
      // On SQLite the schema qualifies the index, not the table.
      const name = quote(nextTo(table, index.name))
      return `create ${words(index, options)} ${name} on ${list([splitName(table).name])} (${elements(index, context)})${whereOf(index)}`
    }
    case 'mysql':
    case 'mariadb': {
      const refused = refusal(index, ['where', 'include', 'nullsNotDistinct', 'with', 'tablespace'])
      if (refused !== undefined) return refused
      if (options.concurrently) return unsupported('`concurrently` is only supported on PostgreSQL')
      if (options.ifNotExists && !capabilities.indexIfExists)
        return unsupported('`ifNotExists` is not supported for indexes on MySQL')
      if (
        !capabilities.expressionIndexes &&
        index.columns.some((element) => typeof element === 'object' && 'expression' in element)
      )
        return unsupported('indexes on expressions are not supported on MariaDB; index a generated column instead')
      const using = index.using ?? ''
      const isKind = using === 'fulltext' || using === 'spatial'
      const hidden = index.invisible ? {mysql: ' invisible', mariadb: ' ignored'}[dialect] : ''
      const what = `${isKind ? `${using} ` : ''}${words(index, options)}`
      const method = using === '' || isKind ? '' : ` using ${using}`
      return `create ${what} ${list([index.name])}${method} on ${quote(table)} (${elements(index, context)})${hidden}`
    }
  }
}

function postgres(
  table: string,
  index: IndexDefinition,
  options: IndexOptions,
  context: SqlContext,
): string | Unsupported {
  const refused = refusal(index, ['invisible'])
  if (refused !== undefined) return refused
  const {quote, list} = context
  const {using, include, nullsNotDistinct, tablespace} = index
  return (
    [
      `create ${words(index, options)} ${list([index.name])} on ${quote(table)}`,
      ...(using === undefined ? [] : [`using ${using}`]),
      `(${elements(index, context)})`,
      ...(include === undefined ? [] : [`include (${list(include)})`]),
      ...(nullsNotDistinct ? ['nulls not distinct'] : []),
      ...(index.with === undefined ? [] : [`with (${parametersSql(index.with)})`]),
      ...(tablespace === undefined ? [] : [`tablespace ${list([tablespace])}`]),
    ].join(' ') + whereOf(index)
  )
}

/** Writes storage parameters. */
export function parametersSql(parameters: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(parameters)
    .map(([key, value]) => `${key} = ${value}`)
    .join(', ')
}

function words({unique}: IndexDefinition, {concurrently, ifNotExists}: IndexOptions): string {
  return `${unique ? 'unique ' : ''}index${concurrently ? ' concurrently' : ''}${ifNotExists ? ' if not exists' : ''}`
}

function whereOf({where}: IndexDefinition): string {
  return where === undefined ? '' : ` where ${where}`
}

function elements({columns}: IndexDefinition, context: SqlContext): string {
  return columns.map((element) => elementSql(element, context)).join(', ')
}

function elementSql(element: IndexElement, {quote, list}: SqlContext): string {
  if (typeof element === 'string') return list([element])
  const {sort, nulls, collation, opclass} = element
  const target = 'expression' in element ? `(${element.expression})` : list([element.column])
  return [
    'length' in element && element.length !== undefined ? `${target}(${element.length})` : target,
    ...(collation === undefined ? [] : [`collate ${quote(collation)}`]),
    ...(opclass === undefined ? [] : [opclass]),
    ...(sort === undefined ? [] : [sort]),
    ...(nulls === undefined ? [] : [`nulls ${nulls}`]),
  ].join(' ')
}

function refusal(index: IndexDefinition, keys: readonly (keyof IndexDefinition)[]): Unsupported | undefined {
  const key = keys.find((option) => index[option] !== undefined)
  return key === undefined ? undefined : unsupported(`\`${key}\` is not supported for indexes`)
}
