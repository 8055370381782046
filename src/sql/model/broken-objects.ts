import {Unclear} from './items.ts'
import {refuseFor} from './refusals.ts'
import {wordsIn} from './row-code.ts'
import type {Item} from './items.ts'
import type {SchemaModel} from './schema-model.ts'

/**
 * Refuses a change of SQLite that reads the whole schema again: one that renames something, or drops a column.
 *
 * @throws Refusal if a view or a trigger uses a table that is gone
 */
export function refuseBroken(model: SchemaModel): void {
  if (!model.rules.isLoose) return
  for (const item of model.items) {
    if (item.kind === 'view') refuseBrokenView(model, item)
    if (item.kind === 'function') refuseBrokenCode(model, item)
  }
}

function refuseBrokenView(model: SchemaModel, view: Item): void {
  model.touch(view, false)
  for (const {to} of view.references) {
    const used = model.get(to)
    if (used === undefined) refuseFor(model, view, 'uses what is gone')
    model.touch(used, false)
  }
}

function refuseBrokenCode(model: SchemaModel, code: Item): void {
  for (const word of wordsIn(code)) {
    const table = model.find('table', code.parent, word)
    if (table !== undefined) model.touch(table, false)
    else if (model.isGone('table', code.parent, word)) refuseFor(model, code, `uses table ${word}, which is gone`)
  }
}

/** Notes the tables that the code of a trigger of SQLite names, which keeps their names up to date. */
export function touchTables(model: SchemaModel, code: Item): void {
  if (!model.rules.isLoose) return
  const words = wordsIn(code)
  for (const item of model.items) if (item.kind === 'table' && words.has(item.name)) model.touch(item, false)
}

/** Renames a table in the code of triggers, as SQLite does. */
export function renameInCode(model: SchemaModel, from: string, to: string): void {
  const escaped = JSON.stringify(to).slice(1, -1)
  for (const item of model.items) {
    const code = item.kind === 'function' ? item.properties['option as'] : undefined
    const changed = code?.replaceAll(/[\p{L}_][\p{L}\p{N}_$]*/gu, (word) => (word === from ? escaped : word))
    if (changed !== undefined && changed !== code) model.set(item, {'option as': changed})
  }
}

/** @throws Unclear if the code of a trigger of SQLite may use a column that is renamed or dropped */
export function checkCode(model: SchemaModel, table: Item, column: string): void {
  if (!model.rules.isLoose) return
  for (const code of model.items) {
    if (code.kind !== 'function') continue
    const words = wordsIn(code)
    const isOwn = code.references.some(({to}) => model.get(to)?.parent === table.id)
    if (words.has(column) && (isOwn || words.has(table.name)))
      throw new Unclear(`whether ${model.describe(code)} uses column ${table.name}.${column}`)
  }
}
