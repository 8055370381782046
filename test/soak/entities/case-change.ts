import type {Change as EntityChange} from '../../support/changes/workbench.ts'
import type {DatabaseKind} from '../../support/databases.ts'
import type {Case} from './arbitrary.ts'
import {changed} from './changes.ts'
import type {Features} from './plan.ts'
import {renamesBetween} from './renames.ts'
import {sourceOf} from './source.ts'

/** Returns the entities of a case on a database, without what that database does not have. */
export function changeOf({features, before, changes}: Case, kind: DatabaseKind): EntityChange {
  const own = featuresOn(features, kind)
  const after = changes.reduce((plan, change, turn) => changed(plan, change, turn), before)
  return {
    before: sourceOf(before, own, kind),
    after: sourceOf(after, own, kind),
    renames: renamesBetween(before, after, own, kind),
  }
}

function featuresOn(features: Features, kind: DatabaseKind): Features {
  if (kind === 'postgresql' || kind === 'pglite') return features
  return {...features, schemas: false, partitions: false, comments: features.comments && kind !== 'sqlite'}
}
