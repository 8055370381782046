import {usersOf} from './lookup.ts'
import type {Item, ItemId} from './items.ts'
import {refuseFor} from './refusals.ts'
import type {SchemaModel} from './schema-model.ts'

/**
 * Refuses a change of a type or of the rows of a table, while a column of a table stores such values: alone, or within arrays,
 * composite types, domains and ranges.
 *
 * @param isWithin whether a column may have such a value as a whole, as one of a domain
 * @throws Refusal
 */
export function refuseStored(
  model: SchemaModel,
  type: Item,
  {isWithin = false}: {readonly isWithin?: boolean} = {},
): void {
  const seen = new Set<ItemId>()
  const open = [{item: type, isWhole: isWithin}]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const {item, isWhole} = next
    if (seen.has(item.id)) continue
    seen.add(item.id)
    for (const user of usersOf(model, item.id)) {
      const isUse = user.references.some(({to, how}) => to === item.id && how === 'needs')
      const owner = user.kind === 'column' ? model.get(user.parent ?? '') : undefined
      if (!isUse) continue
      const isArray = user.properties['type']?.endsWith('[]') === true
      if (user.kind === 'type')
        open.push({item: user, isWhole: isWhole && user.properties['type'] !== undefined && !isArray})
      else if (owner?.kind === 'type') open.push({item: owner, isWhole: false})
      else if (owner?.kind === 'table' && (isArray || !isWhole)) refuseFor(model, user, `uses ${model.describe(type)}`)
    }
  }
}
