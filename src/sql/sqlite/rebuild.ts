import type {SqlContext} from '../../operations/definition.ts'
import {MissingObjectError, OperationNotSupportedError} from '../../operations/errors.ts'
import {nextTo, splitName} from '../../operations/names.ts'
import {changeTable, isSame, mentions} from './change-table.ts'
import {copyName} from './copy-name.ts'
import type {RequestedChange} from './change-table.ts'
import {formatTable, parseTable} from './table-text.ts'
import type {TableText} from './table-text.ts'

/** Runs a query on the database that a rebuild is for, and returns its rows. */
export type Catalogue = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>

/** The statements of a rebuild. */
export interface Rebuild {
  readonly statements: readonly string[]
  /**
   * Whether rows of other tables, or its own, reference this table, so that foreign keys must be off when the
   * transaction begins.
   */
  readonly isReferenced: boolean
}

/** A table, and the kind of the operation that rebuilds it. */
export interface RebuildTarget {
  readonly table: string
  readonly kind: string
}

export interface RebuildOptions {
  /** The new column order; columns not listed follow. */
  readonly columnOrder?: readonly string[]
}

/**
 * Rebuilds a table with some changes, following SQLite's documented procedure: rows are counted before and after the
 * copy, and foreign keys are checked before the commit. With foreign keys on, dropping the old table would delete the
 * rows that reference it.
 *
 * @see https://www.sqlite.org/lang_altertable.html#otheralter
 */
export async function rebuildTable(
  {table, kind}: RebuildTarget,
  changes: readonly RequestedChange[],
  context: SqlContext,
  catalogue: Catalogue,
  {columnOrder = []}: RebuildOptions = {},
): Promise<Rebuild> {
  const {dialect, quote, list, literal} = context
  const before = await readTable(table, changes[0]?.kind ?? kind, context, catalogue)
  const changed = changes.reduce((text, change) => changeTable(text, change, table, dialect), before.text)
  const unknown = columnOrder.find((column) => !changed.columns.some(({name}) => isSame(name, column)))
  if (unknown !== undefined)
    throw new OperationNotSupportedError(
      kind,
      dialect,
      `\`columnOrder\` names ${unknown}, which is not a column of ${table}`,
    )
  const after = {...changed, columns: inOrder(changed.columns, columnOrder)}
  const plain = splitName(table).name
  const copy = copyName(plain)
  const copied = before.stored.filter((column) =>
    after.columns.some(
      ({name, clauses}) => isSame(name, column) && !clauses.some(({keyword}) => keyword === 'GENERATED'),
    ),
  )
  const dropped = before.text.columns.filter(({name}) => !after.columns.some((column) => isSame(column.name, name)))
  const kept = before.siblings.filter(
    ({type, sql}) => type !== 'index' || !dropped.some(({name}) => mentions(withoutHead(sql), name)),
  )
  const violations = before.children
    .map((child) => `(select count(*) from pragma_foreign_key_check(${literal(child)}))`)
    .join(' + ')
  const check = (step: string, ok: string): string => `insert into temp.mig_rebuild select ${literal(step)}, ${ok}`
  const statements = [
    `create temp table mig_rebuild (step text, ok integer, ${[
      checkOf('off', `foreign keys must be off while ${plain} is rebuilt`, context),
      checkOf('rows', `every row of ${plain} must be copied`, context),
      checkOf('keys', `foreign keys to and from ${plain} must be valid`, context),
    ].join(', ')})`,
    ...(before.isReferenced ? [check('off', 'foreign_keys = 0 from pragma_foreign_keys')] : []),
    `insert into temp.mig_rebuild select 'violations', ${violations}`,
    formatTable(quote(nextTo(table, copy)), after),
    `insert into ${quote(nextTo(table, copy))} (${list(copied)}) select ${list(copied)} from ${quote(table)}`,
    check('rows', `(select count(*) from ${quote(table)}) = (select count(*) from ${quote(nextTo(table, copy))})`),
    ...(isCounted(before.text) && isCounted(after) ? keepCounting(plain, copy, context) : []),
    `drop table ${quote(table)}`,
    // Otherwise a view that names the table prevents the rename of its replacement.
    'pragma legacy_alter_table = on',
    `alter table ${quote(nextTo(table, copy))} rename to ${list([plain])}`,
    `pragma legacy_alter_table = ${before.isLegacy ? 'on' : 'off'}`,
    ...kept.map(({sql}) => sql),
    // A view that names a dropped column would otherwise only fail when it is queried.
    ...before.views.map((view) => `select * from ${list([view])} limit 0`),
    check('keys', `${violations} <= ok from temp.mig_rebuild where step = 'violations'`),
    'drop table temp.mig_rebuild',
  ]
  return {statements, isReferenced: before.isReferenced}
}

