import {clientRows} from '../connection/client-rows.ts'
import type {ClientAddress} from '../connection/client-rows.ts'
import {dialects} from '../../dialects/dialects.ts'
import {databaseName} from '../connection/database-name.ts'
import {lockTableOf} from './lock-table.ts'
import {appliedOf} from './rows.ts'
import type {VersionRow} from './rows.ts'
import type {DatabaseState} from './store.ts'
import type {TableNames} from './tables.ts'

/**
 * Reads the recorded state of a database in one query, without a session and without MikroORM. Returns undefined if that is
 * not enough: if the tables are missing, a revision is partially applied, or there is no answer.
 *
 * @param timeout the limit for the answer, in milliseconds, unless the address has its own
 * @param isIdle whether a run in progress is not enough, either
 * @throws MigError DATABASE_UNREACHABLE if the server does not answer in time
 */
export async function readRecordedState(
  address: ClientAddress,
  root: string,
  names: TableNames,
  timeout: number,
  isIdle: boolean,
): Promise<DatabaseState | undefined> {
  const limit = limitOf(address, timeout)
  const runs = isIdle ? `\nunion all ${runsQuery(names, address)}` : ''
  const rows = await clientRows(address, root, `${stateQuery(names)}${runs}\norder by at, revision`, limit.timeout)
  if (rows === 'silent') {
    const {SilentServerError} = await import('../connection/connection-errors.ts')
    throw new SilentServerError(databaseName(address.driver, address.options), limit)
  }
  if (rows === undefined || rows.some(({kind}) => kind !== 'version')) return undefined
  try {
    const applied = rows.map((row) => appliedOf(row as unknown as VersionRow))
    return {applied, partiallyApplied: undefined, missing: [], missingColumns: []}
  } catch {
    return undefined
  }
}

function limitOf(
  {driver, options}: ClientAddress,
  timeout: number,
): {readonly timeout: number; readonly setting: string} {
  const {option = '', parameter = ''} = driver.connectLimit ?? {}
  const own = (options['driverOptions'] as Readonly<Record<string, unknown>> | undefined)?.[option]
  return typeof own === 'number'
    ? {timeout: own, setting: `\`${parameter}\` in the URL`}
    : {timeout, setting: '`connectTimeout` in the configuration'}
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function tableIn({schema}: TableNames, name: string): string {
  return [...(schema === undefined ? [] : [schema]), name].map(quoted).join('.')
}

/** One statement, so that it sees one state. All databases that are read this way quote names alike. */
function stateQuery(names: TableNames): string {
  const [versions, log] = [tableIn(names, names.versionTable), tableIn(names, names.logTable)]
  return `select 'version' as kind, revision, is_head, down_revisions, message, content_id, applied_at as at from ${versions}
union all select 'log', revision, null, null, null, null, null from ${log} where outcome is null`
}

/** Returns a query for a row if a run may be in progress: any advisory lock can be its lock. */
function runsQuery(names: TableNames, {driver}: ClientAddress): string {
  const table = tableIn(names, lockTableOf(names))
  const row = `select 'run', null, null, null, null, null, null`
  if (dialects[driver.dialect].lock === 'row') return `${row} from ${table}`
  return `${row} where to_regclass('${table.replaceAll("'", "''")}') is not null or exists (
  select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()))`
}
