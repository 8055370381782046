import type {SqlEntityManager} from '@mikro-orm/sql'
import {InvalidConfigError} from '../../config/errors.ts'
import {errorCodes, MigError} from '../../errors.ts'
import type {TenantStatus} from '../../runner/events.ts'
import type {Tenant} from '../../runner/tenant.ts'
import {loadOnce} from '../../script/load.ts'
import {hidePasswords} from '../../util/secrets.ts'
import {messageOf} from '../../util/error-info.ts'
import {connectTo, sourcesOf} from '../databases.ts'
import type {TenantOptions} from '../databases.ts'
import type {TenantReport} from '../results.ts'
import type {Project} from '../project.ts'
import type {RunContext} from '../run-context.ts'
import {TenantsFailedError, TenantsInterruptedError} from './tenant-errors.ts'
import {tenantNamesOf} from './tenant-names.ts'

/** The outcome of the work for one tenant. */
type Outcome = Pick<TenantReport, 'status' | 'steps' | 'heads'>

/** The results for each tenant, or for the whole database if there are no tenants. */
export interface TenantRuns<Result> {
  /** In the order of the tenants. */
  readonly results: readonly Result[]
  /** Undefined if there are no tenants. */
  readonly tenants: readonly TenantReport[] | undefined
}

/** The report on the work for tenants. */
interface TenantWork<Result> {
  /** Returns the outcome of the work for one tenant. */
  readonly outcomeOf?: (result: Result) => Outcome
  /** Whether the work only reads, and so never stops at a failure. */
  readonly isRead?: boolean
}

const nothingToTell = (): Outcome => ({status: 'done', steps: [], heads: null})

/**
 * Runs `work` for each tenant, with the requested concurrency, or once if there are no tenants.
 *
 * The tenants share a connection pool and the loaded code of revisions.
 *
 * @throws MigError TENANTS_FAILED, INTERRUPTED, both with the report of all tenants; INVALID_TENANT
 */
export async function forEachTenant<P extends Project, Result>(
  context: RunContext<P>,
  options: TenantOptions,
  work: (context: RunContext<P>) => Promise<Result>,
  {outcomeOf = nothingToTell, isRead = false}: TenantWork<Result> = {},
): Promise<TenantRuns<Result>> {
  const {project, onEvent, signal, em} = context
  const names = await tenantNamesOf(project, options)
  if (names === undefined) return {results: [await work(context)], tenants: undefined}
  const continueOnError = isRead || options.continueOnError === true
  const isShared = em?.isInTransaction() === true
  const sessions = isShared ? 1 : Math.min(parallelOf(options), Math.max(1, names.length))
  const results: Result[] = []
  const reports: TenantReport[] = names.map((tenant) => ({tenant, ...nothingDone}))
  await withSharedPool(context, sessions, async (shared) => {
    onEvent({kind: 'tenants-start', tenants: names.length})
    const queue = names.entries()
    let hasFailed = false
    const workOnQueue = async (): Promise<void> => {
      for (const [i, tenant] of queue) {
        if (signal?.aborted || (hasFailed && !continueOnError)) return
        let start = performance.now()
        try {
          const result = await work({
            ...context,
            em: shared,
            isOwnEm: em === undefined,
            project: {...project, tenant: tenantOf(context, tenant), load},
            onEvent: (event) => {
              // Without the time for which the tenant waited for its lock.
              if (event.kind === 'run-start') start = performance.now()
              onEvent({...event, tenant})
            },
          })
          results[i] = result
          reports[i] = {tenant, ...outcomeOf(result), error: null}
        } catch (error) {
          const status = signal?.aborted ? 'interrupted' : 'failed'
          hasFailed ||= status === 'failed'
          reports[i] = reportOf(tenant, status, error)
        }
        const {status, steps, error} = reports[i]
        const durationMs = Math.round(performance.now() - start)
        const details = {...(steps[0] && {direction: steps[0].direction}), ...(error && {error: error.message})}
        onEvent({kind: 'tenant-done', tenant, status, steps: steps.length, durationMs, ...details})
      }
    }
    const load = loadOnce(project.tree)
    await Promise.all(Array.from({length: sessions}, workOnQueue))
  })
  if (signal?.aborted && reports.some(({status}) => status === 'interrupted' || status === 'not started'))
    throw new TenantsInterruptedError(reports)
  if (reports.some(({status}) => status === 'failed')) throw new TenantsFailedError(reports, options, isRead)
  return {results, tenants: reports}
}

const nothingDone = {status: 'not started', steps: [], heads: null, error: null} as const

/** Calls `use` with an entity manager whose connection pool all tenants share. */
async function withSharedPool(
  context: RunContext,
  sessions: number,
  use: (em: SqlEntityManager) => Promise<void>,
): Promise<void> {
  if (context.em !== undefined) return use(context.em)
  const [only] = await sourcesOf(context)
  if (only === undefined) throw new RangeError('there is no database')
  const connection = await connectTo(context, only.source, {isLocked: true, sessions})
  try {
    await use(connection.em)
  } finally {
    const {closeConnection} = await import('../../runner/connection/connect.ts')
    await closeConnection(connection, context.signal)
  }
}

function tenantOf({project, createDatabase}: RunContext, name: string): Tenant {
  const {sharedSchemas, lock} = project.settings
  return {name, sharedSchemas, mayCreate: createDatabase, isPooled: lock === 'table'}
}

/** @throws MigError INVALID_CONFIG */
function parallelOf({parallel = 1}: TenantOptions): number {
  if (!Number.isInteger(parallel) || parallel < 1)
    throw new InvalidConfigError('parallel', ['it must be a whole number of at least 1'])
  return parallel
}

function reportOf(tenant: string, status: TenantStatus, error: unknown): TenantReport {
  const message = hidePasswords(messageOf(error))
  const {code, lines, hint, data} =
    error instanceof MigError && error.code in errorCodes
      ? error
      : {code: 'INTERNAL' as const, lines: [message], hint: undefined, data: undefined}
  const heads = data !== undefined && 'heads' in data && Array.isArray(data.heads) ? (data.heads as string[]) : null
  return {tenant, status, steps: [], heads, error: {code, message, lines, hint: hint ?? null, data: data ?? null}}
}
