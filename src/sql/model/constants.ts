import {child, isTree, items} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {Refusal} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

/** @throws Refusal if a column is given a constant that its type does not have */
export function refuseConstant(model: SchemaModel, column: Item, value: unknown): void {
  const isArray = column.properties['type']?.endsWith(']') === true
  for (const {to, how} of column.references) {
    const type = how === 'needs' ? model.get(to) : undefined
    if (type?.kind === 'type' || type?.kind === 'table') refuseConstantOf(model, type, value, isArray)
  }
}

/** @throws Refusal if a type does not have a constant: a value of an enum, or a row with as many fields */
export function refuseConstantOf(model: SchemaModel, type: Item, value: unknown, isArray = false): void {
  if (!isTree(value)) return
  if (isArray) {
    const elements = items(child(value, 'A_ArrayExpr'), 'elements')
    for (const element of elements) refuseConstantOf(model, type, element)
    const text = child(child(value, 'A_Const'), 'sval')['sval']
    const written = typeof text === 'string' ? /^\{([^{}"\\]*)\}$/.exec(text)?.[1] : undefined
    for (const one of written?.split(',') ?? []) if (one.trim() !== '') refuseLabel(model, type, one.trim())
    return
  }
  const label = child(child(value, 'A_Const'), 'sval')['sval']
  const count = isTree(value['RowExpr']) ? items(value['RowExpr'], 'args').length : fieldsIn(label)
  if (count !== undefined) refuseWidth(model, type, count)
  if (typeof label === 'string') refuseLabel(model, type, label)
}

function refuseLabel(model: SchemaModel, type: Item, label: string): void {
  model.touch(type, false)
  const known = type.properties['values']
  if (known === undefined || (JSON.parse(known) as readonly string[]).includes(label)) return
  if (!type.isOpen || type.properties[`without ${label}`] !== undefined)
    throw new Refusal(`value ${label} of type ${type.name} does not exist`)
}

/** Returns the number of fields of a row as text, such as `(1,2)`; undefined where quotes or rows within it hide it. */
function fieldsIn(text: unknown): number | undefined {
  const inner = typeof text === 'string' ? /^\s*\(([^()"\\]*)\)\s*$/.exec(text)?.[1] : undefined
  return inner?.split(',').length
}

/** @throws Refusal if the rows of a composite type or table have another number of fields */
export function refuseWidth(model: SchemaModel, type: Item, count: number): void {
  const attributes = model.within(type, 'column').length
  if (attributes === 0 && !type.isOpen) return
  model.touch(type, false)
  const isOther = type.isOpen ? model.growth(type, 'column') !== 0 : attributes !== count
  if (isOther) throw new Refusal(`a row of ${count} fields is not of ${model.describe(type)}`)
}

/** Whether a value is DEFAULT. */
export const isDefault = (value: Tree | undefined): boolean => value?.['SetToDefault'] !== undefined
/** Whether a value is NULL. */
export const isNull = (value: Tree | undefined): boolean => child(value ?? {}, 'A_Const')['isnull'] === true
