import {Refusal} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

/**
 * Refuses a statement because of an object that it does not name, which the revision then depends on.
 *
 * @param how what the object does, as in `needs table t`
 * @throws Refusal
 */
export function refuseFor(model: SchemaModel, item: Item, how: string): never {
  model.touch(item, false)
  throw new Refusal(`${model.describe(item)} ${how}`)
}
