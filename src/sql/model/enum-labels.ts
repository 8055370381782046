import {child, isTree} from '../effects/tree.ts'
import {Refusal} from './schema-model.ts'
import type {Item, SchemaModel} from './schema-model.ts'

/** @throws Refusal if a column of an enum is given a constant that is not one of its values */
export function refuseLabel(model: SchemaModel, column: Item, value: unknown): void {
  if (column.properties['type']?.endsWith(']') === true) return
  for (const {to, how} of column.references) {
    const type = how === 'needs' ? model.get(to) : undefined
    if (type?.kind === 'type') refuseLabelOf(model, type, value)
  }
}

/** @throws Refusal if a constant of an enum is not one of its values */
export function refuseLabelOf(model: SchemaModel, type: Item, value: unknown): void {
  const label = isTree(value) ? child(child(value, 'A_Const'), 'sval')['sval'] : undefined
  if (typeof label !== 'string') return
  model.touch(type, false)
  const known = type.properties['values']
  if (known === undefined || (JSON.parse(known) as readonly string[]).includes(label)) return
  if (!type.isOpen || type.properties[`without ${label}`] !== undefined)
    throw new Refusal(`value ${label} of type ${type.name} does not exist`)
}
