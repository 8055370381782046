import {SchemaModel} from '../sql/model/schema-model.ts'
import type {Item} from '../sql/model/items.ts'
import {continued} from './applied-revision.ts'
import type {AppliedRevision} from './applied-revision.ts'

/**
 * Returns the objects of which it is not known whether they exist before two revisions: nothing before names them, one of the
 * two creates them where they are missing, and the other one names them, or the creation fails.
 */
export function contestedObjects(before: SchemaModel, ours: AppliedRevision, theirs: AppliedRevision): readonly Item[] {
  const isWritten = (item: Item, one: AppliedRevision, other: AppliedRevision): boolean =>
    before.touchIn(one.touched, item)?.isWritten === true &&
    (one.refused !== undefined || before.touchIn(other.touched, item) !== undefined)
  const shared = before.adopted.filter((item) => isWritten(item, ours, theirs) || isWritten(item, theirs, ours))
  if (shared.length === 0) return []
  const without = withoutObjects(before, shared)
  const after = [ours, theirs].map((one) => continued(without, [one]))
  return shared.filter(({kind, parent, name}) => after.some((model) => model.find(kind, parent, name) !== undefined))
}

/** Returns a schema without some of its objects. */
export function withoutObjects(before: SchemaModel, missing: readonly Item[]): SchemaModel {
  const model = new SchemaModel(before)
  for (const item of missing) model.remove(item)
  return model
}
