import {usersOf} from './lookup.ts'
import {refuseFor} from './refusals.ts'
import {aside} from './row-knowledge.ts'
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
      else if (!model.rules.isLoose) refuseFor(model, view, 'selects what is gone')
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
