import {isTree, nameParts} from '../effects/tree.ts'
import {requireNamed, schemaNamed} from './lookup.ts'
import {kindsByType, partKindsByType} from './object-types.ts'
import {routineNamed} from './routines.ts'
import type {Item, ItemKind} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

/** Comments also name columns and constraints. */
const partKinds: Readonly<Record<string, ItemKind>> = {
  ...partKindsByType,
  OBJECT_COLUMN: 'column',
  OBJECT_TABCONSTRAINT: 'constraint',
}

/** Returns the object of COMMENT, GRANT and ALTER … OWNER. */
export function objectNamed(model: SchemaModel, type: string, object: unknown): Item {
  const parts = nameParts(object)
  const kind = kindsByType[type]
  if (kind !== undefined) return requireNamed(model, kind, parts)
  const part = partKinds[type]
  if (part !== undefined)
    return model.require(part, requireNamed(model, 'table', parts.slice(0, -1)).id, parts.at(-1) ?? '')
  if (type === 'OBJECT_SCHEMA') return schemaNamed(model, parts[0] ?? '')
  if (type === 'OBJECT_EXTENSION') return model.require('extension', undefined, parts[0] ?? '')
  const routine = isTree(object) && isTree(object['ObjectWithArgs']) ? object['ObjectWithArgs'] : undefined
  const found = routine === undefined ? undefined : routineNamed(model, routine)
  return found ?? model.require('object', undefined, `${type} ${parts.join('.')}`)
}
