import {child, isTree, nameParts} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {functionsNamed} from './function-names.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {columnNamed} from './scope.ts'
import type {Scope} from './scope.ts'
import {typeReferences} from './types.ts'

/** Returns the type of a value that has attributes, or the table of a row. */
export function compositeOf(model: SchemaModel, tree: Tree, scope: Scope): Item | undefined {
  const cast = child(tree, 'TypeCast')['typeName']
  if (isTree(cast)) return model.get(typeReferences(model, cast)[0] ?? '')
  const column = columnNamed(model, tree, scope)
  if (column !== undefined) return typeOfColumn(model, column)
  const [alias, ...rest] = nameParts(child(tree, 'ColumnRef')['fields'])
  return rest.length > 0 ? undefined : scope.sources.find((source) => source.alias === alias)?.item
}

/** Returns the attributes that are read from a value of a composite type. */
export function attributesRead(model: SchemaModel, type: Item | undefined, fields: readonly Tree[]): readonly Item[] {
  const found: Item[] = []
  let owner = type
  for (const field of fields) {
    if (owner === undefined) break
    const [name] = nameParts(field)
    const attributes =
      'A_Star' in field
        ? model.within(owner, 'column')
        : name === undefined
          ? []
          : [model.require('column', owner.id, name)]
    found.push(...attributes)
    // An element of an array has the type of the array.
    if (attributes[0] !== undefined) owner = typeOfColumn(model, attributes[0])
  }
  return found
}

export function typeOfColumn(model: SchemaModel, {references}: Item): Item | undefined {
  return references.flatMap(({to}) => model.get(to) ?? []).find(({kind}) => kind === 'type' || kind === 'table')
}

/** Returns the table or type whose rows a function returns, if it does. */
export function rowsReturned(model: SchemaModel, call: Tree): Item | undefined {
  const [one, ...others] = functionsNamed(model, nameParts(call['funcname']))
  const returned: unknown = JSON.parse(one?.properties['returns'] || 'null')
  if (one === undefined || others.length > 0 || !isTree(returned)) return undefined
  const type = model.get(typeReferences(model, returned)[0] ?? '')
  return type !== undefined && (type.kind === 'table' || model.within(type, 'column').length > 0) ? type : undefined
}
