import {child, items, nameParts, textIn} from '../effects/tree.ts'
import type {Tree} from '../effects/tree.ts'
import {relationOf, schemaFor} from './lookup.ts'
import {aside, noteReads} from './row-knowledge.ts'
import {allRows, anyRows} from './row-sets.ts'
import {Refusal, Unclear} from './items.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'
import {queryReferences} from './references.ts'
import {textOfTree} from './text.ts'
import {needs} from './types.ts'
import {useViews} from './view-chains.ts'

export const viewStatements: Readonly<Record<string, (model: SchemaModel, node: Tree) => void>> = {
  ViewStmt: createView,
  RefreshMatViewStmt: (model, node) => {
    const view = relationOf(model, child(node, 'relation'), 'view')
    const isEmptied = node['skipData'] === true
    if (!isEmptied) noteReads(model, {read: new Set(view.references.map(({to}) => to))})
    model.noteRows({table: view.id, change: 'inserts', columns: [], rows: anyRows})
    const values = {[`${aside}data`]: String(isEmptied)}
    model.noteRows({table: view.id, change: 'updates', columns: Object.keys(values), rows: allRows, values})
  },
}

function createView(model: SchemaModel, node: Tree): void {
  const range = child(node, 'view')
  const owner = schemaFor(model, textIn(range, 'schemaname'))
  const name = textIn(range, 'relname')
  if (model.rules.isLoose) {
    createLooseView(model, owner, name, node)
    return
  }
  const {references, columns} = queryReferences(model, node['query'])
  if (!model.rules.isTyped) useViews(model, references)
  const aliases = items(node, 'aliases').flatMap(nameParts)
  const names = aliases.length > 0 ? [...aliases, ...(columns ?? []).slice(aliases.length)] : columns
  const properties = {
    query: textOfTree(node['query']),
    columns: textOfTree(names),
    ...(node['options'] !== undefined && {options: textOfTree(node['options'])}),
    ...(node['withCheckOption'] !== undefined && {check: textOfTree(node['withCheckOption'])}),
  }
  const existing = node['replace'] === true ? model.find('view', owner.id, name) : undefined
  const part = {properties, references: needs(references), isOpen: names === undefined}
  if (existing !== undefined && model.rules.isTyped) refuseLostColumns(existing.properties['columns'], names, name)
  const view =
    existing === undefined
      ? model.create({kind: 'view', name, parent: owner.id, ...part})
      : model.replace(existing, {...part, isOpen: existing.isOpen || part.isOpen})
  for (const column of new Set(names))
    if (model.find('column', view.id, column) === undefined)
      model.create({kind: 'column', name: column, parent: view.id, properties: {}})
}

/** Creates a view of SQLite, which may select from what does not exist. */
function createLooseView(model: SchemaModel, owner: Item, name: string, node: Tree): void {
  let used: ReadonlySet<string> | undefined
  try {
    used = queryReferences(model, node['query']).references
    useViews(model, used)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
  const properties = {query: textOfTree(node['query']), aliases: textOfTree(node['aliases'])}
  model.create({kind: 'view', name, parent: owner.id, properties, references: needs(used ?? []), isOpen: true})
  // Until it exists, other statements fail that read the whole schema.
  if (used === undefined) throw new Unclear(`whether what view ${name} selects exists`, {isAnywhere: true})
}

/** A view that is replaced keeps its columns, and may have more of them at the end. */
function refuseLostColumns(former: string | undefined, names: readonly string[] | undefined, view: string): void {
  if (former === undefined || names === undefined) return
  const lost = (JSON.parse(former) as readonly string[]).find((column, i) => names[i] !== column)
  if (lost !== undefined) throw new Refusal(`the new definition of view ${view} lacks column ${lost}`)
}
