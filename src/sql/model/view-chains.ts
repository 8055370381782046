import {usersOf} from './lookup.ts'
import type {QueryReferences} from './references.ts'
import {refuseFor} from './refusals.ts'
import {aside, noteReads} from './row-knowledge.ts'
import {Unclear} from './items.ts'
import type {Item, ItemId} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

/** Marks a view that selects what has another name now. */
const broken = `${aside}broken`

/**
 * Notes what is used through views by a new one.
 *
 * @throws Refusal if a view among them is broken, in a database that checks it
 */
export function useViews(model: SchemaModel, used: Iterable<ItemId>): void {
  const seen = new Set<ItemId>()
  const open = [...used]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const view = model.get(id)
    if (view?.kind !== 'view' || seen.has(id)) continue
    seen.add(id)
    for (const {to} of view.references) {
      const item = model.get(to)
      if (item !== undefined) model.touch(item, false)
      else if (!model.rules.isLoose && !isThereAgain(model, to)) refuseFor(model, view, 'selects what is gone')
      open.push(to)
    }
    if (view.properties[broken] !== undefined) refuseFor(model, view, 'selects what has another name')
  }
}

/**
 * Notes the views of a table or column that gets another name: those of MySQL keep the former one.
 *
 * @throws Unclear if a view of SQLite selects from one that changes
 */
export function renameInViews(model: SchemaModel, item: Item): void {
  if (model.rules.isTyped) return
  for (const view of usersOf(model, item.id).filter(({kind}) => kind === 'view')) {
    if (!model.rules.isLoose) model.set(view, {[broken]: 'true'})
    else if (item.kind === 'column' && usersOf(model, view.id).some(({kind}) => kind === 'view'))
      throw new Unclear(`whether what selects from ${model.describe(view)} uses column ${item.name}`)
  }
}

/** Whether an object that is gone was created again. */
function isThereAgain(model: SchemaModel, id: ItemId): boolean {
  return currentOf(model, id) !== undefined
}

function currentOf(model: SchemaModel, id: ItemId): Item | undefined {
  const item = model.get(id)
  const former = item === undefined ? model.former({id}) : undefined
  if (former?.parent === undefined) return item
  const parent = currentOf(model, former.parent)
  return parent === undefined ? undefined : model.find(former.kind, parent.id, former.name)
}

/**
 * Notes the rows that a statement reads, as `noteReads`.
 *
 * @throws Refusal if it reads them through a view that is broken, in a database that lets views break
 */
export function readRows(
  model: SchemaModel,
  query: Pick<QueryReferences, 'read'> & Partial<QueryReferences>,
  except?: Item,
): void {
  noteReads(model, query, except)
  if (!model.rules.isTyped) useViews(model, query.read)
}
