import {without} from '../../util/objects.ts'
import {child, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {columnOf, relationOf} from './lookup.ts'
import {touchTables} from './broken-objects.ts'
import {triggerFunction} from './routines.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {expressionReferences, queryReferences} from './references.ts'
import {textOfTree} from './text.ts'
import {needs} from './types.ts'

/** Triggers, policies and rules, which are attached to a table or view. */
export const attachedStatements: Readonly<Record<string, (model: SchemaModel, node: Tree) => void>> = {
  CreateTrigStmt: (model, node) => {
    const table = relationOf(model, child(node, 'relation'))
    const columns = items(node, 'columns').flatMap(nameParts)
    const found = expressionReferences(model, node['whenClause'], table)
    const used = [
      triggerFunction(model, nameParts(node['funcname'])),
      ...columns.map((name) => columnOf(model, table, name)),
    ]
    const definition = without(node, 'trigname', 'relation', 'funcname', 'replace')
    const part = {
      properties: {definition: textOfTree(definition)},
      references: needs([...used.map(({id}) => id), ...found]),
    }
    createPart(model, 'trigger', table, textIn(node, 'trigname'), part, node['replace'] === true)
    const trigger = node['isOwner'] === true ? model.find('trigger', table.id, textIn(node, 'trigname')) : undefined
    const code = used[0]
    if (trigger === undefined || code === undefined) return
    model.change(code, {references: [{to: trigger.id, how: 'belongs'}]})
    touchTables(model, code)
  },
  CreatePolicyStmt: (model, node) => {
    const table = relationOf(model, child(node, 'table'))
    const found = expressionReferences(model, [node['qual'], node['with_check']], table)
    const definition = without(node, 'policy_name', 'table')
    const properties = Object.fromEntries(Object.entries(definition).map(([key, value]) => [key, textOfTree(value)]))
    createPart(model, 'policy', table, textIn(node, 'policy_name'), {properties, references: needs(found)}, false)
  },
  AlterPolicyStmt: (model, node) => {
    const table = relationOf(model, child(node, 'table'))
    const policy = model.require('policy', table.id, textIn(node, 'policy_name'))
    const found = expressionReferences(model, [node['qual'], node['with_check']], table)
    const definition = without(node, 'policy_name', 'table')
    const changes = Object.fromEntries(Object.entries(definition).map(([key, value]) => [key, textOfTree(value)]))
    model.change(model.set(policy, changes), {references: [...policy.references, ...needs(found)]})
  },
  RuleStmt: (model, node) => {
    const table = relationOf(model, child(node, 'relation'))
    const found = new Set(expressionReferences(model, node['whereClause'], table))
    for (const action of items(node, 'actions'))
      for (const id of queryReferences(model, action, true).references) if (id !== table.id) found.add(id)
    const definition = without(node, 'rulename', 'relation', 'replace')
    const part = {properties: {definition: textOfTree(definition)}, references: needs(found)}
    createPart(model, 'object', table, textIn(node, 'rulename'), part, node['replace'] === true)
  },
}

function createPart(
  model: SchemaModel,
  kind: 'trigger' | 'policy' | 'object',
  table: Item,
  name: string,
  part: Pick<Item, 'properties' | 'references'>,
  replaces: boolean,
): void {
  const existing = replaces ? model.find(kind, table.id, name) : undefined
  if (existing === undefined) model.create({kind, name, parent: table.id, ...part})
  else model.replace(existing, part)
}
