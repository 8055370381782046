import {NOT_SUPPORTED, users} from './case.ts'
import type {OperationCase} from './case.ts'

export const policyCases: readonly OperationCase[] = [
  {
    name: 'switch row-level security on with policies',
    before: users,
    run: (op) => {
      op.setRowLevelSecurity('users', {enabled: true, forced: true})
      op.createPolicy('users', 'own', {
        for: 'update',
        to: ['public'],
        using: 'id > 1',
        check: 'id > 2',
        restrictive: true,
      })
      op.createPolicy('users', 'all')
      op.dropPolicy('users', 'all', {was: {}})
    },
    sql: {
      postgresql: [
        'alter table "users" enable row level security',
        'alter table "users" force row level security',
        'create policy "own" on "users" as restrictive for update to public using (id > 1) with check (id > 2)',
        'create policy "all" on "users"',
        'drop policy "all" on "users"',
      ],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
  {
    name: 'create, detach, attach and drop partitions',
    before: (op) => op.createTable('log', (t) => ({id: t.integer()}), {partitionBy: 'range (id)'}),
    run: (op) => {
      op.createPartition('log', 'low', 'for values from (1) to (10)')
      op.createPartition('log', 'rest', 'default', {partitionBy: 'list (id)'})
      op.detachPartition('log', 'low', {was: 'for values from (1) to (10)'})
      op.attachPartition('log', 'low', 'for values from (1) to (9)')
      op.dropPartition('log', 'low', {was: 'for values from (1) to (9)'})
    },
    sql: {
      postgresql: [
        'create table "low" partition of "log" for values from (1) to (10)',
        'create table "rest" partition of "log" default partition by list (id)',
        'alter table "log" detach partition "low"',
        'alter table "log" attach partition "low" for values from (1) to (9)',
        'drop table "low"',
      ],
      sqlite: NOT_SUPPORTED,
      mysql: NOT_SUPPORTED,
      mariadb: NOT_SUPPORTED,
    },
  },
]
