import {CLIError} from '@oclif/core/errors'
import * as Flags from '@oclif/core/flags'
import type {TenantOptions} from '../engine/databases.ts'

const group = 'TENANTS'

/** The flags of the commands that do something for one tenant after another. */
export const tenantFlags = {
  tenant: Flags.string({
    summary: 'Tenant to run for instead of the configured ones (can be repeated)',
    helpValue: 'NAME',
    helpGroup: group,
    multiple: true,
    multipleNonGreedy: true,
  }),
  tenants: Flags.string({
    summary: 'File with tenant names, one per line',
    helpValue: 'FILE',
    helpGroup: group,
  }),
  parallel: Flags.custom<number>({
    summary: 'Number of tenants to run in parallel, one connection each',
    helpValue: 'N',
    helpGroup: group,
    parse: async (text) => {
      if (/^[1-9]\d*$/.test(text)) return Number(text)
      throw new CLIError(`--parallel takes a positive integer, but received ${text}`)
    },
  })(),
  'continue-on-error': Flags.boolean({summary: 'Continue with other tenants when one fails', helpGroup: group}),
}

/** Returns these flags as the options of the use case. */
export function tenantOptions(flags: {
  readonly tenant?: readonly string[] | undefined
  readonly tenants?: string | undefined
  readonly parallel?: number | undefined
  readonly 'continue-on-error': boolean
}): TenantOptions {
  return {
    tenants: flags.tenant,
    tenantsFile: flags.tenants,
    parallel: flags.parallel,
    continueOnError: flags['continue-on-error'],
  }
}
