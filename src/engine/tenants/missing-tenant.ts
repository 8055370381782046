import {MigError} from '../../errors.ts'
import type {TenantOptions} from '../databases.ts'

/** Returns what is read of a tenant, or `nothing` if it was not chosen by name and does not exist yet. */
export async function unlessMissing<Result>(
  {tenants}: Pick<TenantOptions, 'tenants'>,
  work: Promise<Result>,
  nothing: Result,
): Promise<Result> {
  try {
    return await work
  } catch (error) {
    if (tenants === undefined && error instanceof MigError && error.code === 'TENANT_MISSING') return nothing
    throw error
  }
}
