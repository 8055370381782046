import {TenantMissingError, TenantOutsideTransactionError, TenantsNotSupportedError} from './run-errors.ts'
import type {RunSession} from './connection/run-session.ts'
import type {Session} from './connection/session.ts'

/** One of many that live in one database with the same tables: a schema, or a database on a server that has no schemas. */
export interface Tenant {
  readonly name: string
  /** What names are looked for in besides, behind the tenant's own. */
  readonly sharedSchemas: readonly string[]
  /** Whether it is made when it is not there. */
  readonly mayCreate: boolean
  /** Whether the session may be another one after each transaction, so that nothing may be set for it. */
  readonly isPooled: boolean
}

/**
 * Lets a session work on its tenant, until what is returned is called.
 *
 * @throws MigError TENANT_MISSING, TENANTS_NOT_SUPPORTED
 */
export async function enterTenant(session: Session, tenant: Tenant): Promise<() => Promise<void>> {
  const {platform, dialect} = session
  const text = (value: string): string => platform.formatQuery('?', [value])
  const quoted = platform.quoteIdentifier(tenant.name)
  switch (dialect) {
    case 'postgresql': {
      const found = `exists (select from pg_catalog.pg_namespace where nspname = ${text(tenant.name)})`
      const former = await enter(session, tenant, {
        find: `select ${found} as found, current_setting('search_path') as former`,
        create: `create schema if not exists ${quoted}`,
      })
      if (session.isPooled && !session.isBorrowed) return async () => {}
      const set = (path: string): string => `select set_config('search_path', ${text(path)}, ${session.isBorrowed})`
      await session.query(set(searchPathOf(session, tenant)))
      return async () => void (await session.queryRegardless(set(former)))
    }
    case 'mysql':
    case 'mariadb': {
      if (tenant.sharedSchemas.length > 0)
        throw new TenantsNotSupportedError(
          session.databaseName,
          'no search path, so that `sharedSchemas` cannot be used',
        )
      const found = `select count(*) from information_schema.schemata where schema_name = ${text(tenant.name)}`
      const former = await enter(session, tenant, {
        find: `select (${found}) > 0 as found, database() as former`,
        create: `create database if not exists ${quoted}`,
      })
      await session.query(`use ${quoted}`)
      return async () => void (await session.queryRegardless(`use ${platform.quoteIdentifier(former)}`))
    }
    case 'sqlite':
      throw new TenantsNotSupportedError(session.databaseName, 'no schemas')
  }
}

/**
 * Refuses what would run outside of a transaction where only a transaction knows the tenant.
 *
 * @throws MigError TENANTS_NOT_SUPPORTED
 */
export function refuseOutsideTransaction({tenant, isPooled, dialect}: RunSession): void {
  if (tenant !== undefined && isPooled && dialect === 'postgresql') throw new TenantOutsideTransactionError(tenant.name)
}

/** Returns what sets the search path for a transaction. */
export function localSearchPath(session: RunSession): readonly string[] {
  const {tenant, dialect} = session
  if (tenant === undefined || dialect !== 'postgresql') return []
  return [`set local search_path to ${searchPathOf(session, tenant)}`]
}

/** Makes sure that the tenant is there. Returns what the session was on before. */
async function enter(
  session: Session,
  {name, mayCreate}: Tenant,
  {find, create}: {readonly find: string; readonly create: string},
): Promise<string> {
  const [row] = await session.query<{readonly found: boolean | number | bigint; readonly former: string}>(find)
  if (!row?.found) {
    if (!mayCreate) throw new TenantMissingError(name, session.databaseName)
    try {
      await session.attempt(async () => session.query(create))
    } catch (error) {
      // Two runs may want it at once: PostgreSQL lets one of them fail, and it is there.
      const [again] = await session.query<{readonly found: boolean | number | bigint}>(find)
      if (!again?.found) throw error
    }
  }
  return row?.former ?? ''
}

function searchPathOf({platform}: Pick<RunSession, 'platform'>, {name, sharedSchemas}: Tenant): string {
  return [name, ...sharedSchemas].map((schema) => platform.quoteIdentifier(schema)).join(', ')
}
