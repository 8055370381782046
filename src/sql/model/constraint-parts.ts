import {without} from '../../util/objects.ts'
import {items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {chosenName} from './chosen-names.ts'
import type {Item, Reference} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {textOfTree} from './text.ts'

/** Returns the names in a list of a node. */
export const stringsIn = (node: Tree, key: string): readonly string[] => items(node, key).flatMap(nameParts)

/** Returns the name of a constraint, written or chosen. */
export function nameOf(model: SchemaModel, table: Item, node: Tree, columns: readonly string[], label: string): string {
  return textIn(node, 'conname') || chosenName(model, table, columns, label)
}

/** Returns the definition of a constraint without names and ways to write it that make no difference. */
export function definitionOf(node: Tree): string {
  const definition = without(node, 'conname', 'keys', 'fk_attrs', 'skip_validation', 'initially_valid')
  return textOfTree([definition, node['keys'], node['fk_attrs']])
}

/** Returns whether existing rows were not checked, as a property. */
export const validity = (node: Tree): {readonly notValid?: string} =>
  node['skip_validation'] === true ? {notValid: 'true'} : {}

/** Takes the name of a constraint in the namespace of the schema, if constraints of its type have one. */
export function reserveName(model: SchemaModel, {id, name, properties}: Item): void {
  const {type = ''} = properties
  if (!model.rules.schemaWide.has(type)) return
  const references: Reference[] = [{to: id, how: 'belongs'}]
  model.create({kind: 'object', name: `${type} ${name}`, parent: undefined, properties: {}, references})
}

/** Returns the keys of a table, and the constraints of which the type is not known. */
export const keysOf = (model: SchemaModel, table: Item): readonly Item[] =>
  model
    .within(table, 'constraint')
    .filter(({properties: {type}}) => type === undefined || type === 'primary' || type === 'unique')
