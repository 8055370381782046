import {dialects} from '../../dialects/dialects.ts'
import type {Dialect, Operation} from '../../operations/operation.ts'
import {frozenRecord} from '../../operations/record.ts'
import {definitionOf} from '../../operations/registry.ts'

/** What is done in this order: nothing is made before what it stands on, nor dropped before what stands on it. */
const order = [
  ...['createSchema', 'createExtension', 'createSequence', 'createEnum', 'renameTable'],
  ...['dropView', 'dropTrigger', 'dropPolicy', 'dropRoutine', 'dropForeignKey'],
  ...['renameColumn', 'dropCheck', 'dropIndex', 'dropPrimaryKey', 'dropTable', 'alterEnum', 'dropColumn'],
  ...['createTable', 'addColumn', 'alterColumn', 'comment'],
  ...['createPrimaryKey', 'createIndex', 'createCheck', 'createForeignKey'],
  ...['createRoutine', 'createView', 'createTrigger', 'createPolicy', 'custom'],
  ...['dropEnum', 'dropSequence', 'dropExtension', 'dropSchema'],
] as const

export type Stage = (typeof order)[number]

/** Stages whose operations SQLite does together, by making the table anew. */
const rebuilt: readonly Stage[] = [
  ...(['dropForeignKey', 'dropCheck', 'dropPrimaryKey', 'dropColumn', 'addColumn', 'alterColumn'] as const),
  ...(['createPrimaryKey', 'createCheck', 'createForeignKey'] as const),
]

/** Collects operations, each at its stage. */
export class Stages {
  readonly #stages = new Map<Stage, Operation[]>(order.map((stage) => [stage, []]))

  add(stage: Stage, ...operations: readonly Operation[]): void {
    this.#stages.get(stage)?.push(...operations.map(completed))
  }

  /** Returns all operations, in order. */
  inOrder(dialect: Dialect): readonly Operation[] {
    const at = (stages: readonly Stage[]): Operation[] => stages.flatMap((stage) => this.#stages.get(stage) ?? [])
    if (!dialects[dialect].capabilities.rebuildsTables) return at(order)
    const [first, last] = [order.indexOf('dropForeignKey'), order.indexOf('createForeignKey')]
    const middle = order.slice(first, last + 1).filter((stage) => !rebuilt.includes(stage))
    return [
      ...at(order.slice(0, first)),
      ...at(middle.filter((stage) => !isAfter(stage))),
      ...byTable(at(rebuilt)),
      ...at(middle.filter(isAfter)),
      ...at(order.slice(last + 1)),
    ]
  }
}

/** Returns an operation as `op` would record it. */
export function completed(operation: Operation): Operation {
  const {kind: _, ...values} = operation
  return frozenRecord(definitionOf(operation), values) as unknown as Operation
}

const isAfter = (stage: Stage): boolean => stage === 'createIndex' || stage === 'comment'

function byTable(operations: readonly Operation[]): readonly Operation[] {
  return [...Map.groupBy(operations, (one) => ('table' in one ? one.table : undefined)).values()].flat()
}
