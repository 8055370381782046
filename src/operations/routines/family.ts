import {createFunction, createProcedure, dropFunction, dropProcedure} from './function.ts'
import type {CreateFunction, CreateProcedure, DropFunction, DropProcedure} from './function.ts'
import {createTrigger, dropTrigger} from '../triggers/trigger.ts'
import type {CreateTrigger, DropTrigger} from '../triggers/trigger.ts'
import {createMaterializedView, dropMaterializedView, refreshMaterializedView} from '../views/materialized-view.ts'
import type {CreateMaterializedView, DropMaterializedView, RefreshMaterializedView} from '../views/materialized-view.ts'
import {createView, dropView, replaceView} from '../views/view.ts'
import type {CreateView, DropView, ReplaceView} from '../views/view.ts'

export type RoutineOperation =
  | CreateView
  | ReplaceView
  | DropView
  | CreateMaterializedView
  | DropMaterializedView
  | RefreshMaterializedView
  | CreateFunction
  | CreateProcedure
  | DropFunction
  | DropProcedure
  | CreateTrigger
  | DropTrigger

export const routineOperations = {
  createView,
  replaceView,
  dropView,
  createMaterializedView,
  dropMaterializedView,
  refreshMaterializedView,
  createFunction,
  createProcedure,
  dropFunction,
  dropProcedure,
  createTrigger,
  dropTrigger,
}

/** Operations for views, functions, procedures and triggers. */
export interface RoutineOperations {
  createView(name: string, definition: string): void
  /** Replaces the query of a view. Reversible with `was`. */
  replaceView(name: string, definition: string, options?: Pick<ReplaceView, 'was' | 'recreate'>): void
  /** Drops a view. Reversible with `was`, its query. */
  dropView(name: string, options?: Omit<DropView, 'kind' | 'name'>): void
  createMaterializedView(name: string, definition: string, options?: Pick<CreateMaterializedView, 'withNoData'>): void
  dropMaterializedView(name: string, options?: Omit<DropMaterializedView, 'kind' | 'name'>): void
  refreshMaterializedView(name: string, options?: Pick<RefreshMaterializedView, 'concurrently'>): void
  /** Creates a function: `op.createFunction('one', {returns: 'integer', body: 'select 1'})`. */
  createFunction(name: string, definition: Omit<CreateFunction, 'kind' | 'name'>): void
  createProcedure(name: string, definition: Omit<CreateProcedure, 'kind' | 'name'>): void
  /** Drops a function. Reversible with `was`. */
  dropFunction(name: string, options?: Omit<DropFunction, 'kind' | 'name'>): void
  dropProcedure(name: string, options?: Omit<DropProcedure, 'kind' | 'name'>): void
  /** Creates a trigger: `op.createTrigger('users', 'touch', {timing: 'before', events: ['update'], body: '…'})`. */
  createTrigger(table: string, name: string, definition: Omit<CreateTrigger, 'kind' | 'table' | 'name'>): void
  /** Drops a trigger. Reversible with `was`. */
  dropTrigger(table: string, name: string, options?: Omit<DropTrigger, 'kind' | 'table' | 'name'>): void
}
