import type {DatabaseTable, SqlPolicyDef} from '@mikro-orm/sql'
import type {CreatePolicy} from '../../operations/policies/policy.ts'
import {tableNameOf} from '../../catalogue/definitions/table.ts'
import type {Producing} from './producing.ts'

/** Returns the operation that creates a policy. */
export function policyOf(table: string, {name, command, type, roles, using, check}: SqlPolicyDef): CreatePolicy {
  const to = roles.filter((role) => role !== 'public')
  return {
    kind: 'createPolicy',
    table,
    name,
    ...(command !== 'all' && {for: command}),
    ...(to.length > 0 && {to}),
    ...(using && {using}),
    ...(check && {check}),
    ...(type === 'restrictive' && {restrictive: true as const}),
  }
}

/** Adds the operations for row-level security of a new table. */
export function createPolicies(table: DatabaseTable, {context, stages}: Producing): void {
  const name = tableNameOf(table, context)
  if (table.rlsEnabled || table.rlsForced)
    stages.add({
      kind: 'setRowLevelSecurity',
      table: name,
      ...(table.rlsEnabled && {enabled: true}),
      ...(table.rlsForced && {forced: true}),
    })
  stages.add(...table.getPolicies().map((policy) => policyOf(name, policy)))
}
