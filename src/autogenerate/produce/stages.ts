import {dialects} from '../../dialects/dialects.ts'
import type {Dialect, Operation} from '../../operations/operation.ts'
import {completed} from '../../operations/inverse.ts'
import type {OperationRegistry} from '../../operations/registry.ts'
import {stages as order} from '../../operations/stage.ts'
import type {Stage} from '../../operations/stage.ts'
import {inRebuildOrder} from './rebuild-order.ts'

/** Collects operations by stage. */
export class Stages {
  readonly registry: OperationRegistry
  readonly #stages = new Map<Stage, Operation[]>(order.map((stage) => [stage, []]))

  constructor(registry: OperationRegistry) {
    this.registry = registry
  }

  /** Adds operations, each at the stage of its kind. */
  add(...operations: readonly Operation[]): void {
    for (const operation of operations) {
      const {stage} = this.registry.definitionOf(operation)
      this.addAt(typeof stage === 'string' ? stage : stage(operation as never), operation)
    }
  }

  /** Adds operations at a given stage: SQL, or operations that belong to a view. */
  addAt(stage: Stage, ...operations: readonly Operation[]): void {
    this.#stages.get(stage)?.push(...operations.map((operation) => completed(operation, this.registry)))
  }

  /** Returns the operations of a stage. */
  at(stage: Stage): readonly Operation[] {
    return this.#stages.get(stage) ?? []
  }

  /** Returns the operations of all stages before another, in order. */
  before(stage: Stage): readonly Operation[] {
    return order.slice(0, order.indexOf(stage)).flatMap((earlier) => this.at(earlier))
  }

  /** Replaces the operations of a stage. */
  replace(stage: Stage, operations: readonly Operation[]): void {
    this.#stages.set(stage, [])
    this.addAt(stage, ...operations)
  }

  /** Returns all operations, in order. */
  inOrder(dialect: Dialect): readonly Operation[] {
    const at = (stages: readonly Stage[]): readonly Operation[] =>
      stages.flatMap((stage) => this.at(stage).toSorted((a, b) => rankOf(a) - rankOf(b)))
    return dialects[dialect].capabilities.rebuildsTables ? inRebuildOrder(at) : at(order)
  }
}

/** A generated column is dropped, or no longer computed, before the columns that it uses, and added after them. */
function rankOf(operation: Operation): number {
  if (operation.kind === 'alterColumn') return operation.set.generated === null ? -1 : 0
  if (operation.kind === 'dropColumn') return operation.was?.generated === undefined ? 0 : -1
  return operation.kind === 'addColumn' && operation.definition.generated !== undefined ? 1 : 0
}
