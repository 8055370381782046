import {shellWord} from '../../util/shell.ts'
import type {TenantOptions} from '../databases.ts'

/** Returns the flags that select the same tenants on the command line, each after a space. */
export function selectionFlags({tenants = [], tenantsFile}: TenantOptions): string {
  const file = tenantsFile === undefined ? '' : ` --tenants ${shellWord(tenantsFile)}`
  return `${tenants.map((name) => ` --tenant ${shellWord(name)}`).join('')}${file}`
}
