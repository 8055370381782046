import type {Kysely} from 'kysely'
import {ImportStateError} from './errors.ts'
import type {Row} from './history.ts'

/** A database whose tables are read. */
export interface ReadableDatabase {
  readonly name: string
  readonly db: Kysely<unknown>
}

/** A table with its rows. */
export interface FoundTable {
  /** The name with its schema, if the database has several. */
  readonly name: string
  readonly rows: readonly Row[]
}

/**
 * Reads a table of another tool completely.
 *
 * @param wanted its name, which may include its schema
 * @param home the schema to prefer
 * @throws MigError IMPORT_STATE_REFUSED if there is none, or if there are several
 */
export async function readTable({name: database, db}: ReadableDatabase, wanted: string): Promise<FoundTable> {
  const all = await db.introspection.getTables()
  const fitting = all.filter(({schema, name}) => name === wanted || `${schema}.${name}` === wanted)
  const [found, ...others] = fitting
  if (found === undefined)
    throw new ImportStateError(
      wanted,
      database,
      ['there is no such table'],
      'If the table has another name, pass it with `--table`. A database that the tool has not changed needs no stamp: `mig upgrade heads` applies the revisions. One in which they ran without that table is recorded with `mig stamp heads`, or with the last revision that ran.',
    )
  if (others.length > 0)
    throw new ImportStateError(
      wanted,
      database,
      [`several schemas have it: ${fitting.map(({schema}) => schema).join(', ')}`],
      'Choose one with `--table SCHEMA.NAME`.',
    )
  const {schema, name} = found
  const tables = (schema === undefined ? db : db.withSchema(schema)) as Kysely<Record<string, Row>>
  const rows = await tables.selectFrom(name).selectAll().execute()
  return {name: schema === undefined ? name : `${schema}.${name}`, rows}
}
