import type {TenantSql} from '../dialects/dialect.ts'
import {dialects} from '../dialects/dialects.ts'
import {quotingOf} from '../dialects/quoting.ts'
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
  const {tenants} = dialects[session.dialect]
  if (tenants === undefined) throw new TenantsNotSupportedError(session.databaseName, 'no schemas')
  if (tenant.sharedSchemas.length > 0 && !tenants.hasSearchPath)
    throw new TenantsNotSupportedError(session.databaseName, 'no search path, so that `sharedSchemas` cannot be used')
  const quoting = quotingOf(session.platform)
  const former = await ensure(session, tenant, tenants)
  if (tenants.enterTransaction !== undefined && session.isPooled && !session.isBorrowed) return async () => {}
  const {isBorrowed} = session
  await session.query(tenants.enter(namesOf(tenant), quoting, isBorrowed))
  return async () => void (await session.queryRegardless(tenants.leave(former, quoting, isBorrowed)))
}

/**
 * Refuses what would run outside of a transaction where only a transaction knows the tenant.
 *
 * @throws MigError TENANTS_NOT_SUPPORTED
 */
export function refuseOutsideTransaction({tenant, isPooled, dialect}: RunSession): void {
  if (tenant !== undefined && isPooled && dialects[dialect].tenants?.enterTransaction !== undefined)
    throw new TenantOutsideTransactionError(tenant.name)
}

/** Returns what sets the search path for a transaction. */
export function localSearchPath({tenant, dialect, platform}: RunSession): readonly string[] {
  const {enterTransaction} = dialects[dialect].tenants ?? {}
  if (tenant === undefined || enterTransaction === undefined) return []
  return [enterTransaction(namesOf(tenant), quotingOf(platform))]
}

/** Makes sure that the tenant is there. Returns what the session was on before. */
async function ensure(session: Session, {name, mayCreate}: Tenant, tenants: TenantSql): Promise<string> {
  const quoting = quotingOf(session.platform)
  const find = tenants.find(name, quoting)
  const [row] = await session.query<{readonly found: boolean | number | bigint; readonly former: string}>(find)
  if (!row?.found) {
    if (!mayCreate) throw new TenantMissingError(name, session.databaseName)
    try {
      await session.attempt(async () => session.query(tenants.create(name, quoting)))
    } catch (error) {
      // Two runs may want it at once: PostgreSQL lets one of them fail, and it is there.
      const [again] = await session.query<{readonly found: boolean | number | bigint}>(find)
      if (!again?.found) throw error
    }
  }
  return row?.former ?? ''
}

const namesOf = ({name, sharedSchemas}: Tenant): readonly string[] => [name, ...sharedSchemas]
