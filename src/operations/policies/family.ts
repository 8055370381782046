import {attachPartition, createPartition, detachPartition, dropPartition} from '../partitions/partition.ts'
import type {AttachPartition, CreatePartition, DetachPartition, DropPartition} from '../partitions/partition.ts'
import {createPolicy, dropPolicy, setRowLevelSecurity} from './policy.ts'
import type {CreatePolicy, DropPolicy, SetRowLevelSecurity} from './policy.ts'

export type PolicyOperation =
  | CreatePolicy
  | DropPolicy
  | SetRowLevelSecurity
  | CreatePartition
  | DropPartition
  | AttachPartition
  | DetachPartition

export const policyOperations = {
  createPolicy,
  dropPolicy,
  setRowLevelSecurity,
  createPartition,
  dropPartition,
  attachPartition,
  detachPartition,
}

/** Operations for row-level security and partitions, on PostgreSQL. */
export interface PolicyOperations {
  createPolicy(table: string, name: string, definition?: Omit<CreatePolicy, 'kind' | 'table' | 'name'>): void
  /** Drops a policy. Reversible with `was`. */
  dropPolicy(table: string, name: string, options?: Omit<DropPolicy, 'kind' | 'table' | 'name'>): void
  /** Enables or disables row-level security: `op.setRowLevelSecurity('users', {enabled: true, forced: true})`. */
  setRowLevelSecurity(table: string, set: Pick<SetRowLevelSecurity, 'enabled' | 'forced'>): void
  /**
   * Creates a partition: `op.createPartition('log', 'log_2026', "for values from ('2026-01-01') to ('2027-01-01')")`.
   */
  createPartition(table: string, name: string, bound: string, options?: Pick<CreatePartition, 'partitionBy'>): void
  /** Drops a partition with its rows. Reversible with `was`, its bound. */
  dropPartition(table: string, name: string, options?: Pick<DropPartition, 'was'>): void
  attachPartition(table: string, name: string, bound: string): void
  detachPartition(table: string, name: string, options?: Pick<DetachPartition, 'concurrently' | 'was'>): void
}
