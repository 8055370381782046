import {MigError} from '../../errors.ts'
import {plural} from '../../util/text.ts'
import {codeOf, messageOf} from '../../util/error-info.ts'
import type {TenantOptions} from '../databases.ts'
import type {TenantReport} from '../results.ts'
import {selectionFlags} from './selection-flags.ts'

/** Thrown for an invalid tenant name. */
export class InvalidTenantError extends MigError {
  constructor(name: string, why: string) {
    super('INVALID_TENANT', `Invalid tenant name${name === '' ? '' : ` ${name}`}: ${why}.`, {
      hint: 'Use letters, digits, spaces, and characters such as - and _.',
      data: {name},
    })
  }
}

/** Thrown when the tenants file is missing or unreadable. */
export class TenantsUnreadableError extends MigError {
  constructor(file: string, cause: unknown) {
    const reason = codeOf(cause) === 'ENOENT' ? 'it does not exist' : messageOf(cause)
    super('INVALID_TENANT', `Cannot read the tenants file ${file}: ${reason}.`, {
      hint: 'Write one tenant name per line; text after # is a comment.',
      data: {file},
      cause,
    })
  }
}

/** Thrown when a command failed for some tenants. */
export class TenantsFailedError extends MigError {
  readonly reports: readonly TenantReport[]

  /** @param isRead whether the command only reads, so that nothing is left to run */
  constructor(tenants: readonly TenantReport[], options: TenantOptions, isRead: boolean) {
    const failed = tenants.filter(({status}) => status === 'failed')
    super('TENANTS_FAILED', `${countOf(failed.length, tenants)} failed:`, {
      details: linesOf(tenants),
      hint: isRead ? commonHint(failed, options) : hintFor(failed, options),
      data: {tenants},
      cause: failed[0]?.error,
    })
    this.reports = tenants
  }
}

/** Thrown when a run on tenants is interrupted by a signal. */
export class TenantsInterruptedError extends MigError {
  readonly reports: readonly TenantReport[]

  constructor(tenants: readonly TenantReport[]) {
    const open = tenants.filter(({status}) => status === 'interrupted' || status === 'not started').length
    super('INTERRUPTED', `Interrupted: ${countOf(open, tenants)} ${open === 1 ? 'is' : 'are'} left.`, {
      details: linesOf(tenants),
      hint: tenants.some(isPartial)
        ? 'Run `mig repair` to see how to resume or resolve partially applied revisions, then run the same command again.'
        : 'Run the same command again to continue.',
      data: {tenants},
    })
    this.reports = tenants
  }
}

/** Returns the number of tenants by status, such as `2 done, 1 unchanged`. */
export function countTenants(tenants: readonly Pick<TenantReport, 'status'>[]): string {
  const statuses = ['done', 'planned', 'unchanged', 'failed', 'interrupted', 'not started'] as const
  const counts = statuses.map(
    (status) => [tenants.filter((tenant) => tenant.status === status).length, status] as const,
  )
  return counts.flatMap(([count, status]) => (count === 0 ? [] : `${count} ${status}`)).join(', ')
}

function hintFor(failed: readonly TenantReport[], options: TenantOptions): string {
  if (failed.some(isPartial))
    return 'Fix the cause, run `mig repair` to see how to resume or resolve partially applied revisions, and rerun the command: it only runs what is left.'
  const hint = commonHint(failed, options)
  return hint === undefined
    ? 'Fix the cause and rerun the command: it only runs what is left.'
    : `${hint} The command only runs what is left.`
}

/** Returns the hint that is right for all failed tenants, if there is one. */
function commonHint(failed: readonly TenantReport[], options: TenantOptions): string | undefined {
  if (failed.every(({error}) => error?.code === 'TENANT_MISSING'))
    return `Check the name, or create what is missing with \`mig ensure-version --create-database${selectionFlags(options)}\`.`
  const [hint, ...others] = new Set(failed.map(({error}) => error?.hint))
  return others.length > 0 ? undefined : (hint ?? undefined)
}

/** Returns whether a failed run left a revision partially applied. */
export function isPartial({error}: {readonly error: Pick<MigError, 'code' | 'data'> | TenantReport['error']}): boolean {
  if (!error) return false
  return error.code === 'HALF_APPLIED' || 'partial' in (error.data ?? {})
}

function countOf(count: number, tenants: readonly TenantReport[]): string {
  return `${count} of ${plural(tenants.length, 'tenant')}`
}

function linesOf(tenants: readonly TenantReport[]): readonly string[] {
  return [
    ...tenants.flatMap(({tenant, error}) =>
      error === null ? [] : error.lines.map((line, i) => (i === 0 ? `${tenant}: ${line}` : `  ${line}`)),
    ),
    `${countTenants(tenants)}.`,
  ]
}
