import type {TenantSql} from '../dialects/dialect.ts'
import {dialects} from '../dialects/dialects.ts'
import {quotingOf} from '../dialects/quoting.ts'
import {TenantMissingError, TenantOutsideTransactionError, TenantsNotSupportedError} from './run-errors.ts'
import type {RunSession} from './connection/run-session.ts'
import type {Session} from './connection/session.ts'

/** A tenant: a schema, or a database on servers without schemas, with the same tables as the other tenants. */
export interface Tenant {
  readonly name: string
  /** Schemas in the search path after the tenant's own. */
  readonly sharedSchemas: readonly string[]
  /** Whether to create it if it is missing. */
  readonly mayCreate: boolean
  /** Whether a pooler may switch sessions between transactions, so that session settings cannot be used. */
  readonly isPooled: boolean
}

/**
 * Switches a session to its tenant, and returns a function that switches it back.
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
 * Throws if the tenant can only be set inside a transaction.
 *
 * @throws MigError TENANTS_NOT_SUPPORTED
 */
export function refuseOutsideTransaction({tenant, isPooled, dialect}: RunSession): void {
  if (tenant !== undefined && isPooled && dialects[dialect].tenants?.enterTransaction !== undefined)
    throw new TenantOutsideTransactionError(tenant.name)
}

/** Returns the statements that set the search path of a transaction. */
export function localSearchPath({tenant, dialect, platform}: RunSession): readonly string[] {
  const {enterTransaction} = dialects[dialect].tenants ?? {}
  if (tenant === undefined || enterTransaction === undefined) return []
  return [enterTransaction(namesOf(tenant), quotingOf(platform))]
}

/** Checks that the tenant exists or creates it, and returns the session's previous schema. */
async function ensure(session: Session, {name, mayCreate}: Tenant, tenants: TenantSql): Promise<string> {
  const quoting = quotingOf(session.platform)
  const find = tenants.find(name, quoting)
  const [row] = await session.query<{readonly found: boolean | number | bigint; readonly former: string}>(find)
  if (!row?.found) {
    if (!mayCreate) throw new TenantMissingError(name, session.databaseName)
    try {
      await session.attempt(async () => session.query(tenants.create(name, quoting)))
    } catch (error) {
      // Another run may have created it at the same time.
      const [again] = await session.query<{readonly found: boolean | number | bigint}>(find)
      if (!again?.found) throw error
    }
  }
  return row?.former ?? ''
}

const namesOf = ({name, sharedSchemas}: Tenant): readonly string[] => [name, ...sharedSchemas]
