import {MigError} from '../../errors.ts'
import {plural} from '../../util/text.ts'
import {codeOf, messageOf} from '../../util/error-info.ts'
import type {TenantReport} from '../results.ts'

/** A name that no tenant can have. */
export class InvalidTenantError extends MigError {
  constructor(name: string, why: string) {
    super('INVALID_TENANT', `${name === '' ? 'A tenant' : `The tenant ${name}`} cannot be called so: ${why}.`, {
      hint: 'A name may have letters, digits, spaces, and signs such as - and _.',
      data: {name},
    })
  }
}

/** The file with the names of the tenants is not there, or cannot be read. */
export class TenantsUnreadableError extends MigError {
  constructor(file: string, cause: unknown) {
    const reason = codeOf(cause) === 'ENOENT' ? 'it does not exist' : messageOf(cause)
    super('INVALID_TENANT', `The file of tenants ${file} cannot be read: ${reason}.`, {
      hint: 'It has one name on a line; what is behind a # is left out.',
      data: {file},
      cause,
    })
  }
}

/** A run failed for some tenants, or was not begun for all of them. */
export class TenantsFailedError extends MigError {
  constructor(tenants: readonly TenantReport[]) {
    const failed = tenants.filter(({status}) => status === 'failed')
    super('TENANTS_FAILED', [`${countOf(failed.length, tenants)} failed:`, ...linesOf(tenants)].join('\n'), {
      hint: 'When the cause is mended, run the same command again: it does only what is left.',
      data: {tenants},
      cause: failed[0]?.error,
    })
  }
}

/** A run was stopped from outside while it worked on tenants. */
export class TenantsInterruptedError extends MigError {
  constructor(tenants: readonly TenantReport[]) {
    const open = tenants.filter(({status}) => status === 'interrupted' || status === 'not started').length
    super(
      'INTERRUPTED',
      [`Interrupted: ${countOf(open, tenants)} ${open === 1 ? 'is' : 'are'} left.`, ...linesOf(tenants)].join('\n'),
      {hint: 'Run the same command again to go on.', data: {tenants}},
    )
  }
}

/** Returns how many tenants ended in which way: `2 done, 1 unchanged`. */
export function countTenants(tenants: readonly Pick<TenantReport, 'status'>[]): string {
  const statuses = ['done', 'planned', 'unchanged', 'failed', 'interrupted', 'not started'] as const
  const counts = statuses.map((one) => [tenants.filter(({status}) => status === one).length, one] as const)
  return counts.flatMap(([count, status]) => (count === 0 ? [] : `${count} ${status}`)).join(', ')
}

function countOf(count: number, tenants: readonly TenantReport[]): string {
  return `${count} of ${plural(tenants.length, 'tenant')}`
}

function linesOf(tenants: readonly TenantReport[]): readonly string[] {
  return [
    ...tenants.flatMap(({tenant, error}) =>
      error === null ? [] : [`  ${tenant}: ${error.message.replaceAll('\n', '\n  ')}`],
    ),
    `  ${countTenants(tenants)}.`,
  ]
}
