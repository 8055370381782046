import type {AnyCustomDefinition} from '../../operations/custom.ts'
import type {Dialect, Operation} from '../../operations/operation.ts'
import {createRegistry} from '../../operations/registry.ts'
import {renderBody} from './body.ts'
import type {RenderItem} from '../../config/autogenerate.ts'
import {oneWay} from './one-way.ts'

/** The operations of a revision, in both directions. */
export interface RevisionOperations {
  readonly upgrade: readonly Operation[]
  readonly downgrade: readonly Operation[]
  /** The database whose losses are marked; any by default. */
  readonly dialect?: Dialect | undefined
}

/**
 * Returns the source of the functions of a revision file.
 *
 * @param custom the project's custom operations, as configured
 */
export function renderRevision(
  {upgrade, downgrade, dialect}: RevisionOperations,
  renderItem?: RenderItem,
  custom: readonly AnyCustomDefinition[] = [],
): string {
  const registry = createRegistry(custom)
  const back = downgrade.map((operation) => oneWay(operation, registry))
  const functions = [
    ['upgrade', renderBody(upgrade, registry, dialect, renderItem)],
    ['downgrade', renderBody(back, registry, dialect, renderItem)],
  ]
  return functions.map(([name, body]) => `export async function ${name}(op: Operations) {${body}}\n`).join('\n')
}
