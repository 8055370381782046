import {child, isTree, items, nameParts} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {refuseConstant, refuseConstantOf} from './constants.ts'
import {foreignOperator} from './foreign-names.ts'
import {Refusal} from './items.ts'
import type {Item, ItemId} from './items.ts'
import {requireNamed} from './lookup.ts'
import type {SchemaModel} from './schema-model.ts'
import {columnNamed} from './scope.ts'
import type {Scope} from './scope.ts'
import {familyOf} from './type-families.ts'
import {typeReferences, typeText} from './types.ts'
import {constantIn, splitRegclass} from './written-names.ts'

const comparisons: ReadonlySet<string> = new Set(['=', '<>', '<', '>', '<=', '>='])
const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%'])
const knownFamilies: ReadonlySet<string> = new Set(['number', 'text', 'time', 'bool', 'uuid'])

/** Functions whose first argument is a text. */
const textFunctions: ReadonlySet<string> = new Set(
  'lower upper initcap length char_length trim btrim ltrim rtrim left right substr substring split_part replace'.split(
    ' ',
  ),
)

/** @throws Refusal if PostgreSQL has no such function for the type of its first argument */
export function refuseArgument(name: string, family: string | undefined): void {
  if (textFunctions.has(name) && family !== undefined && family !== 'text')
    throw new Refusal(`there is no function ${name} for ${family}`)
}

/**
 * Returns the objects that an operator stands for that is not PostgreSQL's own.
 *
 * @throws Refusal if PostgreSQL has no such operator for the types of both sides
 */
export function operatorReferences(model: SchemaModel, node: Tree, scope: Scope): readonly ItemId[] {
  const name = nameParts(node['name']).at(-1) ?? ''
  for (const [side, other] of [
    [node['lexpr'], node['rexpr']],
    [node['rexpr'], node['lexpr']],
  ]) {
    const column = isTree(side) ? columnNamed(model, side, scope) : undefined
    const values = isTree(other) && isTree(other['List']) ? items(other['List'], 'items') : [other]
    if (column !== undefined) for (const value of values) refuseConstant(model, column, value)
  }
  const families = [node['lexpr'], node['rexpr']].map((side) => operandFamily(model, side, scope))
  const [left, right] = families
  const foreign = foreignOperator(model, node, families)
  if (left === undefined || right === undefined || left === right || !model.rules.isTyped) return foreign
  const isMixed = families.includes('number') && families.includes('text')
  if (comparisons.has(name) || (arithmetic.has(name) && isMixed))
    throw new Refusal(`there is no operator ${name} for ${left} and ${right}`)
  return foreign
}

/** Returns the family of the type of an operand: of a column, a number, or a conversion. */
export function operandFamily(model: SchemaModel, tree: unknown, scope: Scope): string | undefined {
  if (!isTree(tree)) return undefined
  const constant = child(tree, 'A_Const')
  if (constant['ival'] !== undefined || constant['fval'] !== undefined) return 'number'
  const type = isTree(tree['TypeCast'])
    ? typeText(child(tree['TypeCast'], 'typeName'))
    : columnNamed(model, tree, scope)?.properties['type']
  const family = type === undefined ? undefined : familyOf(type)
  return family !== undefined && knownFamilies.has(family) ? family : undefined
}

/**
 * Returns the relation whose name is cast to `regclass`.
 *
 * @throws Refusal if a constant is cast to a type that does not have it
 */
export function relationCast(model: SchemaModel, node: Tree): Item | undefined {
  const type = child(node, 'typeName')
  for (const id of typeReferences(model, type)) {
    const item = model.get(id)
    if (item !== undefined) refuseConstantOf(model, item, node['arg'], Array.isArray(type['arrayBounds']))
  }
  const isRelation = nameParts(type['names']).at(-1) === 'regclass'
  const name = isRelation ? constantIn(child(node, 'arg')) : undefined
  return name === undefined ? undefined : requireNamed(model, 'table', splitRegclass(name))
}
