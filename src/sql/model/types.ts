import {builtInTypes} from '../effects/reads.ts'
import {child, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {findNamed, findOrAssumeNamed, requireNamed, schemaFor} from './lookup.ts'
import {Refusal, Unclear} from './items.ts'
import type {Item, ItemId, Reference} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
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
  const item = relation ?? findOrAssumeNamed(model, 'type', parts)
  if (item === undefined) throw new Refusal(`type ${parts.join('.')} does not exist`)
  model.touch(item, false)
  if (item.kind === 'type') model.noteForeign(item)
  return [item.id]
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
  const table = model.find('table', owner.id, name)
  if (table !== undefined && table.kind !== 'index') throw new Refusal(`type ${name} already exists`)
  return model.create({kind: 'type', name, parent: owner.id, properties, references: needs(references)})
}

export const typeStatements: Readonly<Record<string, (model: SchemaModel, node: Tree) => void>> = {
  CreateEnumStmt: (model, node) => {
    const values = items(node, 'vals').flatMap(nameParts)
    createType(model, nameParts(node['typeName']), {values: JSON.stringify(values)})
  },
  AlterEnumStmt: alterEnum,
  CreateRangeStmt: (model, node) => {
    createType(model, nameParts(node['typeName']), {definition: textOfTree(node['params'])})
  },
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
    createType(model, nameParts(node['domainname']), properties, typeReferences(model, type))
  },
  AlterDomainStmt: alterDomain,
}

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
      model.set(domain, {notNull: textOfTree({contype: 'CONSTR_NOTNULL'})})
      return
    case 'C': {
      const constraint = child(child(node, 'def'), 'Constraint')
      const key = domainConstraint(constraint)
      if (domain.properties[key] !== undefined) throw new Refusal(`${key} of domain ${domain.name} already exists`)
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
    model.set(type, {values: JSON.stringify(values), [`without ${old}`]: ''})
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
