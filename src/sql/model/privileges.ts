import {child, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {columnOf, relationOf, schemaNamed} from './lookup.ts'
import {objectNamed} from './named-objects.ts'
import {kindsByType} from './object-types.ts'
import {defaultsFor, Unclear} from './items.ts'
import type {Item, ItemKind} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

/** The privileges of GRANT ALL. */
const allPrivileges: Partial<Readonly<Record<ItemKind, readonly string[]>>> = {
  table: ['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger', 'maintain'],
  column: ['select', 'insert', 'update', 'references'],
  sequence: ['usage', 'select', 'update'],
  schema: ['usage', 'create'],
  function: ['execute'],
  type: ['usage'],
}

const allOf = (kind: ItemKind): readonly string[] => allPrivileges[kind === 'view' ? 'table' : kind] ?? ['all']

/** Applies GRANT and REVOKE: each privilege of each role is a part of the object or column. */
export function grant(model: SchemaModel, node: Tree): void {
  const targets = targetsOf(model, node)
  if (targets.length === 0 && node['targtype'] === 'ACL_TARGET_DEFAULTS') throw new Unclear('default privileges')
  for (const target of targets)
    for (const {name, columns} of privilegesIn(node)) {
      if (columns.length === 0) {
        const names = name === undefined ? allOf(target.kind) : [name]
        model.set(target, settingsOf(node, names))
        if (node['is_grant'] !== true) revokeFromColumns(model, target, node, names)
      }
      for (const column of columns) {
        const item = columnOf(model, target, column)
        model.set(item, settingsOf(node, name === undefined ? allOf('column') : [name]))
      }
    }
}

/** Applies ALTER DEFAULT PRIVILEGES: new objects of a schema have its default privileges. */
export function alterDefaultPrivileges(model: SchemaModel, node: Tree): void {
  const schemas = items(node, 'options')
    .map((item) => child(item, 'DefElem'))
    .filter(({defname}) => defname === 'schemas')
    .flatMap(({arg}) => nameParts(arg))
  const action = child(node, 'action')
  const type = textIn(action, 'objtype')
  if (type === 'OBJECT_SCHEMA') throw new Unclear('default privileges of schemas', {isAnywhere: true})
  const kind = kindsByType[type] ?? 'function'
  const names = privilegesIn(action).flatMap(({name}) => (name === undefined ? allOf(kind) : [name]))
  const settings = Object.entries(settingsOf(action, names)).map(([key, value]) => [defaultsFor(kind) + key, value])
  const named = schemas.map((name) => schemaNamed(model, name))
  for (const owner of named.length > 0 ? named : model.items.filter((item) => item.kind === 'schema'))
    model.set(owner, Object.fromEntries(settings) as Item['properties'])
}

interface Privilege {
  /** Undefined for all. */
  readonly name: string | undefined
  readonly columns: readonly string[]
}

function privilegesIn(node: Tree): readonly Privilege[] {
  const written = items(node, 'privileges').map((item) => child(item, 'AccessPriv'))
  if (written.length === 0) return [{name: undefined, columns: []}]
  return written.map((one) => ({
    name: textIn(one, 'priv_name') || undefined,
    columns: items(one, 'cols').flatMap(nameParts),
  }))
}

/** A grant without an option does not remove one; only a revoked option leaves the privilege. */
function settingsOf(node: Tree, names: readonly string[]): Readonly<Record<string, string>> {
  const [isGrant, isOption] = [node['is_grant'] === true, node['grant_option'] === true]
  const state = isGrant ? 'granted' : 'revoked'
  const grantees = items(node, 'grantees').map((item) => child(item, 'RoleSpec'))
  const settings = grantees.flatMap((role) =>
    names.flatMap((name) => {
      const held = `${name} ${textIn(role, 'rolename') || textIn(role, 'roletype')}`
      return [
        ...(isGrant || !isOption ? [[`privilege ${held}`, state] as const] : []),
        ...(!isGrant || isOption ? [[`grant option ${held}`, state] as const] : []),
      ]
    }),
  )
  return Object.fromEntries(settings)
}

/** Revokes of the columns of a table the privileges that are revoked of the table. */
function revokeFromColumns(model: SchemaModel, table: Item, node: Tree, names: readonly string[]): void {
  const settings = Object.entries(settingsOf(node, names))
  for (const column of model.within(table, 'column')) {
    const held = settings.filter(([key]) => column.properties[key] !== undefined)
    if (held.length > 0) model.set(column, Object.fromEntries(held))
  }
}

function targetsOf(model: SchemaModel, node: Tree): readonly Item[] {
  const type = textIn(node, 'objtype')
  return items(node, 'objects').flatMap((name): readonly Item[] => {
    if (node['targtype'] === 'ACL_TARGET_ALL_IN_SCHEMA') {
      const kind = kindsByType[type] ?? 'function'
      const owner = schemaNamed(model, nameParts(name)[0] ?? '')
      // What another revision creates in the schema depends on the order.
      model.touch(owner, true)
      const found = model.within(owner, kind)
      return kind === 'table' ? [...found, ...model.within(owner, 'view')] : found
    }
    const range = child(name, 'RangeVar')
    if (textIn(range, 'relname') !== '')
      return [relationOf(model, range, type === 'OBJECT_SEQUENCE' ? 'sequence' : 'table')]
    return [objectNamed(model, type, name)]
  })
}
