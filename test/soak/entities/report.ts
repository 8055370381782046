import type {ChangeFault} from '../../support/changes/fault.ts'
import type {Change} from '../../support/changes/workbench.ts'
import type {DatabaseKind} from '../../support/databases.ts'

/** Returns a case as the source of its entities, the revisions that were generated, and what went wrong. */
export function reportOf(kind: DatabaseKind, seed: number, change: Change, fault: ChangeFault): string {
  const {before, after, renames = []} = change
  return [
    `\n==== ${kind}, seed ${seed}: ${fault.stage}`,
    '---- entities before',
    before.trimEnd(),
    ...(after === before ? ['---- the same after'] : ['---- entities after', after.trimEnd()]),
    ...(renames.length > 0 ? [`---- renames: ${renames.join(' ')}`] : []),
    '---- generated',
    ...fault.revisions,
    '---- went wrong',
    ...fault.details,
  ].join('\n')
}
