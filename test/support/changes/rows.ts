import type {DatabaseTable} from '@mikro-orm/sql'
import type {DatabaseKind} from '../databases.ts'
import type {ModelProject} from '../models.ts'
import {valueOf} from './values.ts'

type Row = Readonly<Record<string, string>>

const rowsPerTable = 2

/** Inserts rows into every table of the entities and returns why tables refused them. */
export async function insertRows(project: ModelProject, kind: DatabaseKind): Promise<readonly string[]> {
  const refused: string[] = []
  const overriding = kind === 'postgresql' || kind === 'pglite' ? 'overriding system value ' : ''
  const inserted = new Map<string, readonly Row[]>()
  for (const table of inOrder(tablesOf(project))) {
    const rows = Array.from({length: rowsPerTable}, (_, i) => rowOf(table, i, inserted, kind))
    inserted.set(keyOf(table), rows)
    for (const row of rows) {
      const columns = Object.keys(row).map((name) => quote(project, name))
      try {
        await project.query(
          `insert into ${nameOf(project, table)} (${columns.join(', ')}) ${overriding}values (${Object.values(row).join(', ')})`,
        )
      } catch (error) {
        refused.push(error instanceof Error ? error.message : String(error))
      }
    }
  }
  return refused
}

/** The type of a column and its values in all rows. */
interface ColumnValues {
  readonly type: string
  readonly values: readonly string[]
}

/** Values by table and column. */
type Values = ReadonlyMap<string, ReadonlyMap<string, ColumnValues>>

/** Reads all values in the tables of the entities. */
export async function valuesIn(project: ModelProject): Promise<Values> {
  const found = new Map<string, ReadonlyMap<string, ColumnValues>>()
  for (const table of tablesOf(project)) {
    const rows = (await project.rows(`select * from ${nameOf(project, table)}`)) as readonly Record<string, unknown>[]
    const columns = table
      .getColumns()
      .map(({name, type}) => [name, {type, values: rows.map((row) => JSON.stringify(row[name])).toSorted()}] as const)
    found.set(keyOf(table), new Map(columns))
  }
  return found
}

/**
 * Returns what rows have lost: fewer or more rows in a table that is still there, or other values in a column of the same
 * name and type.
 */
export function lostValues(before: Values, after: Values, renames: readonly string[]): readonly string[] {
  return [...survivors(before, after, renames)].flatMap(([table, columns]) =>
    [...columns].flatMap(([column, {values}]) => {
      const now = counterpart(after, table, column, renames)?.values ?? values
      return now.join() === values.join() ? [] : [`${table}.${column}: ${values.join()} became ${now.join()}`]
    }),
  )
}

/** Returns the columns that are still there, with the same type. */
export function survivors(before: Values, after: Values, renames: readonly string[]): Values {
  const isKept = (table: string, column: string, {type}: ColumnValues): boolean =>
    counterpart(after, table, column, renames)?.type === type
  return new Map(
    [...before].map(([table, columns]) => [
      table,
      new Map([...columns].filter(([column, values]) => isKept(table, column, values))),
    ]),
  )
}

function counterpart(
  after: Values,
  table: string,
  column: string,
  renames: readonly string[],
): ColumnValues | undefined {
  return after.get(renamed(renames, table))?.get(renamed(renames, `${table}.${column}`, column))
}

function renamed(renames: readonly string[], place: string, name = place): string {
  const answer = renames.find((text) => text.startsWith(`${place}:`))
  return answer === undefined ? name : answer.slice(place.length + 1)
}

function tablesOf(project: ModelProject): readonly DatabaseTable[] {
  return project.orm.schema.getTargetSchema().getTables()
}

const keyOf = ({name, schema}: DatabaseTable): string =>
  schema === undefined || schema === 'public' ? name : `${schema}.${name}`

function quote(project: ModelProject, name: string): string {
  const mark = project.orm.em.getPlatform().quoteIdentifier('a')[0] ?? '"'
  return `${mark}${name.replaceAll(mark, mark + mark)}${mark}`
}

function nameOf(project: ModelProject, {name, schema}: DatabaseTable): string {
  return schema === undefined ? quote(project, name) : `${quote(project, schema)}.${quote(project, name)}`
}

/** Tables come after those that their required foreign keys reference, as far as that is possible. */
function inOrder(tables: readonly DatabaseTable[]): readonly DatabaseTable[] {
  const ordered: DatabaseTable[] = []
  const waiting = new Set(tables)
  while (waiting.size > 0) {
    const isReady = (table: DatabaseTable): boolean =>
      requiredBy(table).every((name) => ![...waiting].some((other) => other !== table && isNamed(other, name)))
    const next = [...waiting].find(isReady) ?? [...waiting][0]!
    waiting.delete(next)
    ordered.push(next)
  }
  return ordered
}

const isNamed = (table: DatabaseTable, name: string): boolean =>
  name === table.name || name === `${table.schema}.${table.name}`

function requiredBy(table: DatabaseTable): readonly string[] {
  return Object.values(table.getForeignKeys())
    .filter(({columnNames}) => columnNames.some((name) => table.getColumn(name)?.nullable !== true))
    .map(({referencedTableName}) => referencedTableName)
}

function rowOf(
  table: DatabaseTable,
  i: number,
  inserted: ReadonlyMap<string, readonly Row[]>,
  kind: DatabaseKind,
): Row {
  const row: Record<string, string> = Object.create(null) as Record<string, string>
  for (const column of table.getColumns()) {
    if (column.generated && !/identity/.test(column.generated)) continue
    row[column.name] = i > 0 && column.nullable ? 'null' : valueOf(column, i, kind)
  }
  for (const {columnNames, referencedColumnNames, referencedTableName} of Object.values(table.getForeignKeys())) {
    const key = referencedTableName.replace(/^public\./, '')
    const target = inserted.get(key)?.[i]
    const isSelf = key === keyOf(table)
    for (const [at, name] of columnNames.entries()) {
      const referenced = referencedColumnNames[at] ?? ''
      const isOptional = table.getColumn(name)?.nullable === true
      if (target === undefined) row[name] = isSelf && !isOptional ? (row[referenced] ?? 'null') : 'null'
      else if (row[name] !== 'null') row[name] = target[referenced] ?? 'null'
    }
  }
  return row
}