/** Returns whether SQLite refuses to drop a column with a plain statement. */
export async function dropNeedsRebuild(
  {table, kind}: RebuildTarget,
  column: string,
  context: SqlContext,
  catalogue: Catalogue,
): Promise<boolean> {
  const {text, siblings} = await readTable(table, kind, context, catalogue)
  const found = text.columns.find(({name}) => isSame(name, column))
  const others = text.columns.filter((other) => other !== found).flatMap(({clauses}) => clauses)
  return (
    found?.clauses.some(({keyword}) => ['PRIMARY', 'UNIQUE', 'REFERENCES'].includes(keyword)) === true ||
    [...others, ...text.constraints].some((part) => mentions(part.text, column)) ||
    siblings.some(({sql}) => mentions(withoutHead(sql), column))
  )
}

/** The catalogue entries of a table. */
interface KnownTable {
  readonly text: TableText
  /** The columns that have values, also generated ones, which may become plain. */
  readonly stored: readonly string[]
  /** The indexes and triggers of the table. */
  readonly siblings: readonly {readonly type: string; readonly sql: string}[]
  /** The views that read the table. */
  readonly views: readonly string[]
  /** The table itself, and the tables that reference it. */
  readonly children: readonly string[]
  readonly isReferenced: boolean
  readonly isLegacy: boolean
}

async function readTable(
  table: string,
  kind: string,
  {literal, quote, dialect}: SqlContext,
  catalogue: Catalogue,
): Promise<KnownTable> {
  const {schema = 'main', name} = splitName(table)
  const same = `= ${literal(name)} collate nocase`
  const [found] = await catalogue(
    `select sql from ${quote(schema)}.sqlite_master where type = 'table' and name ${same}`,
  )
  const sql = found?.['sql']
  if (typeof sql !== 'string' || /^create\s+virtual/i.test(sql))
    throw new MissingObjectError(kind, dialect, `table ${table} does not exist`)
  const columns = await catalogue(
    `select name from pragma_table_xinfo(${literal(name)}, ${literal(schema)}) where hidden <> 1`,
  )
  const siblings = await catalogue(
    `select type, sql from ${quote(schema)}.sqlite_master where tbl_name ${same} and type in ('index', 'trigger') and sql is not null order by type, rowid`,
  )
  const views = await catalogue(`select name, sql from ${quote(schema)}.sqlite_master where type = 'view'`)
  const referring = await catalogue(
    `select distinct m.name from ${quote(schema)}.sqlite_master m, pragma_foreign_key_list(m.name, ${literal(schema)}) f where m.type = 'table' and f."table" ${same}`,
  )
  const [legacy] = await catalogue('select legacy_alter_table as n from pragma_legacy_alter_table')
  const children = referring.map((row) => String(row['name']))
  return {
    text: parseTable(sql),
    stored: columns.map((row) => String(row['name'])),
    views: views.filter((row) => mentions(String(row['sql']), name)).map((row) => String(row['name'])),
    siblings: siblings.map((row) => ({type: String(row['type']), sql: String(row['sql'])})),
    children: [...new Set([name, ...children])],
    isReferenced: children.length > 0,
    isLegacy: legacy?.['n'] === 1,
  }
}

function checkOf(step: string, name: string, {list, literal}: SqlContext): string {
  return `constraint ${list([name.replaceAll('.', ' ')])} check (step <> ${literal(step)} or ok)`
}

/** An AUTOINCREMENT table never reuses a number, even of a deleted row. */
function keepCounting(plain: string, copy: string, {literal}: SqlContext): readonly string[] {
  return [
    `delete from sqlite_sequence where name = ${literal(copy)}`,
    `insert into sqlite_sequence (name, seq) select ${literal(copy)}, seq from sqlite_sequence where name = ${literal(plain)}`,
  ]
}

function isCounted({columns}: TableText): boolean {
  return columns.some(({clauses}) =>
    clauses.some(({keyword, text}) => keyword === 'PRIMARY' && mentions(text, 'autoincrement')),
  )
}

function inOrder(columns: TableText['columns'], order: readonly string[]): TableText['columns'] {
  const place = ({name}: {readonly name: string}): number => {
    const at = order.findIndex((column) => isSame(column, name))
    return at === -1 ? order.length : at
  }
  return columns.toSorted((a, b) => place(a) - place(b))
}

/** Returns an index definition from its column list on, without the names of the index and its table. */
function withoutHead(sql: string): string {
  return sql.slice(sql.indexOf('('))
}
