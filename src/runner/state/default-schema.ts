import {dialects} from '../../dialects/dialects.ts'
import {quotingOf} from '../../dialects/quoting.ts'
import type {RunSession} from '../connection/run-session.ts'
import {SchemaMissingError} from '../statement-errors.ts'
import type {TableNames} from './tables.ts'

/**
 * Returns the names of mig's tables with the schema or database in which they are now, because a revision may change the
 * default of the session.
 *
 * @param mustExist whether the tables may be created, so that a schema is required
 * @throws MigError SCHEMA_MISSING
 */
export async function withDefaultSchema(
  session: RunSession,
  names: TableNames,
  mustExist: boolean,
): Promise<TableNames> {
  const {home} = dialects[session.dialect].session
  if (names.schema !== undefined || home === undefined) return names
  const query = home(names.versionTable, quotingOf(session.platform))
  const [row] = await session.query<{readonly home: string | null; readonly path?: string}>(query)
  if (row === undefined) return names
  if (row.home !== null) return {...names, schema: row.home}
  if (mustExist && row.path !== undefined) throw new SchemaMissingError(row.path, session.name)
  return names
}
