import {Refusal} from './schema-model.ts'
import type {Item, SchemaModel} from './schema-model.ts'

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
