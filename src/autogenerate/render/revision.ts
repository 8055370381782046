import type {Operation} from '../../operations/operation.ts'
import {renderBody} from './body.ts'
import type {RenderItem} from '../../config/autogenerate.ts'
import {oneWay} from './one-way.ts'

/** What a revision does, in both directions. */
export interface RevisionOperations {
  readonly upgrade: readonly Operation[]
  readonly downgrade: readonly Operation[]
}

/** Returns the functions of a revision file, as text. */
export function renderRevision({upgrade, downgrade}: RevisionOperations, renderItem?: RenderItem): string {
  const functions = [
    ['upgrade', renderBody(upgrade, renderItem)],
    ['downgrade', renderBody(downgrade.map(oneWay), renderItem)],
  ]
  return functions.map(([name, body]) => `export async function ${name}(op: Operations) {${body}}\n`).join('\n')
}
