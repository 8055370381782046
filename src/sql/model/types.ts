import {joinName} from '../../operations/names.ts'
import {builtInTypes} from '../effects/reads.ts'
import {child, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {refuseConstantOf} from './constants.ts'
import {findNamed, findOrAssumeNamed, requireNamed, schemaFor} from './lookup.ts'
import {Refusal, Unclear} from './items.ts'
import type {Item, ItemId, Reference} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {renamedValues} from './row-meaning.ts'
import {refuseStored} from './stored-types.ts'
import {textOfTree} from './text.ts'

/** Returns a type as comparable text. */
export function typeText(type: Tree): string {
  const names = nameParts(type['names']).filter((name) => name !== 'pg_catalog' && name !== 'public')
  const sizes = items(type, 'typmods').map((size) => textOfTree(Object.values(child(size, 'A_Const'))))
  const dimensions = items(type, 'arrayBounds').map(() => '[]')
  return `${names.join('.')}${sizes.length > 0 ? `(${sizes.join(',')})` : ''}${dimensions.join('')}`
}

/** Returns the types of its own schema that a type name refers to. */
export function typeReferences(model: SchemaModel, type: Tree): readonly ItemId[] {
  const parts = nameParts(type['names'])
  const name = parts.at(-1) ?? ''
  if (parts.length === 0 || parts[0] === 'pg_catalog') return []
  if (parts.length === 1 && builtInTypes.has(name) && !ofExtensions.has(name)) return []
  // A table is also a type.
  const relation = findNamed(model, 'type', parts) ?? findNamed(model, 'table', parts)
  // The array of a type has its name with an underscore.
  if (relation === undefined && name.startsWith('_'))
    return typeReferences(model, {names: [...parts.slice(0, -1), name.slice(1)].map((sval) => ({String: {sval}}))})
  const item = relation ?? findOrAssumeNamed(model, 'type', parts)
  if (item === undefined) throw new Refusal(`type ${parts.join('.')} does not exist`)
  model.touch(item, false)
  touchWithin(model, item)
  if (item.kind === 'type') model.noteForeign(item)
  return [item.id]
}

/** Notes the types of which a type has values. */
function touchWithin(model: SchemaModel, type: Item, seen = new Set<ItemId>()): void {
  if (seen.has(type.id)) return
  seen.add(type.id)
  for (const part of [type, ...(type.kind === 'type' ? model.within(type, 'column') : [])])
    for (const {to, how} of part.references) {
      const inner = how === 'needs' ? model.get(to) : undefined
      if (inner?.kind !== 'type' && inner?.kind !== 'table') continue
      model.touch(inner, false)
      touchWithin(model, inner, seen)
    }
}

/** Types that PostgreSQL has only with an extension of the same name. */
const ofExtensions: ReadonlySet<string> = new Set(['citext'])

export const needs = (ids: Iterable<ItemId>): readonly Reference[] => [...ids].map((to) => ({to, how: 'needs'}))

/** Creates a type of any kind. */
function createType(
  model: SchemaModel,
  parts: readonly string[],
  properties: Item['properties'],
  references: Iterable<ItemId> = [],
): Item {
  const [name = '', schema] = parts.toReversed()
  const owner = schemaFor(model, schema)
  return model.create({kind: 'type', name, parent: owner.id, properties, references: needs(references)})
}

export const typeStatements: Readonly<Record<string, (model: SchemaModel, node: Tree) => void>> = {
  CreateEnumStmt: (model, node) => {
    const values = items(node, 'vals').flatMap(nameParts)
    createType(model, nameParts(node['typeName']), {values: JSON.stringify(values)})
  },
  AlterEnumStmt: alterEnum,
  CreateRangeStmt: createRange,
  CompositeTypeStmt: (model, node) => {
    const range = child(node, 'typevar')
    const columns = items(node, 'coldeflist').map((item) => child(item, 'ColumnDef'))
    const parts = [textIn(range, 'schemaname'), textIn(range, 'relname')].filter((part) => part !== '')
    const type = createType(model, parts, {})
    for (const column of columns)
      model.create({
        kind: 'column',
        name: textIn(column, 'colname'),
        parent: type.id,
        properties: {type: typeText(child(column, 'typeName')), notNull: 'false'},
        references: needs(typeReferences(model, child(column, 'typeName'))),
      })
  },
  CreateDomainStmt: (model, node) => {
    const type = child(node, 'typeName')
    const constraints = items(node, 'constraints').map((item, i) => {
      const constraint = child(item, 'Constraint')
      return [domainConstraint(constraint, i), textOfTree(constraint)]
    })
    const properties = {type: typeText(type), ...(Object.fromEntries(constraints) as Item['properties'])}
    const references = typeReferences(model, type)
    const value = items(node, 'constraints')
      .map((item) => child(item, 'Constraint'))
      .find(({contype}) => contype === 'CONSTR_DEFAULT')
    for (const base of references.flatMap((id) => model.get(id) ?? []))
      refuseConstantOf(model, base, value?.['raw_expr'])
    createType(model, nameParts(node['domainname']), properties, references)
  },
  AlterDomainStmt: alterDomain,
}

/** Creates a range, with its multirange and the functions that make their values. */
function createRange(model: SchemaModel, node: Tree): void {
  const parts = nameParts(node['typeName'])
  const options = items(node, 'params').map((item) => child(item, 'DefElem'))
  const option = (name: string): Tree => child(options.find(({defname}) => defname === name) ?? {}, 'arg')
  const subtype = child(option('subtype'), 'TypeName')
  const definition = textOfTree(node['params'])
  const range = createType(model, parts, {definition}, typeReferences(model, subtype))
  const written = nameParts(option('multirange_type_name'))
  const multirange = written.length > 0 ? written : [...parts.slice(0, -1), multirangeName(range.name)]
  const {parent, name} = createType(model, multirange, {})
  const belonging: Reference = {to: range.id, how: 'belongs'}
  const created = model.require('type', parent, name)
  model.change(created, {references: [belonging]})
  const [value, own] = [typeText(subtype), range.name]
  for (const [constructed, types] of [
    [range, [value, value]],
    [range, [value, value, 'text']],
    [created, []],
    [created, [own]],
    [created, [`${own}[]`]],
  ] as const) {
    model.touchObject({kind: 'function', name: joinName(undefined, constructed.name)}, true)
    const signature = `${constructed.name}(${types.join(', ')})`
    model.create({
      kind: 'function',
      name: signature,
      parent: constructed.parent,
      properties: {},
      references: [belonging],
    })
  }
}

/** @see makeMultirangeTypeName in PostgreSQL's `pg_type.c` */
const multirangeName = (range: string): string =>
  range.includes('range') ? range.replace('range', 'multirange') : `${range}_multirange`

function domainConstraint(constraint: Tree, i = 0): string {
  const type = textIn(constraint, 'contype')
  if (type === 'CONSTR_NOTNULL' || type === 'CONSTR_NULL') return 'notNull'
  return `constraint ${textIn(constraint, 'conname') || `unnamed ${i}`}`
}

function alterDomain(model: SchemaModel, node: Tree): void {
  const domain = requireNamed(model, 'type', nameParts(node['typeName']))
  const definition = node['def']
  const name = textIn(node, 'name')
  switch (textIn(node, 'subtype')) {
    case 'T':
      model.set(domain, {default: definition === undefined ? undefined : textOfTree(definition)})
      return
    case 'N':
      model.set(domain, {notNull: undefined})
      return
    case 'O':
      refuseStored(model, domain, {isWithin: true})
      model.set(domain, {notNull: textOfTree({contype: 'CONSTR_NOTNULL'})})
      return
    case 'C': {
      const constraint = child(child(node, 'def'), 'Constraint')
      let at = 0
      while (constraint['conname'] === undefined && domain.properties[domainConstraint(constraint, at)] !== undefined)
        at++
      const key = domainConstraint(constraint, at)
      if (domain.properties[key] !== undefined) throw new Refusal(`${key} of domain ${domain.name} already exists`)
      if (constraint['skip_validation'] !== true) refuseStored(model, domain, {isWithin: true})
      model.set(domain, {[key]: textOfTree(constraint)})
      return
    }
    case 'X':
    case 'V': {
      const key = `constraint ${name}`
      const isMissing =
        domain.properties[key] === undefined && (!domain.isOpen || domain.properties[`no ${key}`] === '')
      if (isMissing && node['missing_ok'] !== true)
        throw new Refusal(`constraint ${name} of domain ${domain.name} does not exist`)
      const isDropped = textIn(node, 'subtype') === 'X'
      if (!isDropped) refuseStored(model, domain, {isWithin: true})
      model.set(domain, isDropped ? {[key]: undefined, [`no ${key}`]: ''} : {[`valid ${key}`]: 'true'})
      return
    }
  }
  throw new Unclear(`a change of the domain ${domain.name}`)
}

/** Values of an enum whose creation is unknown are known one by one. */
function alterEnum(model: SchemaModel, node: Tree): void {
  const type = requireNamed(model, 'type', nameParts(node['typeName']))
  const [value, old, neighbour] = [textIn(node, 'newVal'), textIn(node, 'oldVal'), textIn(node, 'newValNeighbor')]
  const values = [...((JSON.parse(type.properties['values'] ?? '[]') as readonly string[] | null) ?? [])]
  const isKnown = (text: string): boolean => values.includes(text)
  const assumed = (text: string): void => {
    if (isKnown(text)) return
    if (!type.isOpen || type.properties[`without ${text}`] !== undefined)
      throw new Refusal(`value ${text} of type ${type.name} does not exist`)
    values.unshift(text)
  }
  if (old !== '') {
    assumed(old)
    if (isKnown(value)) throw new Refusal(`value ${value} of type ${type.name} already exists`)
    values[values.indexOf(old)] = value
    const renamed = [...(JSON.parse(type.properties[renamedValues] ?? '[]') as readonly string[]), old, value]
    model.set(type, {
      values: JSON.stringify(values),
      [`without ${old}`]: '',
      [renamedValues]: JSON.stringify(renamed),
    })
    return
  }
  if (isKnown(value)) {
    if (node['skipIfNewValExists'] === true) return
    throw new Refusal(`value ${value} of type ${type.name} already exists`)
  }
  if (neighbour === '') values.push(value)
  else {
    assumed(neighbour)
    values.splice(values.indexOf(neighbour) + (node['newValIsAfter'] === true ? 1 : 0), 0, value)
  }
  model.set(type, {values: JSON.stringify(values)})
}
